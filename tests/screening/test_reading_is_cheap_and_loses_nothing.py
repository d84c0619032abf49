"""What is looked up while a line is read is found as a plain loop finds it."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from app.chemistry.fold import split_words
from app.screening.dictionary import Dictionary
from app.screening.spellings import Spellings
from app.screening.windows import Window
from app.watchlist.index import Index

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.text(alphabet="abcdeé酮", max_size=7)


@given(words=st.lists(WORDS, max_size=12), asked=WORDS, most=st.integers(0, 2))
def test_the_words_near_another_are_those_that_measuring_each_finds(words: list[str], asked: str, most: int) -> None:
    measured = [(OSA.distance(asked, word), place) for place, word in enumerate(words)]
    assert Spellings(words).near(asked, most) == sorted(each for each in measured if each[0] <= most)


@pytest.fixture(scope="module")
def lawful(index: Index) -> list[str]:
    return index.chemicals["name"].to_pylist()[::37]


@settings(SLOW, max_examples=40)
@given(seed=st.integers(0, 2**32), noise=st.text(max_size=40), reach=st.integers(0, 4))
def test_lawful_names_around_and_inside_a_window_are_those_of_a_plain_double_loop(
    seed: int, noise: str, reach: int, names: Dictionary, lawful: list[str]
) -> None:
    chance = Random(seed)
    words = split_words(" ".join([chance.choice(lawful), noise, chance.choice(lawful), "drums"]))
    first = chance.randrange(len(words.keys))
    window = Window(first, chance.randint(first + 1, min(len(words.keys), first + 4)))
    every = [
        (chemical, Window(begin, end))
        for begin in range(len(words.keys))
        for end in range(begin + 1, len(words.keys) + 1)
        if (chemical := names.lawful([words.squashed[words.starts[begin] : words.ends[end - 1]]])[0]) is not None
    ]
    runs = names.lawful_runs(words)
    assert list(runs.inside(window)) == [each for each in every if window.holds(each[1]) and each[1] != window]
    assert list(runs.holding(window, reach)) == [
        each
        for each in every
        if each[1].holds(window) and window.first - each[1].first <= reach and each[1].last - window.last <= reach
    ]
