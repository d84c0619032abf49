"""The arithmetic of the evaluation, against slow and plain reckonings."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.usecases.quality_figures import Calibration, Share, calibrate, wilson

SHARES = st.integers(0, 5_000).flatmap(lambda rows: st.tuples(st.integers(0, rows), st.just(rows)))
SCORED = st.lists(st.tuples(st.sampled_from([i / 1000 for i in range(0, 1001, 50)]), st.booleans()), max_size=60)


@given(SHARES)
def test_the_interval_holds_the_share_and_stays_between_none_and_all(share: tuple[int, int]):
    hits, rows = share
    low, high = wilson(hits, rows)
    assert 0 <= low <= Share(hits, rows).value <= high <= 1 or rows == 0


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"),
    # Worked by hand from the formula; the first is the textbook's case of none in ten.
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1000, 0.000177, 0.00564)],
)
def test_the_interval_is_wilsons(hits: int, rows: int, low: float, high: float):
    found = wilson(hits, rows)
    assert isclose(found[0], low, abs_tol=5e-5)
    assert isclose(found[1], high, abs_tol=5e-5)


def test_nothing_is_known_of_no_rows():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("hits", "rows"), [(2, 1), (-1, 5)])
def test_a_share_of_more_than_all_is_refused(hits: int, rows: int):
    with pytest.raises(InputError):
        wilson(hits, rows)


def _calibrated(scored: list[tuple[float, bool]]) -> Calibration:
    scores, right = [score for score, _ in scored], [is_right for _, is_right in scored]
    return calibrate(scores, right, [str(place) for place in range(len(scored))])


@given(SCORED)
def test_the_ranking_is_the_share_of_pairs_in_the_right_order(scored: list[tuple[float, bool]]):
    right = [score for score, is_right in scored if is_right]
    wrong = [score for score, is_right in scored if not is_right]
    pairs = [(1.0 if r > w else 0.5 if r == w else 0.0) for r in right for w in wrong]
    found = _calibrated(scored).ranking
    if pairs:
        assert found is not None
        assert isclose(found, sum(pairs) / len(pairs), abs_tol=1e-9)
    else:
        assert found is None


@given(SCORED)
def test_every_score_is_in_one_bin(scored: list[tuple[float, bool]]):
    calibration = _calibrated(scored)
    assert sum(b.rows for b in calibration.bins) == calibration.rows == len(scored)
    assert sum(b.right for b in calibration.bins) == sum(is_right for _, is_right in scored)
    assert all(b.low - 1e-9 <= b.mean_score <= b.high + 1e-9 for b in calibration.bins)


def test_scores_that_mean_what_they_say_have_no_error():
    calibration = calibrate([0.75] * 4, [True, True, True, False], list("abcd"))
    assert calibration.expected_error == 0
    assert (calibration.tied, calibration.largest_tie, calibration.distinct) == (1.0, 1.0, 1)


def test_scores_that_differ_beyond_what_is_written_are_tied():
    assert calibrate([0.9001, 0.9002], [True, True], ["a", "b"]).tied == 1.0
    assert calibrate([0.9001, 0.9002], [True, True], ["a", "b"]).tied_in_full == 0.0
    assert calibrate([0.900, 0.901], [True, True], ["a", "b"]).tied == 0.0


def test_pairs_of_the_same_text_are_no_ties():
    scores, right = [0.9, 0.9, 0.9, 0.8], [True] * 4
    assert calibrate(scores, right, ["a", "a", "a", "b"]).pairs_tied == 0.0
    assert calibrate(scores, right, ["a", "b", "c", "d"]).pairs_tied == 0.5


@pytest.mark.parametrize(("right", "texts"), [([], ["a"]), ([True], [])])
def test_scores_without_answers_or_texts_are_refused(right: list[bool], texts: list[str]):
    with pytest.raises(InputError):
        calibrate([0.5], right, texts)
