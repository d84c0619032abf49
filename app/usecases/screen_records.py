"""Screen a batch of records that is answered whole; the run is kept before it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from app.domain.decisions import Decisions
from app.domain.records import RECORD_SCHEMA
from app.domain.words import Verdict
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals
from app.storage.engine import Database
from app.storage.runs import RunStart, WholeRun, keep_runs
from app.usecases.add_up import add_up, adding, with_raised
from app.usecases.deadline import FEW, Deadline, screen_by
from app.usecases.describe_decision import Document, describe_decision
from app.usecases.describe_totals import describe_totals
from app.usecases.history import amounts_of, history_of
from app.usecases.keep_run import collect_alarms, start_run
from app.usecases.kept_records import Row, make_block

_ROW = pa.struct(list(RECORD_SCHEMA))
_NAMES = RECORD_SCHEMA.names


@dataclass(frozen=True, slots=True)
class ScreenedRun:
    """A run and its answers."""

    run: RunStart
    counts: Counter[Verdict]
    documents: list[Document]
    """One for each record, in order."""
    totals: list[Document]
    """What several of the records add up to, where a law compares it with a threshold."""


def screen_records(
    screener: Screener,
    database: Database,
    records: pa.Table,
    scope: Scope,
    input_sha256: str,
    *,
    deadline: Deadline | None = None,
    only_alarms: bool = False,
    history: bool = False,
) -> ScreenedRun:
    """Screen records and commit the run with its alarms and its records; see `judge_records`.

    Returns:
        The answers; by then the run is on disk.

    Raises:
        TookTooLongError: the time was over before all were screened.
        StorageError: the run could not be kept, so nothing may be answered.
    """
    screened, whole = judge_records(
        screener,
        database,
        list(zip(*[column.to_pylist() for column in records.columns], strict=True)),
        scope,
        input_sha256,
        deadline=deadline,
        only_alarms=only_alarms,
        history=history,
    )
    keep_runs([(database, whole)])
    return screened


def judge_records(
    screener: Screener,
    database: Database,
    records: Sequence[Row],
    scope: Scope,
    input_sha256: str,
    *,
    deadline: Deadline | None = None,
    only_alarms: bool = False,
    history: bool = False,
) -> tuple[ScreenedRun, WholeRun]:
    """Screen records.

    Args:
        screener: the core with its index and policy.
        database: where earlier runs are kept.
        records: one each, in order.
        scope: the day and instruments of law.
        input_sha256: of the request's body, in hex.
        deadline: when to give up, so that nothing is kept; None for never.
        only_alarms: keep the fields of records with an alarm only.
        history: add amounts to those of earlier runs.

    Returns:
        The answers, and the run to be kept before they are given.

    Raises:
        TookTooLongError: the time was over before all were screened.
        StorageError: earlier amounts could not be read.
    """
    run = start_run(screener, scope, "http-json", input_sha256, history=history)
    totals = Totals()
    alone, kept = _judge(screener, records, scope, deadline)
    documents = [describe_decision(decision) for decision in alone]
    # A record is kept as it was judged by itself: what other records add to it is added up again.
    block = make_block(kept, alone, documents, 0, only_alarms=only_alarms)
    decisions = add_up(alone, totals, 1, history_of(database, run))
    documents = with_raised(documents, alone, decisions)
    verdicts = decisions.verdicts()
    alarms = collect_alarms(decisions, documents, 0)
    amounts = amounts_of(alone, adding(alone), 0)
    whole = WholeRun(run, datetime.now(UTC), verdicts, alarms, block, amounts)
    return ScreenedRun(run, Counter(verdicts), documents, describe_totals(totals)), whole


def table_of(records: Sequence[Row]) -> pa.Table:
    """Return records as a table in `RECORD_SCHEMA`: one row each, in order."""
    return pa.Table.from_struct_array(pa.array(records, _ROW))


def _judge(
    screener: Screener, records: Sequence[Row], scope: Scope, deadline: Deadline | None
) -> tuple[Decisions, pa.Table | Sequence[Row]]:
    """Return the decision on each record by itself, and the records as `make_block` takes them soonest.

    A few are judged without a table: to make one, and rows of it again, costs as much as a tenth of judging one record.
    """
    if len(records) > FEW:
        table = table_of(records)
        return (screen_by(deadline, screener, table, scope) if deadline else screener.screen(table, scope)), table
    if deadline is not None:
        deadline.check()
    return Decisions.each([screener.decide(dict(zip(_NAMES, each, strict=True)), scope) for each in records]), records
