"""Screen a batch of records that is answered whole; the run is kept before it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from app.domain.words import Verdict
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals
from app.storage.engine import Database
from app.storage.runs import RunStart, WholeRun, keep_runs
from app.usecases.add_up import add_up, adding, with_raised
from app.usecases.deadline import Deadline, screen_by
from app.usecases.describe_decision import Document, describe_decision
from app.usecases.describe_totals import describe_totals
from app.usecases.history import amounts_of, history_of
from app.usecases.keep_run import collect_alarms, start_run
from app.usecases.kept_records import make_block


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
        screener, database, records, scope, input_sha256, deadline=deadline, only_alarms=only_alarms, history=history
    )
    keep_runs([(database, whole)])
    return screened


def judge_records(
    screener: Screener,
    database: Database,
    records: pa.Table,
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
        records: one row each, in `RECORD_SCHEMA`.
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
    alone = screen_by(deadline, screener, records, scope) if deadline else screener.screen(records, scope)
    documents = [describe_decision(decision) for decision in alone]
    # A record is kept as it was judged by itself: what other records add to it is added up again.
    block = make_block(records, alone, documents, 0, only_alarms=only_alarms)
    decisions = add_up(alone, totals, 1, history_of(database, run))
    documents = with_raised(documents, alone, decisions)
    verdicts = decisions.verdicts()
    alarms = collect_alarms(decisions, documents, 0)
    amounts = amounts_of(alone, adding(alone), 0)
    whole = WholeRun(run, datetime.now(UTC), verdicts, alarms, block, amounts)
    return ScreenedRun(run, Counter(verdicts), documents, describe_totals(totals)), whole
