"""Judge kept records again after the law, the policy or the software changed, as far as the change can reach."""

from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pyarrow as pa

from app.domain.decisions import Decision, Decisions
from app.domain.errors import ReleaseNotHereError, UnknownNameError
from app.domain.records import RECORD_SCHEMA
from app.domain.words import ALARMS, Status, Verdict
from app.screening.scope import Scope
from app.screening.totals import Totals
from app.storage.amounts import Before, KeptAmount, amounts_of_run
from app.storage.decisions import KeptDecision, changed_positions, newest_of_records
from app.storage.engine import Database
from app.storage.records import (
    Judged,
    KeptBlock,
    blocks_not_judged_with,
    count_not_judged_with,
    note_unreached,
    read_content,
)
from app.storage.reviews import Review, read_reviews
from app.storage.runs import (
    Alarm,
    Replacement,
    RescreenedBlock,
    RunStart,
    begin_run,
    decision_id,
    finish_run,
    keep_rescreened,
)
from app.usecases.add_up import adding
from app.usecases.deadline import Deadline
from app.usecases.describe_decision import Document, describe_decision
from app.usecases.history import History, amounts_at
from app.usecases.keep_run import start_run
from app.usecases.kept_records import (
    MORE,
    OUTCOME,
    POSITION,
    SEEN,
    SHOWN_FINDINGS,
    VERDICT,
    finding_key,
    outcome_of,
    seen_in,
    unpack,
)
from app.usecases.releases import Shelf
from app.watchlist.difference import Reach, reach_of

BLOCKS_AT_ONCE = 500
"""Blocks that are looked up together."""

EVERYTHING = Reach(True, frozenset())

Progress = Callable[[int], None]
"""Told how many records were passed, screened or out of reach."""


