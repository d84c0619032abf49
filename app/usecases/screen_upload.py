"""Screen an uploaded file block by block, keeping each block's alarms before the block is answered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.words import Verdict
from app.records.source import BLOCK_ROWS, Source
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals
from app.storage.engine import Database
from app.storage.runs import RunStart, ScreenedRows, begin_run, finish_run, keep_rows
from app.usecases.add_up import adding, with_raised
from app.usecases.deadline import Deadline, parts_of
from app.usecases.describe_decision import describe_decision
from app.usecases.history import amounts_of, history_of
from app.usecases.keep_run import collect_alarms, start_run
from app.usecases.kept_records import make_block
from app.usecases.screen_file import ScreenedBlock, screen_batch


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is being screened over HTTP."""

    screener: Screener
    database: Database
    source: Source
    scope: Scope
    run: RunStart
    deadline: Deadline
    """When to give up."""
    only_alarms: bool = False
    """Keep the fields of records with an alarm only."""
    counts: Counter[Verdict] = field(default_factory=Counter)
    """Records per verdict so far."""


def begin_upload(
    screener: Screener,
    database: Database,
    source: Source,
    scope: Scope,
    input_sha256: str,
    *,
    deadline: Deadline,
    only_alarms: bool = False,
    history: bool = False,
) -> Upload:
    """Keep the beginning of a run.

    Args:
        screener: the core with its index and policy.
        database: where runs are kept.
        source: the opened file.
        scope: the day and instruments of law.
        input_sha256: of the file as it came, in hex.
        deadline: when to give up.
        only_alarms: keep the fields of records with an alarm only.
        history: add amounts to those of earlier runs.

    Raises:
        StorageError: the run could not be kept.
    """
    run = start_run(screener, scope, "http-file", input_sha256, history=history)
    begin_run(database, run)
    return Upload(screener, database, source, scope, run, deadline, only_alarms)


def screen_upload(upload: Upload) -> Iterator[ScreenedBlock]:
    """Screen an upload that has begun.

    Blocks are cut where a whole one would take long, and the clock is looked at before each.

    A block is handed out when its alarms and records are committed, and the last one only when the run is finished: who
    has every row knows that the run is kept, and who does not sees the answer break off.

    Args:
        upload: used once.

    Yields:
        The blocks in the order of the file; together they hold every row once.

    Raises:
        StorageError: a block could not be kept; it is not handed out.
        TookTooLongError: the time was over before all were screened; what was kept before stays.
        UnreadableFileError: the file breaks off in a way that leaves no rows to read.
    """
    waiting: ScreenedBlock | None = None
    history = history_of(upload.database, upload.run)
    totals = Totals()
    for part in (part for batch in upload.source.batches(BLOCK_ROWS) for part in parts_of(batch)):
        upload.deadline.check()
        block = screen_batch(upload.screener, part, upload.scope, totals, history)
        kept = what_to_keep(block, only_alarms=upload.only_alarms)
        keep_rows(upload.database, upload.run, datetime.now(UTC), kept)
        upload.counts.update(kept.verdicts)
        if waiting is not None:
            yield waiting
        waiting = block
    finish_run(upload.database, upload.run.id, datetime.now(UTC), upload.counts)
    if waiting is not None:
        yield waiting


def what_to_keep(block: ScreenedBlock, *, only_alarms: bool) -> ScreenedRows:
    """Return the rows of a block as they are kept.

    Args:
        block: screened rows.
        only_alarms: leave out the fields of records without an alarm.
    """
    documents = [describe_decision(decision) for decision in block.alone]
    first = block.first_row - 1
    raised = with_raised(documents, block.alone, block.decisions)
    return ScreenedRows(
        first,
        block.decisions.verdicts(),
        collect_alarms(block.decisions, raised, first),
        make_block(block.records, block.alone, documents, first, only_alarms=only_alarms),
        amounts_of(block.alone, adding(block.alone), first),
    )
