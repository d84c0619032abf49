"""The search of whole columns leaves out only what says nothing when it is read word by word."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from app.screening.clues import TextRead
from app.screening.dictionary import Dictionary
from app.screening.neighbourhood import Neighbourhood
from app.screening.policy import Policy
from app.screening.structures import StructureIndex
from app.screening.texts import Texts
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
        telling = bool(read.clues or read.look_alikes or read.cas or read.ec or read.un or read.inchikeys)
        assert (speaks, generic) == (telling, read.generic), line


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
