"""Totals begun with what was screened before: a delivery split over several runs is found like one within a file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.decisions import Decision, Tally
from app.screening.totals import Earlier, Totals, key_of
from app.storage.amounts import Before, EarlierAmount, KeptAmount, amounts_before
from app.storage.engine import Database
from app.storage.runs import RunStart, decision_id


@dataclass(frozen=True, slots=True)
class History:
    """Where the amounts of earlier records are, and which records are earlier."""

    database: Database
    before: Before
    input_sha256: str | None
    """Of the run's body or file: a run of the same one is the same goods declared again, and is not added."""

    def recall(self, totals: Totals, decisions: Iterable[Decision]) -> None:
        """Begin the totals that some decisions add to with what earlier records add.

        Args:
            totals: of the run; changed. Those that were begun already stay as they are.
            decisions: before they are added.

        Raises:
            StorageError: the amounts could not be read.
        """
        new = {name_of(tally): tally for decision in decisions for tally in decision.tallies if totals.lacks(tally)}
        if not new:
            return
        found: dict[str, list[EarlierAmount]] = {name: [] for name in new}
        for each in amounts_before(self.database, list(new), self.before):
            found[each.kept.total].append(each)
        for name, tally in new.items():
            own = [each.kept for each in found[name] if each.run_id == self.before.run_id]
            others = [each for each in found[name] if each.run_id != self.before.run_id]
            rows = [(kept.position + 1, kept.amount) for kept in own]
            totals.begin(tally, _earlier(others, self.input_sha256), rows)


def history_of(database: Database, run: RunStart) -> History | None:
    """Return what a run's totals are begun with; None where it was not asked for."""
    return History(database, Before(run.id, 0, run.created_at, run.id), run.input_sha256) if run.history else None


def name_of(tally: Tally) -> str:
    """Return the name a total is kept under: 32 hexadecimal digits, from which the parties cannot be read."""
    return hashlib.blake2b("\x1f".join(key_of(tally)).encode(), digest_size=16).hexdigest()


def amounts_of(decisions: Sequence[Decision], places: Iterable[int], first_position: int) -> list[KeptAmount]:
    """Return what decisions add to totals, ready to be kept.

    Args:
        decisions: on consecutive records.
        places: of those that may add something.
        first_position: place of the first record in its request or file, from 0.
    """
    return [
        kept for place in places for kept in sorted(amounts_at(first_position + place, decisions[place]), key=_name)
    ]


def amounts_at(position: int, decision: Decision) -> set[KeptAmount]:
    """Return what one decision adds to totals."""
    return {KeptAmount(position, name_of(tally), tally.counted.amount) for tally in decision.tallies}


def _name(kept: KeptAmount) -> str:
    return kept.total


def _earlier(amounts: Sequence[EarlierAmount], own_input: str | None) -> Earlier:
    """Add up amounts of other runs, each body or file once: the run that had it first."""
    first: dict[str, str] = {}
    earlier = Earlier()
    for each in amounts:
        sha256 = each.input_sha256
        if sha256 is not None and (sha256 == own_input or first.setdefault(sha256, each.run_id) != each.run_id):
            continue
        if each.kept.amount is None:
            earlier = replace(earlier, unknown=earlier.unknown + 1)
        else:
            name = decision_id(each.run_id, each.kept.position)
            earlier = Earlier(earlier.amount + each.kept.amount, (*earlier.records, name), earlier.unknown)
    return earlier
