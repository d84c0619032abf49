"""What the lexicon keeps of words, learnt together and partly forgotten again, is what each word says by itself."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chemistry.fold import key_of_word, reading_order
from app.chemistry.keyhash import hash_of_key, powers
from app.chemistry.nomenclature import is_chemical_word
from app.chemistry.word_columns import split_column
from app.screening import lexicon as words_of
from app.screening.context import GENERIC, NEUTRAL
from app.screening.dictionary import Dictionary
from app.screening.lexicon import LANES, Lexicon, kinds_of
from app.screening.misspellings import Misspellings
from app.screening.policy import Policy
from app.screening.search import Search
from app.screening.sequences import arrange
from app.watchlist.index import Index

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.one_of(
    st.sampled_from(
        [
            "",
            "de",
            "acid",
            "acido",
            "anhydride",
            "acetic",
            "ketone",
            "drums",
            "other",
            "x",
            "7",
            "1090",
            "00",
            "²",
            "१२",
        ]
    ),
    st.text(alphabet="acehilmnoprty", min_size=1, max_size=12),
    st.text(alphabet="0123456789", min_size=1, max_size=9),
    st.text(alphabet="酮硫एसид١", min_size=1, max_size=4),
)


@pytest.fixture(scope="module")
def dictionary(index: Index) -> Dictionary:
    """All listed names."""
    return Dictionary(index, Policy())


@pytest.fixture(scope="module")
def lexicon(dictionary: Dictionary) -> Lexicon:
    """Words as they are met by all tests here, of which few are remembered."""
    return _lexicon(dictionary)


def _lexicon(dictionary: Dictionary) -> Lexicon:
    misspellings: Misspellings = dictionary.search()._misspellings
    return Lexicon(misspellings.near, misspellings.keep, lambda hashes: hashes % np.uint64(3) == 0, most_words=20)


@SLOW
@given(batches=st.lists(st.lists(WORDS, unique=True, max_size=25), min_size=1, max_size=4))
def test_a_word_has_its_properties_however_it_was_learnt(batches: list[list[str]], lexicon: Lexicon) -> None:
    for words in batches:
        lexicon.make_room()
        numbers = lexicon.numbers(pa.array(words, pa.large_string()))
        assert len(lexicon.keys) == len(lexicon.spelt) == len(set(lexicon.spelt))
        for word, number in zip(words, numbers.tolist(), strict=True):
            key = key_of_word(word)
            assert (lexicon.spelt[number], lexicon.keys[number]) == (word, key)
            of = lexicon.of
            assert (of.length[number], of.hash[number]) == (len(key), hash_of_key(key))
            assert of.letters[number].tolist() == [
                sum(ord(char) % LANES == lane for char in key) for lane in range(LANES)
            ]
            assert of.spelt[number].tolist() == [
                sum(ord(char) % LANES == lane for char in word) for lane in range(LANES)
            ]
            digits = [ord(char) for char in key if char.isdigit()]
            assert of.digits[number] == sum(int(powers(16)[1 + digit % 10]) * digit for digit in digits) % 2**64
            plain = ~int(words_of.HEAD | words_of.TAIL | words_of.SLIP | words_of.STRANGE | words_of.BEGINS)
            assert int(of.kinds[number]) & plain == kinds_of(word, key) == _claims(word, key)
            assert (of.kinds[number] & words_of.BEGINS != 0) == (hash_of_key(key) % 3 == 0)


def _claims(word: str, key: str) -> int:
    """Return what is true of a word, claim by claim."""
    number, idle = key.isdigit(), key in NEUTRAL
    said = not idle and not number and len(key) >= 5
    claims = (
        (words_of.EMPTY, not key),
        (words_of.IDLE, idle),
        (words_of.NUMBER, number),
        (words_of.SAID, said),
        (words_of.CHEMICAL, said and is_chemical_word(key)),
        (words_of.VAGUE, idle or number or (len(word) == 1 and word.isascii()) or word in GENERIC),
        (words_of.ACID, key in {"acid", "anidrid"}),
        (words_of.HALF_NAME, key.endswith(("id", "at", "it", "salt", "ether", "ceton"))),
        (words_of.LETTERS, key.isascii() and key.isalpha()),
        (words_of.ADJECTIVE, key.endswith("ic")),
    )
    return sum(int(kind) for kind, holds in claims if holds)


@SLOW
@given(
    lines=st.lists(
        st.lists(
            st.sampled_from(
                ["acid", "anhydride", "acetic", "acetico", "de", "of", "cloruro", "bencilo", "99", "sulfuric"]
            ),
            max_size=9,
        ),
        max_size=6,
    )
)
def test_words_are_put_in_the_order_in_which_names_are_read(lines: list[list[str]], lexicon: Lexicon) -> None:
    lexicon.make_room()
    sequences = arrange(split_column([" ".join(line) for line in lines]), lexicon)
    for place, line in enumerate(lines):
        keys = [key_of_word(word) for word in line]
        read = [lexicon.keys[word] for word in sequences.words[sequences.lines == place].tolist()]
        assert read == [keys[at] for at in reading_order(keys)]


def test_what_was_forgotten_is_found_again(dictionary: Dictionary) -> None:
    lines = [
        f"lot {number} of ephedrin{'e' * (number % 2)} no {number * 7} p{'a' * (number % 5)}racetamol"
        for number in range(90)
    ]
    search, forgetful = dictionary.search(), dictionary.search()
    _let_forget(forgetful)
    for start in range(0, 90, 10):
        one, other = search.search(lines[start : start + 10]), forgetful.search(lines[start : start + 10])
        assert one.hits == other.hits
        assert one.mentions == other.mentions
        assert np.array_equal(one.named, other.named)
    assert forgetful._lexicon.forgotten > 0


def _let_forget(search: Search) -> None:
    search._lexicon._most_words = 20