@dataclass
class Rescreened:
    """What a rescreening came to."""

    run: RunStart
    passed: int = 0
    """Records that had been judged with something else and now stand as judged with this."""
    screened: int = 0
    """Those of them that the change could reach, and that were judged again."""
    changed: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    """Changed outcomes, by the verdict before and after; the verdict may be the same and its ground another."""
    kept_clear: int = 0
    """Changed outcomes whose cleared findings are all the same, so that the clearance still holds."""
    not_asked: int = 0
    """Records that were screened for instruments only that this release does not have."""
    left: int = 0
    """Records that are still to be rescreened: ask again."""
    verdicts: Counter[Verdict] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A record that came out otherwise."""

    position: int
    was: Verdict
    before: KeptDecision | None
    document: Document


class _Rescreening:
    """One rescreening while it goes on."""

    def __init__(self, shelf: Shelf, database: Database, done: Rescreened) -> None:
        self.screener = shelf.loaded
        self.database = database
        self.done = done
        self._releases = {kept.origin.digest: kept for kept in shelf.compiled()}
        self._shelf = shelf
        self._reaches: dict[Judged, Reach] = {}
        self._known = {instrument.id for instrument in shelf.loaded.index.watchlist.instruments}

    def reach(self, judged: Judged) -> Reach:
        """Return what can come out otherwise of records that were judged so; everything where that is not known."""
        if judged not in self._reaches:
            self._reaches[judged] = self._reach(judged)
        return self._reaches[judged]

    def _reach(self, judged: Judged) -> Reach:
        run = self.done.run
        kept = self._releases.get(judged.index_digest)
        if (judged.policy, judged.version) != (run.policy, run.version) or kept is None or not kept.usable:
            return EVERYTHING
        try:
            before = self._shelf.watchlist(judged.release)
        except (ReleaseNotHereError, UnknownNameError):
            return EVERYTHING
        return reach_of(before, self.screener.index.watchlist)

    def scope(self, block: KeptBlock) -> Scope | None:
        """Return what the block's run was asked; None where it asked only for instruments this release has not."""
        if block.instruments is None:
            return Scope(block.today, block.as_of)
        asked = tuple(each for each in block.instruments if each in self._known)
        return Scope(block.today, block.as_of, asked) if asked else None

    def judge(self, block: KeptBlock, scope: Scope) -> None:
        """Judge again what can be reached of a block, and keep what came out otherwise."""
        content = read_content(self.database, block.run_id, block.first_position)
        if content is None:  # erased since it was looked up
            return
        reach = self.reach(block.judged)
        later = changed_positions(self.database, block.run_id)
        records = _reached(unpack(content), reach, later)
        positions: list[int] = records.column(POSITION).to_pylist()
        alone = self.screener.screen(records.select(RECORD_SCHEMA.names), scope)
        decisions = self._added_up(block, positions, alone)
        documents = [describe_decision(decision) for decision in decisions]
        added = self._amounts(block, positions)
        adds = {position: amounts_at(position, decision) for position, decision in zip(positions, alone, strict=True)}
        outcomes = self._changed(block, records, documents, later.keys() | added.keys())
        reweighed = frozenset(position for position in positions if adds[position] != added.get(position, set()))
        seen = {slug for document in documents for slug in seen_in(document)}
        outcome = RescreenedBlock(
            [self._alarm(number, block, each) for number, each in enumerate(outcomes, self.done.changed.total())],
            tuple(sorted(seen.union(block.seen))),
            reweighed,
            [kept for position in sorted(reweighed) for kept in adds[position]],
        )
        if not keep_rescreened(self.database, self.done.run, datetime.now(UTC), block, outcome):
            return  # another rescreening was faster
        self.done.passed += block.records
        self.done.screened += records.num_rows
        self.done.verdicts.update(decision.verdict for decision in decisions)
        self.done.changed.update((each.was, Verdict(each.document["verdict"])) for each in outcomes)
        self.done.kept_clear += sum(alarm.review is not None for alarm in outcome.changed)

    def _added_up(self, block: KeptBlock, positions: list[int], alone: Decisions) -> list[Decision]:
        """Return decisions with the amounts of the records before them, as far as those have been rescreened.

        Blocks come in the order of their runs and records, and a change that reaches one record of a substance reaches
        them all: what came before stands as judged with the new release.
        """
        totals = Totals()
        began = block.began if block.history else None
        before = Before(block.run_id, block.first_position, began, self.done.run.id)
        History(self.database, before, block.input_sha256).recall(totals, (alone[place] for place in adding(alone)))
        return [totals.add(position + 1, decision) for position, decision in zip(positions, alone, strict=True)]

    def _amounts(self, block: KeptBlock, positions: list[int]) -> dict[int, set[KeptAmount]]:
        """Return what the records add to totals as they were judged last; without those that add nothing."""
        return amounts_of_run(self.database, block.run_id, positions[0], positions[-1]) if positions else {}

    def _changed(
        self, block: KeptBlock, records: pa.Table, documents: list[Document], doubtful_at: Set[int]
    ) -> list[_Outcome]:
        """Return the records that came out otherwise; some must be compared with the decision that was kept."""
        columns = (records.column(name).to_pylist() for name in (POSITION, VERDICT, OUTCOME))
        rows = list(zip(*columns, documents, strict=True))
        doubtful = [row for row in rows if row[0] in doubtful_at or row[2] != outcome_of(row[3])]
        newest = newest_of_records(self.database, block.run_id, [row[0] for row in doubtful])
        outcomes = []
        for position, verdict, outcome, document in doubtful:
            before = newest.get(position)
            # Its words may have been erased since its record was read; nothing of the block is kept then.
            stood = outcome if before is None or before.document is None else outcome_of(before.document)
            if outcome_of(document) != stood:
                was = Verdict(verdict) if before is None else before.verdict
                outcomes.append(_Outcome(position, was, before, document))
        return outcomes

    def _alarm(self, number: int, block: KeptBlock, outcome: _Outcome) -> Alarm:
        document, before = outcome.document, outcome.before
        return Alarm(
            position=number,
            record_id=document["record_id"],
            verdict=Verdict(document["verdict"]),
            score=document["score"],
            reason=document["reason"],
            substance_ids=tuple(finding["substance_id"] for finding in document["findings"]),
            document=document,
            replacement=Replacement(
                before.id if before else decision_id(block.run_id, outcome.position),
                _trigger(block.judged, self.done.run.judged),
                block.run_id,
                outcome.position,
            ),
            review=None if before is None else self._clearance(before, document),
        )

    def _clearance(self, before: KeptDecision, document: Document) -> Review | None:
        """Return the clearance that still holds: every finding that alarms now is one that was cleared, unchanged."""
        if before.status is not Status.CLEARED or Verdict(document["verdict"]) not in ALARMS or not before.document:
            return None
        cleared = [finding_key(finding) for finding in before.document["findings"]]
        alarming = [finding for finding in document["findings"] if finding["verdict"] in ALARMS]
        if not all(finding_key(finding) in cleared for finding in alarming):
            return None
        said = read_reviews(self.database, before.id)[-1]
        return replace(said, created_at=datetime.now(UTC), carried_from=before.id)


