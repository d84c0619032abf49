"""A score is a share of right answers: it rises with the clue's own score, and rare letters say more."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.words import Channel
from app.screening.confidence import SHARES, calibrated, fused, letters_worth

SCORES = st.floats(0.4, 0.9999)


@given(channel=st.sampled_from(Channel), one=SCORES, other=SCORES)
def test_a_higher_score_of_a_clue_is_a_higher_share(channel: Channel, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= calibrated(channel, low) <= calibrated(channel, high) <= 1
    assert calibrated(channel, low) < calibrated(channel, high) or high - low < 1e-9


@pytest.mark.parametrize("channel", list(SHARES))
def test_the_measured_shares_rise_without_a_level_stretch(channel: Channel) -> None:
    knots = SHARES[channel]
    assert len(knots) >= 2
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(knots))


@given(key=st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", max_size=30))
def test_a_key_says_as_much_as_its_letters(key: str) -> None:
    assert letters_worth(key) == pytest.approx(sum(letters_worth(letter) for letter in key))


def test_rare_letters_and_other_scripts_say_more() -> None:
    assert letters_worth("tea") < letters_worth("zyx") < letters_worth("麻黄碱")


def test_readings_of_one_text_do_not_vouch_for_each_other_and_other_fields_do() -> None:
    name, twice = (Channel.NAME, 0.96, 1.0), (Channel.NAME_FUZZY, 0.90, 1.0)
    assert fused([name, twice, name]) == max(fused([name]), fused([twice]))
    assert fused([name, (Channel.HS, 0.6, 1.0)]) > fused([name])


def test_a_name_among_words_that_tell_more_is_likelier_wrong() -> None:
    shares = [calibrated(Channel.NAME, 0.96, told / 10) for told in range(1, 11)]
    assert shares == sorted(shares)
    assert 1 - shares[2] > 4 * (1 - shares[-1])
