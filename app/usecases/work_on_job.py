"""Work on a job block by block, so that it can go on in another process where one has died."""

import errno
import hashlib
import io
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Protocol, TypeVar

import pyarrow as pa

from app.domain.decisions import Decision
from app.domain.errors import MappingError, PrecursorWatchError, ReleaseNotHereError, UnreadableFileError
from app.domain.records import UNREADABLE
from app.domain.version import VERSION
from app.domain.words import JobFailure, Verdict
from app.records.answers import open_writer, published
from app.records.source import Batch, Source, open_records
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals
from app.storage.engine import Database
from app.storage.job_progress import Failure, Kept, begin_attempt, finish_job, keep_job_block, open_job
from app.storage.jobs import Job
from app.storage.spool import Spool
from app.usecases.make_job import describe_recognised
from app.usecases.releases import Shelf
from app.usecases.screen_file import ScreenedBlock, screen_batch
from app.usecases.screen_to_file import POSITION_TELLS
from app.usecases.screen_upload import what_to_keep

MOST_ATTEMPTS = 5
"""Times that the same block is begun; a worker that dies of it as often would die of it for ever."""

LOOKED_AT = 16
"""While the result is written, after so many blocks it is looked whether the job is still wanted."""

T = TypeVar("T")


class WithdrawnError(PrecursorWatchError):
    """The job is no longer to be worked on: it was cancelled."""


class PoisonError(PrecursorWatchError):
    """The same block was begun too often."""


class Step(Protocol):
    """Runs a part of the work so that it is not run again where it has been, and gives what it gave then."""

    def __call__(self, name: str, part: Callable[[], T]) -> T:
        """Run a part, or return what it returned before."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a worker works with."""

    database: Database
    shelf: Shelf
    spool: Spool
    keep_hours: float
    """How long a result is kept."""


@dataclass(frozen=True, slots=True)
class BlockDone:
    """What must be known of a block that is kept, to go on behind it."""

    rows: int
    unreadable: int
    verdicts: Counter[Verdict]
    counted: tuple[tuple[int, Decision], ...]
    """Rows that add to a total over the file, with no more of their decisions than that."""


def work_on_job(shop: Workshop, job_id: str, step: Step) -> Failure | None:
    """Work on a job, from the beginning or from where it is, until it is done.

    Args:
        shop: what a worker works with.
        job_id: the job.
        step: remembers the parts that are done. The work is the same parts in the same order each time.

    Returns:
        Why the job came to nothing; None where it is done, or no longer wanted.

    Raises:
        StorageError: the database did not do its part, for longer than `step` bears.
    """
    job = step("begin", lambda: open_job(shop.database, job_id))
    if job is None:
        return None
    try:
        work = _Work(shop, job)
        with work.opened() as (file, source):
            for number, batch in enumerate(source.batches(job.asked.block_rows)):
                share = work.share(file, source)
                done = step("block", lambda n=number, b=batch, s=share: work.keep_block(n, b, s))  # type: ignore[misc]
                work.go_past(number, done)
        result = step("publish", work.publish)
        step("finish", lambda: work.finish(result))
        shop.spool.files(job_id).keep_result_only()
    except WithdrawnError:
        return None
    except PoisonError as error:
        return Failure(JobFailure.POISON, str(error))
    except ReleaseNotHereError as error:
        return Failure(JobFailure.RELEASE_NOT_HERE, str(error))
    except UnreadableFileError as error:
        return Failure(JobFailure.UNREADABLE_FILE, error.why)
    except MappingError as error:
        return Failure(JobFailure.MAPPING, str(error))
    except OSError as error:
        return failure_of_disk(error)
    return None


def failure_of_disk(error: OSError) -> Failure:
    """Return what a fault of the disk makes of a job."""
    if isinstance(error, FileNotFoundError):
        return Failure(JobFailure.FILE_GONE, "a file of the job is no longer on disk; send it again")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Failure(JobFailure.NO_ROOM, "the disk has no room for the job; send it again when there is")
    return Failure(
        JobFailure.DISK, f"the disk did not do its part ({errno.errorcode.get(error.errno or 0, 'OSError')})"
    )


