"""What a score means: of the answers with about this score, so many were right on the labelled sets.

A clue's own score orders the clues of its channel and decides whether a person must look; what is shown is the share of
right answers that was measured at it, so that 0.97 means the same for every channel.
"""

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from math import log2

from app.domain.words import Channel

_FREQUENCY = {
    "e": 12.7, "t": 9.1, "a": 8.2, "o": 7.5, "i": 7.0, "n": 6.7, "s": 6.3, "h": 6.1, "r": 6.0, "d": 4.3, "l": 4.0,
    "c": 2.8, "u": 2.8, "m": 2.4, "w": 2.4, "f": 2.2, "g": 2.0, "y": 2.0, "p": 1.9, "b": 1.5, "v": 1.0, "k": 0.8,
    "j": 0.15, "x": 0.15, "q": 0.10, "z": 0.07,
}  # fmt: skip
"""Letters of English text, per cent. Source: H. Beker and F. Piper, Cipher Systems (1982), table of frequencies."""
_BITS = {letter: -log2(share / 100) for letter, share in _FREQUENCY.items()} | dict.fromkeys("0123456789", log2(10))
_BITS_OF_A_LETTER = 4.19
"""The mean over that table."""
_OTHER_SCRIPT = 4.0
"""A character of another script says as much as so many letters."""

_Knots = tuple[tuple[float, float], ...]
SHARES: dict[Channel, _Knots] = {
    Channel.NAME: (
        (0.40, 0.850), (0.85, 0.940), (0.935, 0.965), (0.95, 0.977), (0.962, 0.986), (0.975, 0.9910), (0.985, 0.9945),
        (0.992, 0.997), (1.0, 0.9995),
    ),
    Channel.NAME_FUZZY: (
        (0.40, 0.870), (0.60, 0.940), (0.70, 0.960), (0.78, 0.976), (0.84, 0.986), (0.90, 0.9905), (0.94, 0.9935),
        (0.97, 0.9965), (1.0, 0.999),
    ),
    Channel.NAME_STRUCTURE: ((0.40, 0.850), (0.90, 0.940), (0.97, 0.980), (1.0, 0.995)),
    Channel.FAMILY: ((0.40, 0.850), (0.90, 0.920), (0.955, 0.940), (0.9602, 0.955), (0.97, 0.975), (1.0, 0.985)),
    Channel.STRUCTURE: ((0.40, 0.900), (0.90, 0.960), (0.985, 0.990), (1.0, 0.9985)),
}  # fmt: skip
"""Scores of clues with the share right, by channel. Source: the steps that tools/fit_score.py prints for the sets of
`make eval` (2,200 names, 370 structures), joined by straight lines that keep rising. Some labels of the sets are wrong,
mostly of long systematic names: the lines rise on where the steps are level, and beyond the steps, by judgement."""


_UNTOLD = 8.0
"""How much likelier wrong an answer is where other words tell nearly all: with a third told, one in eight was wrong;
from six tenths on, none of a hundred."""


_OF_THE_TEXT = frozenset({Channel.NAME, Channel.NAME_FUZZY, Channel.NAME_STRUCTURE, Channel.FAMILY})
"""Channels that read the same words."""


@lru_cache(maxsize=65_536)
def letters_worth(key: str) -> float:
    """Return how many letters of common text a key says as much as: rare letters are less likely met by chance."""
    return sum(_BITS.get(letter, _OTHER_SCRIPT * _BITS_OF_A_LETTER) for letter in key) / _BITS_OF_A_LETTER


def calibrated(channel: Channel, score: float, told: float = 1.0) -> float:
    """Return the share of answers that were right where the strongest clue had this score.

    Args:
        channel: the clue's channel.
        score: its own score, 0 to 1.
        told: the share of the text's telling letters that the name accounts for, 0 to 1.

    Returns:
        0 to 1, strictly rising with `score` and with `told`; the score itself for channels that were not measured.
    """
    knots = SHARES.get(channel)
    if knots is None:
        return score
    share = _share(knots, score)
    return share / (share + (1.0 - share) * (1.0 + _UNTOLD * (1.0 - told) ** 2))


def fused(clues: Iterable[tuple[Channel, float, float]]) -> float:
    """Return the share of right answers where several clues agree, below 1.

    Args:
        clues: (channel, score, share told) of each.

    Returns:
        Clues of different fields vouch for each other; of those that one text gives only the strongest counts, for what
        misleads one reading of it misleads the others.
    """
    strongest: dict[Channel, float] = {}
    for channel, score, told in clues:
        source = Channel.NAME if channel in _OF_THE_TEXT else channel
        strongest[source] = max(strongest.get(source, 0.0), calibrated(channel, score, told))
    return together(strongest.values())


def together(scores: Iterable[float]) -> float:
    """Return the confidence of independent clues together, below 1."""
    doubt = 1.0
    for score in scores:
        doubt *= 1.0 - score
    return min(1.0 - doubt, 0.9999 + 0.00009 * (1.0 - doubt))


def _share(knots: _Knots, score: float) -> float:
    at = min(max(bisect_right(knots, (score, 2.0)), 1), len(knots) - 1)
    (low, low_share), (high, high_share) = knots[at - 1], knots[at]
    return low_share + (high_share - low_share) * (score - low) / (high - low)
