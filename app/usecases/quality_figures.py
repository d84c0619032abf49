"""The arithmetic of the evaluation: shares with intervals, and whether a score means what it says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from app.domain.errors import InputError

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution, for a two-sided 95 % interval."""

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 1.0)
"""Where the bins of the reliability table begin and the last one ends: narrow where most scores lie."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with its 95 % interval."""

    hits: int
    rows: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of no rows."""
        return self.hits / self.rows if self.rows else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.hits, self.rows)


def wilson(hits: int, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, honest near 0 and 1 and for few rows.

    Args:
        hits: how many, 0 <= hits <= rows.
        rows: of how many; 0 gives (0, 1), because nothing is known.

    Returns:
        Lower and upper bound, both within 0 to 1, with the observed share between them.

    Raises:
        InputError: more hits than rows, or less than none.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
    """
    if not 0 <= hits <= rows:
        raise InputError(f"{hits} of {rows} is not a share")
    if rows == 0:
        return (0.0, 1.0)
    share = hits / rows
    weight = Z_95 * Z_95 / rows
    centre = (share + weight / 2) / (1 + weight)
    half = Z_95 * sqrt(share * (1 - share) / rows + weight / (4 * rows)) / (1 + weight)
    return (min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The scored rows from `low` (inclusive) up to `high`, where the next bin begins, and how many were right."""

    low: float
    high: float
    rows: int
    right: int
    mean_score: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether a score of 0.9 is right nine times in ten, and a higher score likelier right."""

    rows: int
    bins: tuple[ReliabilityBin, ...]
    expected_error: float
    """Mean distance of score and share right, each bin weighted by its rows (expected calibration error)."""
    ranking: float | None
    """Chance that a right answer outscores a wrong one, ties counted half; None without both kinds."""
    distinct: int
    tied: float
    """Share of scored rows whose score, to three decimals as written out, another row also has."""
    tied_in_full: float
    """The same of scores to six decimals, as JSON has them."""
    pairs_tied: float
    """Of all pairs of different texts, the share that has the same score to six decimals."""
    largest_tie: float
    """Share of scored rows that have the commonest score of three decimals."""


def calibrate(scores: Sequence[float], right: Sequence[bool], texts: Sequence[str]) -> Calibration:
    """Measure the scores against the truth.

    Args:
        scores: 0 to 1, one for each scored row.
        right: whether that row's answer was right; same length.
        texts: what was screened; same length.

    Returns:
        The reliability by bin (empty bins left out), its expected error, the ranking and the ties.

    Raises:
        InputError: they differ in length.
    """
    if not len(scores) == len(right) == len(texts):
        raise InputError(f"{len(scores)} scores for {len(right)} answers to {len(texts)} texts")
    bins: list[ReliabilityBin] = []
    for low, high in pairwise(EDGES):
        chosen = [i for i, score in enumerate(scores) if low <= score < high or score == high == EDGES[-1]]
        if chosen:
            mean = sum(scores[i] for i in chosen) / len(chosen)
            bins.append(ReliabilityBin(low, high, len(chosen), sum(right[i] for i in chosen), mean))
    total = len(scores)
    written = Counter(f"{score:.3f}" for score in scores)
    in_full = Counter(f"{score:.6f}" for score in scores)
    return Calibration(
        rows=total,
        bins=tuple(bins),
        expected_error=sum(abs(b.mean_score - b.right / b.rows) * b.rows for b in bins) / total if total else 0.0,
        ranking=_ranking(scores, right),
        distinct=len(written),
        tied=_share_tied(written),
        tied_in_full=_share_tied(in_full),
        pairs_tied=_share_of_pairs(scores, texts),
        largest_tie=max(written.values()) / total if total else 0.0,
    )


def _share_tied(scores: Counter[str]) -> float:
    return sum(n for n in scores.values() if n > 1) / max(1, scores.total())


def _share_of_pairs(scores: Sequence[float], texts: Sequence[str]) -> float:
    """Return the share of pairs of different texts, however often each comes, that have the same score."""
    different = set(zip(texts, (f"{score:.6f}" for score in scores), strict=True))
    by_score = Counter(score for _, score in different)
    return sum(map(_pairs, by_score.values())) / max(1, _pairs(len(different)))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _ranking(scores: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the area under the ROC curve by the rank sum, equal scores sharing their mean rank."""
    rights = sum(right)
    wrongs = len(right) - rights
    if not rights or not wrongs:
        return None
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    rank_sum = 0.0
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        mean_rank = (start + 1 + end) / 2
        rank_sum += mean_rank * sum(right[order[i]] for i in range(start, end))
        start = end
    return (rank_sum - rights * (rights + 1) / 2) / (rights * wrongs)
