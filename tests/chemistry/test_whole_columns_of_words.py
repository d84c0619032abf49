"""Whole columns folded, split and hashed at once give what one text after the other gives."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chemistry.fold import ASCII_WORD, WORD, fold, key_of_word
from app.chemistry.key_columns import keys_of_words
from app.chemistry.keyhash import HashSet, hash_keys, hash_neighbours, hash_of_key
from app.chemistry.nomenclature import are_chemical_words, is_chemical_word
from app.chemistry.word_columns import split_column
from app.chemistry.word_table import LONGEST, WordTable, packed

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="abcde.,-() 123ÄéФя酮ケα\u0301\u00a0", max_size=60),
        st.text(alphabet="ab1 .-–é硫酸가क्ा١\u3000\u0301", min_size=60, max_size=90),
        st.sampled_from(
            [
                "",
                " ",
                "x.alpha.y",
                "é. beta .–",
                "α.+/-.β",
                "A. Beta .B",
                "МЕТИЛАМИН 40%",
                "2-Метил",
                "α-PVP",
                "ﷺ",
                "İzopropil",
            ]
        ),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=300)
@given(texts=TEXTS)
def test_a_column_is_split_as_its_texts_are_one_by_one(texts: list[str]) -> None:
    column = split_column(texts)
    assert column.folded.to_pylist() == [fold(text) for text in texts]
    found: list[list[tuple[str, int, int, int]]] = [[] for _ in texts]
    distinct = column.distinct.to_pylist()
    rows = (column.words, column.lines, column.starts, column.ends, column.behind)
    for word, line, start, end, behind in zip(*(row.tolist() for row in rows), strict=True):
        found[line].append((distinct[word], start, end, behind))
    for text, words in zip(texts, found, strict=True):
        folded = fold(text)
        pattern = ASCII_WORD if folded.isascii() else WORD
        assert words == [
            (match.group(), match.start(), match.end(), ord(folded[match.end()]) if match.end() < len(folded) else 0)
            for match in pattern.finditer(folded)
        ]


MORPHEMES = (
    *("clor", "brom", "iod", "sulf", "fosf", "nitr", "uro", "ur", "eto", "eti", "ph", "th", "ck", "qu", "an", "en"),
    *("in", "ol", "e", "o", "a", "io", "ll", "ss", "oe", "ae", "benc", "de", "acide", "thyl"),
)


@settings(deadline=None, max_examples=300)
@given(
    words=st.lists(
        st.one_of(
            st.lists(st.sampled_from(MORPHEMES), min_size=1, max_size=5).map("".join),
            st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=8),
            st.sampled_from(["", "de", "la", "12", "7", "acido", "硫", "एसिड", "ona", "h", "hhhh", "hhhhh"]),
        ),
        max_size=12,
    )
)
def test_words_have_the_same_keys_together_as_alone(words: list[str]) -> None:
    keys = keys_of_words(words)
    assert keys == [key_of_word(word) for word in words]
    assert are_chemical_words(keys).tolist() == [is_chemical_word(key) for key in keys]


@given(keys=st.lists(st.text(max_size=30), max_size=20))
def test_keys_are_hashed_together_as_they_are_alone(keys: list[str]) -> None:
    assert hash_keys(keys).tolist() == [hash_of_key(key) for key in keys]


@given(kept=st.lists(st.integers(0, 2**64 - 1), max_size=40), asked=st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_a_set_of_hashes_holds_what_was_put_in_and_nothing_else(kept: list[int], asked: list[int]) -> None:
    wanted = np.array(asked + kept, dtype=np.uint64)
    held = HashSet(np.array(kept, dtype=np.uint64)).contains(wanted)
    assert held.tolist() == [value in set(kept) for value in asked + kept]


@settings(deadline=None)
@given(
    batches=st.lists(st.lists(st.text(alphabet="ab1硫é\0", max_size=14), unique=True, max_size=20), max_size=6),
    bits=st.integers(1, 6),
)
def test_a_word_is_found_under_its_own_number_or_not_at_all(batches: list[list[str]], bits: int) -> None:
    table = WordTable(bits)
    known: dict[str, int] = {}
    for words in batches:
        parts = packed(pa.array(words, pa.large_string()))
        found = table.find(parts).tolist()
        assert all(number in {-1, known.get(word)} for word, number in zip(words, found, strict=True))
        numbers = [known.setdefault(word, len(known)) for word in words]
        table.put(parts, np.array(numbers, dtype=np.int64))
    for word, number in known.items():
        parts = packed(pa.array([word], pa.large_string()))
        table.put(parts, np.array([number]))
        assert table.find(parts).tolist() == [
            -1 if len(word.encode()) > LONGEST or word.startswith(8 * "\0") else number
        ]


@given(key=st.text(alphabet="abcxyz12é", max_size=12))
def test_the_neighbours_of_a_key_are_all_that_one_edit_makes_of_it(key: str) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    places = range(len(key))
    made = {key[:at] + key[at + 1 :] for at in places}
    made |= {key[:at] + letter + key[at + 1 :] for at in places for letter in letters}
    made |= {key[:at] + letter + key[at:] for at in range(len(key) + 1) for letter in letters}
    made |= {key[:at] + key[at + 1] + key[at] + key[at + 2 :] for at in places[:-1]}
    assert set(hash_neighbours(key).tolist()) == set(map(hash_of_key, made))
