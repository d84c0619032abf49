"""A rescreening as tables for a reader: how many outcomes changed, and which."""

from app.storage.decisions import KeptDecision
from app.usecases.rescreen import Rescreened
from app.usecases.sheets import Sheet


def rescreening_sheets(done: Rescreened, changed: tuple[KeptDecision, ...]) -> list[Sheet]:
    """Return what a rescreening came to.

    Args:
        done: its counts.
        changed: the first of its decisions.
    """
    outcomes = tuple((was.value, now.value, f"{count:,}") for (was, now), count in sorted(done.changed.items()))
    listed = tuple((each.id, each.record_id or "", _before(each), each.reason) for each in changed)
    notes = [
        f"release {done.run.release[:12]}, policy {done.run.policy}: {done.passed:,} records stood under another one, "
        f"{done.screened:,} of them could be reached by what changed, {done.changed.total():,} came out otherwise"
    ]
    if done.kept_clear:
        notes.append(f"{done.kept_clear:,} stay cleared: their findings are those that were cleared")
    if done.not_asked:
        notes.append(f"{done.not_asked:,} were asked only for instruments that this release does not have")
    if done.changed.total() > len(changed):
        notes.append(f"the first {len(changed)} are shown; all: GET /v1/decisions?run_id={done.run.id}")
    return [
        Sheet("Changed decisions", ("decision", "record", "instead of", "reason"), listed),
        Sheet("Outcomes", ("was", "is", "records"), outcomes, frozenset({"records"}), "\n".join(notes)),
    ]


def _before(kept: KeptDecision) -> str:
    """Return the decision that was replaced, or where the record stood without one."""
    return kept.replaces or f"no alarm: record {kept.origin_position + 1:,} of run {kept.origin_run_id}"