class _Work:
    """One job in the hands of one process."""

    def __init__(self, shop: Workshop, job: Job) -> None:
        self._shop = shop
        self._job = job
        self._files = shop.spool.files(job.id)
        self._screener = _screener(shop.shelf, job)
        self._scope = Scope(
            today=job.start.today or job.start.created_at.date(),
            as_of=job.start.as_of,
            instruments=job.start.instruments,
        )
        self._totals = Totals()
        self._so_far = BlockDone(0, 0, Counter(), ())
        self._in_hand: tuple[int, ScreenedBlock] | None = None
        self._begun = False
        self._recognised: dict[str, Any] = {}

    @contextmanager
    def opened(self) -> Iterator[tuple[BinaryIO, Source]]:
        """Open the file that was sent, at its beginning."""
        with self._files.input.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            if size != self._job.asked.input_bytes:
                raise FileNotFoundError(errno.ENOENT, "the file is not what was sent")
            source = open_records(file, name="upload", mapping=self._job.asked.mapping)
            self._recognised = describe_recognised(source.recognised)
            yield file, source

    def share(self, file: BinaryIO, source: Source) -> float | None:
        """Return how much of the file was read, 0 to 1; None where that cannot be known."""
        if source.recognised.format not in POSITION_TELLS:
            return None
        return file.tell() / self._job.asked.input_bytes

    def keep_block(self, number: int, batch: Batch, share: float | None) -> BlockDone:
        """Screen the next block and keep it: its answers on disk, its decisions and the progress in the database.

        May be called again for the same block, in this process or another; then it comes to the same.
        """
        began = time.monotonic()
        self._begin(f"the rows {batch.first_row:,} to {batch.first_row + batch.rows.num_rows - 1:,}")
        block = self._screened(number, batch)
        self._write_part(number, block.answers)
        done = _done(block)
        so_far = self._so_far
        kept = Kept(
            number,
            so_far.rows + done.rows,
            so_far.unreadable + done.unreadable,
            so_far.verdicts + done.verdicts,
            share,
            time.monotonic() - began,
        )
        rows = what_to_keep(block, only_alarms=self._job.asked.only_alarms)
        if not keep_job_block(self._shop.database, self._job, kept, rows, datetime.now(UTC)):
            raise WithdrawnError
        return done

    def go_past(self, number: int, done: BlockDone) -> None:
        """Put a block behind; one that another process kept is added to the totals here."""
        if self._in_hand is None or self._in_hand[0] != number:
            for row, decision in done.counted:
                self._totals.add(row, decision)
        before = self._so_far
        rows, unreadable = before.rows + done.rows, before.unreadable + done.unreadable
        self._so_far = BlockDone(rows, unreadable, before.verdicts + done.verdicts, ())

    def publish(self) -> tuple[int, str]:
        """Write the result, which appears under its name when it is whole; return its bytes and sha256."""
        self._files.remove_unfinished()
        with self.opened() as (_, source), published(self._files.result) as sink:
            self._begin("writing the result")
            writer = open_writer(sink, self._job.asked.format, source.recognised.headers)
            for number, batch in enumerate(source.batches(self._job.asked.block_rows)):
                with pa.OSFile(str(self._files.part(number))) as part:
                    writer.write(batch.rows, pa.ipc.open_file(part).read_all())
                if number % LOOKED_AT == 0 and open_job(self._shop.database, self._job.id) is None:
                    raise WithdrawnError
            writer.close()
        with self._files.result.open("rb") as result:
            digest = hashlib.file_digest(result, "sha256").hexdigest()
            return result.tell(), digest

    def finish(self, result: tuple[int, str]) -> None:
        """Keep that the job is done."""
        now = datetime.now(UTC)
        expires_at = now + timedelta(hours=self._shop.keep_hours)
        if not finish_job(self._shop.database, self._job, at=now, expires_at=expires_at, result=result):
            raise WithdrawnError

    def _begin(self, what: str) -> None:
        if not self._begun:
            attempts = begin_attempt(self._shop.database, self._job.id, datetime.now(UTC), self._recognised)
            if attempts is None:
                raise WithdrawnError
            if attempts > MOST_ATTEMPTS:
                raise PoisonError(f"{what} ended the worker {MOST_ATTEMPTS} times (often: out of memory)")
            self._begun = True

    def _screened(self, number: int, batch: Batch) -> ScreenedBlock:
        # Once in a process: the amounts of a block are added to the totals only once.
        if self._in_hand is None or self._in_hand[0] != number:
            self._in_hand = number, screen_batch(self._screener, batch, self._scope, self._totals)
        return self._in_hand[1]

    def _write_part(self, number: int, answers: pa.Table) -> None:
        self._files.parts.mkdir(exist_ok=True)
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with (
            published(self._files.part(number)) as sink,
            pa.ipc.new_file(sink, answers.schema, options=options) as writer,
        ):
            writer.write_table(answers)


def _screener(shelf: Shelf, job: Job) -> Screener:
    start = job.start
    if start.version != VERSION:
        raise ReleaseNotHereError(f"the job was made with version {start.version}, this is {VERSION}; send it again")
    screener = shelf.screener(start.release, start.knobs or {})
    if screener.index.digest != start.index_digest:
        raise ReleaseNotHereError(f"release {start.release[:12]} is here only as another index; send the file again")
    return screener


def _done(block: ScreenedBlock) -> BlockDone:
    tallied = block.alone.places(lambda each: bool(each.tallies))
    counted = [(block.first_row + place, block.alone[place]) for place in tallied]
    unreadable = block.records.num_rows - block.records.column(UNREADABLE).null_count
    stripped = tuple((row, replace(each, findings=(), places=(), rejected=())) for row, each in counted)
    return BlockDone(block.rows.num_rows, unreadable, Counter(block.decisions.verdicts()), stripped)