def rescreen(
    shelf: Shelf,
    database: Database,
    today: date,
    *,
    most: int | None = None,
    deadline: Deadline | None = None,
    progress: Progress | None = None,
) -> Rescreened:
    """Judge again every kept record that was judged with another release, policy or version than the loaded one.

    Each record is judged by what its run was asked: its own day, the day of law it was given, or the day its run was
    screened on; so that only what changed in the meantime makes a difference, and not the calendar. What comes out
    otherwise is kept as a new decision that names the one it replaces. Each block of records is one transaction: a
    rescreening that was broken off goes on where it was.

    Args:
        shelf: the loaded release and those before it.
        database: where records are kept.
        today: the day of the rescreening.
        most: stop after so many records were screened, at the end of their block; None goes on to the end.
        deadline: stop there, likewise.
        progress: told after each block.

    Returns:
        What it came to; the changed outcomes are the decisions of its run.

    Raises:
        StorageError: a block could not be kept; those before it are.
    """
    run = start_run(shelf.loaded, Scope(today), "rescreen", None)
    begin_run(database, run)
    work = _Rescreening(shelf, database, Rescreened(run))
    done = work.done
    after: tuple[str, int] | None = None

    def enough() -> bool:
        late = deadline is not None and done.screened > 0 and deadline.is_past
        return late or (most is not None and done.screened >= most)

    while not enough():
        blocks = blocks_not_judged_with(database, run.judged, BLOCKS_AT_ONCE, after)
        if not blocks:
            break
        after = (blocks[-1].run_id, blocks[-1].first_position)
        unreached = [block for block in blocks if not _may_reach(work.reach(block.judged), block.seen)]
        note_unreached(database, unreached, run.judged)
        done.passed += sum(block.records for block in unreached)
        for block in blocks:
            if block in unreached or enough():
                continue
            scope = work.scope(block)
            if scope is None:
                done.not_asked += block.records
            else:
                work.judge(block, scope)
            if progress is not None:
                progress(done.passed)
    done.left = count_not_judged_with(database, run.judged) - done.not_asked
    finish_run(database, run.id, datetime.now(UTC), done.verdicts)
    return done


def _may_reach(reach: Reach, seen: tuple[str, ...]) -> bool:
    return reach.everything or MORE in seen or not reach.substances.isdisjoint(seen)


def _reached(records: pa.Table, reach: Reach, later: dict[int, tuple[str, ...]]) -> pa.Table:
    """Return the records a change can reach, by what was seen in them when they came and since."""
    places = zip(records.column(POSITION).to_pylist(), records.column(SEEN).to_pylist(), strict=True)
    kept = []
    for position, seen in places:
        since = later.get(position, ())
        more = (MORE,) if len(since) >= SHOWN_FINDINGS else ()
        kept.append(_may_reach(reach, (*seen, *since, *more)))
    return records.filter(pa.array(kept, pa.bool_()))


def _trigger(before: Judged, now: Judged) -> str:
    changed = [name for name in ("release", "policy") if getattr(before, name) != getattr(now, name)]
    return ", ".join(changed) or "software"
