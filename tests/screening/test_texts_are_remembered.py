"""What was found of a text is remembered, within bounds, and changes no answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.screening.dictionary import Dictionary
from app.screening.policy import Policy
from app.screening.recent import LONGEST, Recent
from app.screening.structures import StructureIndex
from app.screening.texts import Texts
from app.watchlist.index import Index

GOODS = ("COTTON T-SHIRTS", "ACETONE 200L DRUMS", "ACETONE OXIME", "CHEMICALS", "POTASIUM PERMANGANATE", "67-64-1", "%")
TEXTS = st.sampled_from(["a", "b", "c", "d", "e", "f", "x" * LONGEST, "y" * (LONGEST + 1)])


@given(st.lists(st.lists(TEXTS, unique=True, max_size=4), max_size=12))
def test_what_is_remembered_is_right_and_bounded(batches: list[list[str]]) -> None:
    recent = Recent(most=3)
    learnt: dict[str, int] = {}
    for number, batch in enumerate(batches):
        found = recent.look_up(batch)
        assert all(each is None or each == learnt[text] for text, each in zip(batch, found, strict=True))
        new = {text: number for text, each in zip(batch, found, strict=True) if each is None}
        learnt |= new
        recent.learn(new.items())
        assert [text for text, each in zip(batch, recent.look_up(batch), strict=True) if each is None] == [
            text for text in batch if len(text) > LONGEST
        ]
        assert len(recent) <= 2 * (3 + 4)


def test_what_comes_often_is_not_forgotten_with_what_comes_once() -> None:
    recent = Recent(most=10)
    recent.learn([("often", 1)])
    for number in range(100):
        recent.learn([(f"once {number}", 0)])
        assert recent.look_up(["often"]) == [1]


@pytest.fixture(scope="module")
def texts(index: Index) -> Texts:
    return _texts(index)


def _texts(index: Index) -> Texts:
    policy = Policy()
    return Texts(Dictionary(index, policy), StructureIndex(index, policy), None)


@pytest.fixture(scope="module")
def alone(index: Index) -> dict[str, tuple[int, bool]]:
    """What is found of each text by somebody who reads nothing else."""
    return dict(zip(GOODS, _found(_texts(index), list(GOODS)), strict=True))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(GOODS), unique=True, max_size=len(GOODS)), max_size=6))
def test_the_same_is_found_however_often_a_text_comes(
    texts: Texts, alone: dict[str, tuple[int, bool]], batches: list[list[str]]
) -> None:
    for batch in batches:
        assert _found(texts, batch) == [alone[text] for text in batch]


def _found(texts: Texts, batch: list[str]) -> list[tuple[int, bool]]:
    says, vague = texts.look_through(batch)
    return list(zip(says.tolist(), vague.tolist(), strict=True))
