"""What a benchmark answers, and how two ways are timed against each other."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured row of the table."""

    question: str
    must: float | None
    aim: float | None
    measured: float
    unit: str
    """Stands behind the figures: x, %, ms, GiB or s."""
    how: str
    """What was measured against what, with the absolute figures."""
    more_is_better: bool = False

    def holds(self, goal: float | None) -> bool | None:
        """Tell whether the figure reaches a goal; None where there is none."""
        if goal is None:
            return None
        return self.measured >= goal if self.more_is_better else self.measured <= goal


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes, in seconds of the wall clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def alternate(ways: Sequence[Callable[[], float]], repeats: int) -> list[float]:
    """Measure several ways in turn, so that what slows the machine slows all of them.

    Args:
        ways: each returns its own figure, seconds or a rate.
        repeats: how many rounds, at least 1.

    Returns:
        The median of each.
    """
    rounds = [[way() for way in ways] for _ in range(repeats)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]
