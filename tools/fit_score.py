"""Print how many answers were right at each score of each channel: what `app.screening.confidence` is fitted from.

    python tools/fit_score.py EVAL_DIR

Needs a compiled watchlist (`precursor-watch watchlist compile`).
"""

import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

from app.domain.words import ALARMS, Channel
from app.screening import confidence
from app.screening.scope import Scope
from app.settings import Settings
from app.usecases.evaluate import Outcome
from app.usecases.open_screener import open_screener
from app.usecases.quality_sets import Expectation, read_quality_sets, records_of

_DAY = date(2026, 11, 1)
_ORDER = list(Channel)
_FEWEST = 30
"""Steps of fewer answers are joined to the one before."""


def main(development: Path) -> None:
    """Screen the labelled rows without calibration and print a table for each channel."""
    confidence.SHARES.clear()
    settings = Settings()
    screener = open_screener(settings.index, settings.watchlists)
    sets = read_quality_sets(development, settings.watchlists.parent / "quality")
    rows = [row for row in sets.rows if row.expectation is not Expectation.OPEN]
    seen: dict[Channel, list[tuple[float, bool]]] = defaultdict(list)
    for row, decision in zip(rows, screener.screen(records_of(rows), Scope(today=_DAY)), strict=True):
        if decision.verdict not in ALARMS:
            continue
        strongest = max((each for each in decision.findings if each.verdict in ALARMS), key=lambda each: each.score)
        channel = next(each for each in _ORDER if each.value in strongest.channels)
        seen[channel].append((strongest.score, Outcome(row, decision).found))
    for channel, answers in seen.items():
        print(channel.value)
        for low, high, count, right in _steps(sorted(answers)):
            print(f"  {low:.4f} to {high:.4f}  {count:5d} answers  {right:5d} right  {(right + 1) / (count + 2):.4f}")


def _steps(answers: list[tuple[float, bool]]) -> list[tuple[float, float, int, int]]:
    """Return the steps of a rising share: (lowest score, highest, answers, right ones), by pooling what falls."""
    steps: list[tuple[float, float, int, int]] = []
    for score, right in answers:
        steps.append((score, score, 1, int(right)))
        while len(steps) > 1 and _falls(steps[-2], steps[-1]):
            (low, _, count, rights), (_, high, more, other) = steps[-2:]
            steps[-2:] = [(low, high, count + more, rights + other)]
    return steps


def _falls(one: tuple[float, float, int, int], other: tuple[float, float, int, int]) -> bool:
    return one[1] == other[0] or one[2] < _FEWEST or one[3] / one[2] >= other[3] / other[2]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
