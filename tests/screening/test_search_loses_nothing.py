"""The search of whole columns leaves out only what says nothing when it is read word by word."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from app.chemistry.fold import fold, key_of_word, split_words
from app.chemistry.respell import respellings
from app.screening.anchors import PARTED_EDITS, SHORTEST_ANCHOR, Anchors
from app.screening.clues import TextRead
from app.screening.dictionary import Dictionary
from app.screening.line_search import LineSearch
from app.screening.mending import Mending
from app.screening.neighbourhood import Neighbourhood
from app.screening.policy import Policy
from app.screening.search import Search
from app.screening.structures import StructureIndex
from app.screening.texts import CONSIDERED, NOTHING, SPEAKS, Texts
from app.screening.windows import Window
from app.watchlist.index import Index

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
BESIDE = (
    "drums",
    "99%",
    "CAS 67-64-1",
    "UN 1090",
    "EC 200-662-2",
    "ester",
    "free",
    "acid",
    "de",
    "(tech)",
    "polymer",
    "酮",
)
MARKS = "abcdeinoptylhm014-,() $"


WORDS = st.text(alphabet="abc", min_size=1, max_size=8)


@settings(deadline=None)
@given(listed=st.dictionaries(WORDS, st.integers(0, 2), max_size=12), words=st.lists(WORDS, max_size=20))
def test_no_word_within_its_edits_is_left_out(listed: dict[str, int], words: list[str]) -> None:
    may = Neighbourhood(listed.items()).may_hold(words, 2)
    for word, held in zip(words, may.tolist(), strict=True):
        near = any(OSA.distance(word, other) <= edits for other, edits in listed.items())
        assert held or not near


@settings(deadline=None)
@given(
    texts=st.lists(st.text(alphabet="bdglm", min_size=8, max_size=12), min_size=1, max_size=6),
    at=st.integers(0, 12),
    cut=st.integers(0, 2),
    put=st.text(alphabet="bdglm", max_size=2),
)
def test_no_pair_of_words_near_an_anchor_is_left_out(texts: list[str], at: int, cut: int, put: str) -> None:
    anchors = Anchors(
        [(key_of_word(text), split_words(text)) for text in texts], np.empty(0, dtype=np.uint64), Policy()
    )
    key = key_of_word(texts[0])
    for joined in (key[:at] + put + key[at + cut :], key[:at] + key[at : at + 2][::-1] + key[at + 2 :]):
        near = anchors.near(joined, PARTED_EDITS) if len(joined) >= SHORTEST_ANCHOR else ()
        assert LineSearch([], anchors, bool, Mending(anchors.near_words, bool)).near_pair(joined) == near


@pytest.fixture(scope="module")
def searches(index: Index) -> tuple[Search, LineSearch]:
    """The search of whole columns for all listed names, and that of single lines."""
    dictionary = Dictionary(index, Policy())
    return dictionary.search(), dictionary.line_search()


@pytest.fixture(scope="module")
def texts(index: Index) -> Texts:
    """The reader of descriptions, without one for systematic names."""
    policy = Policy()
    return Texts(Dictionary(index, policy), StructureIndex(index, policy), None)


@pytest.fixture(scope="module")
def names(index: Index) -> list[str]:
    """Names of every sort: listed ones and lawful ones."""
    listed: list[str] = index.names["text"].to_pylist()
    return [*listed, *index.chemicals["name"][::40].to_pylist()]


def _line(names: list[str], chance: Random) -> str:
    """Return a line of goods with a name in it, slips and all."""
    name = chance.choice(names)
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(max(1, len(name)))
        name = name[:at] + chance.choice(["", *MARKS]) + name[at + chance.randint(0, 1) :]
    words = [*chance.choices(BESIDE, k=chance.randint(0, 2)), name, *chance.choices(BESIDE, k=chance.randint(0, 2))]
    return chance.choice([" ", ", ", " - ", "; "]).join(words)


@SLOW
@given(seed=st.integers(0, 2**32))
def test_a_line_that_is_passed_over_says_nothing(seed: int, texts: Texts, names: list[str]) -> None:
    chance = Random(seed)
    lines = list({_line(names, chance) for _ in range(20)})
    says, vague = texts.look_through(lines)
    for line, speaks, generic in zip(lines, says.tolist(), vague.tolist(), strict=True):
        read = texts.read(line)
        telling = bool(read.clues or read.cas or read.ec or read.un or read.inchikeys)
        expected = SPEAKS if telling else CONSIDERED if read.look_alikes else NOTHING
        assert (speaks, generic) == (expected, read.generic), line


@SLOW
@given(seed=st.integers(0, 2**32), noise=st.lists(st.text(alphabet=MARKS + "éФ酮", max_size=50), max_size=5))
def test_a_line_searched_by_itself_is_searched_as_in_a_column(
    seed: int, noise: list[str], searches: tuple[Search, LineSearch], names: list[str]
) -> None:
    chance = Random(seed)
    lines = list(dict.fromkeys([*noise, *(_line(names, chance) for _ in range(15))]))
    together, alone = searches[0].search(lines), searches[1]
    for place, line in enumerate(lines):
        found = alone.search(line)
        assert found.mention == (None if found.hits else together.mentions.get(place)), line
        assert found.hits.keys() == {text for text in (line, *respellings(fold(line))) if text in together.hits}
        for text, hits in found.hits.items():
            assert sorted(hits.exact, key=_place) == sorted(together.hits[text].exact, key=_place), text
            assert hits.near == together.hits[text].near, text
            assert hits.mendable == together.hits[text].mendable, text


def _place(window: Window) -> tuple[int, int]:
    return window.first, window.last


@SLOW
@given(lines=st.lists(st.text(alphabet=MARKS + "éФ酮", max_size=50), unique=True, max_size=15))
def test_lines_say_the_same_together_and_alone(lines: list[str], texts: Texts) -> None:
    says, vague = texts.look_through(lines)
    for place, line in enumerate(lines):
        alone = texts.look_through([line])
        assert (says[place], vague[place]) == (alone[0][0], alone[1][0])
    assert np.array_equal(says, texts.look_through(lines[::-1])[0][::-1])


def test_threads_that_read_side_by_side_read_the_same(index: Index, names: list[str]) -> None:
    policy = Policy()
    chance = Random(7)
    batches = [list({_line(names, chance) for _ in range(60)}) for _ in range(12)]
    alone = Texts(Dictionary(index, policy), StructureIndex(index, policy), None)
    together = Texts(Dictionary(index, policy), StructureIndex(index, policy), None)
    expected = [[alone.read(line) for line in batch] for batch in batches]

    def read(batch: list[str]) -> list[TextRead]:
        together.look_through(batch)
        return [together.read(line) for line in batch]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(read, batches)) == expected


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(st.text("abcd", min_size=3, max_size=9), min_size=1, max_size=12, unique=True),
    held=st.lists(st.text("abcd", min_size=5, max_size=9), min_size=1, max_size=8, unique=True),
    edits=st.integers(0, 2),
)
def test_every_word_within_the_edits_is_among_those_looked_up(words: list[str], held: list[str], edits: int) -> None:
    places, found = Neighbourhood((word, edits) for word in held).may_be_near(words, edits)
    looked_up = set(zip(places.tolist(), found.tolist(), strict=True))
    near = {
        (place, number)
        for place, word in enumerate(words)
        for number, other in enumerate(held)
        if OSA.distance(word, other) <= edits
    }
    assert near <= looked_up
    assert len(looked_up) == len(places)
