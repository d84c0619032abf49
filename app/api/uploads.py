"""`/v1/screenings/file`: a file, answered as a stream."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.bodies import FILE_TYPES, SpooledFile, spool_upload
from app.api.days import Day
from app.api.desk import Desk, TheDesk, today
from app.api.formats import FORMATS, Format, choose_format
from app.api.paperwork import described, file_body, refusals
from app.api.parameters import check_instruments
from app.api.problems import ProblemError
from app.api.rows import write_rows
from app.domain.errors import Fault
from app.domain.records import FIELDS
from app.records.source import Recognised, open_records
from app.screening.scope import Scope as LawScope
from app.usecases.deadline import deadline_in
from app.usecases.screen_upload import Upload, begin_upload, screen_upload

ROUTER = APIRouter(tags=["Screening"])

MAX_RECOGNISED = 6_000
"""Characters of the header that says what was recognised; servers and proxies refuse long headers."""

MAX_UNPACKED = 1 << 30
"""Bytes that a packed upload may unpack to: as long as a caller may keep a worker busy with a small file."""

HEADERS = {
    "Precursor-Watch-Run": "Id the run is kept under.",
    "Precursor-Watch-Release": "sha256 of the watchlist's files.",
    "Precursor-Watch-Policy": "Policy the records were judged by.",
    "Precursor-Watch-Version": "Version of the software.",
    "Precursor-Watch-Recognised": "What was recognised in the file, as JSON: `format`, `encoding`, `delimiter`,"
    " `header_row`, `fields` (field to column) and `notes`.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read, added up and answered."""

    fields: dict[str, str]
    """field -> header, where the caller knows better."""
    chosen: Format
    history: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer whose first rows are ready."""

    upload: Upload
    first: bytes
    others: Iterator[bytes]


class AnswerStream(StreamingResponse):
    """A streamed answer that puts its things away however it ends."""

    def __init__(self, content: AsyncIterator[bytes], headers: dict[str, str], things: ExitStack) -> None:
        super().__init__(content, headers=headers)
        self._things = things

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # Plain, not awaited: a caller that left has cancelled this task.
            self._things.close()


@ROUTER.post(
    "/v1/screenings/file",
    operation_id="screenFile",
    summary="Screen a file of any size up to the limit",
    response_class=StreamingResponse,
    responses={
        200: described(
            "The file's rows with the appended columns.",
            {each.media_type: {"schema": {"type": "string"}} for each in FORMATS},
            HEADERS,
        ),
        **refusals(
            "malformed-request",
            "not-acceptable",
            "unsupported-media-type",
            "too-large",
            "took-too-long",
            "unknown-field",
            "unreadable-file",
            "invalid-request",
            "quota-exceeded",
            "no-room",
            "overloaded",
            "storage-unavailable",
        ),
    },
    openapi_extra=file_body(FILE_TYPES),
)
async def screen_file(
    request: Request,
    desk: TheDesk,
    as_of: Annotated[Day | None, Query(description="Judge every record by the law of this day, YYYY-MM-DD.")] = None,
    instrument: Annotated[
        list[str] | None, Query(max_length=50, description="Only this instrument; may be repeated.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        Query(alias="map", max_length=len(FIELDS), description="`field=HEADER`, over what is recognised; repeatable."),
    ] = None,
    history: Annotated[
        bool, Query(description="Add the amounts to those of earlier runs, where a law compares totals.")
    ] = False,
) -> AnswerStream:
    """Screen a file: csv, tsv, csv.gz, xlsx, ndjson or parquet, recognised by its content.

    Send it as the body or as the part `file` of a multipart body. Every row comes back in order with its own columns
    unchanged, followed by `verdict`, `score`, `substance_id`, `substance`, `substance_cas`, `entries`, `duties`,
    `channels` and `reason`; a column of yours that has such a name stays, and the appended one is called `pw_` and the
    name. A row that cannot be read is answered `undetermined` with the reason. `Accept` chooses CSV (the default),
    NDJSON or an Arrow stream.

    Rows are sent as they are screened, each only when its alarm is kept, and the last ones only when the whole run is:
    an answer that breaks off is incomplete, and its run stays unfinished. The header `Precursor-Watch-Run` names the
    run; its alarms are at `GET /v1/decisions?run_id=`.
    """
    chosen = choose_format(request.headers.get("accept", ""))
    law = LawScope(today=today(), as_of=as_of, instruments=check_instruments(desk, instrument, "?instrument"))
    fields = read_mapping(mapping or [])
    with ExitStack() as things:
        folder = Path(things.enter_context(TemporaryDirectory(prefix="precursor-watch-", ignore_cleanup_errors=True)))
        limits = desk.limits
        spooled = await spool_upload(request, limits.max_upload_bytes, limits.on_disk, folder / "upload")
        begun = await desk.gate.work(partial(begin_answer, desk, spooled, law, Asked(fields, chosen, history), things))
        return AnswerStream(rest_of(desk, begun), answer_headers(begun.upload, chosen), things.pop_all())


def begin_answer(desk: Desk, spooled: SpooledFile, law: LawScope, asked: Asked, things: ExitStack) -> Begun:
    """Open the file and screen its first rows, so that what cannot be answered is refused with a status.

    Raises:
        ProblemError: the day's records are used up.
        UnreadableFileError: the file is not one that can be read.
        MappingError: a field or header of the mapping is not there.
        TookTooLongError: already the first rows take too long to screen.
        StorageError: the run or its first alarms could not be kept.
    """
    desk.allowance.take(desk.database, 0)
    source = open_records(spooled.path, name=spooled.name, mapping=asked.fields, most_unpacked=MAX_UNPACKED)
    upload = begin_upload(
        desk.screener,
        desk.database,
        source,
        law,
        spooled.sha256,
        deadline=deadline_in(desk.limits.file_seconds),
        only_alarms=desk.only_alarms,
        history=asked.history,
    )
    chunks = write_rows(screen_upload(upload), source.recognised, asked.chosen)
    things.callback(chunks.close)
    return Begun(upload, next(chunks, b""), chunks)


def read_mapping(given: list[str]) -> dict[str, str]:
    """Return field to header from `field=HEADER` texts.

    Raises:
        ProblemError: `invalid-request`: one is no such text, names no field, or a field twice.
    """
    mapping: dict[str, str] = {}
    for text in given:
        name, equals, header = text.partition("=")
        if not equals or name not in FIELDS or name in mapping:
            what = f"is not field=HEADER with a field that is named once; fields: {', '.join(FIELDS)}"
            raise ProblemError("invalid-request", "1 parameter(s) were refused", (Fault("?map", what),))
        mapping[name] = header
    return mapping


async def rest_of(desk: Desk, begun: Begun) -> AsyncIterator[bytes]:
    """Yield an answer's bytes, screening the next rows when the caller has taken the last."""
    chunk: bytes | None = begun.first
    while chunk is not None:
        if chunk:
            yield chunk
        chunk = await desk.gate.go_on(partial(next, begun.others, None))
    desk.metrics.count_records("http-file", begun.upload.counts)
    desk.allowance.add(desk.database, begun.upload.counts.total())


def answer_headers(upload: Upload, chosen: Format) -> dict[str, str]:
    """Return the headers of a streamed answer."""
    run = upload.run
    return {
        "Content-Type": chosen.content_type,
        "Content-Disposition": f'attachment; filename="screened.{chosen.ending}"',
        "Cache-Control": "no-store",
        "Precursor-Watch-Run": run.id,
        "Precursor-Watch-Release": run.release,
        "Precursor-Watch-Policy": run.policy,
        "Precursor-Watch-Version": run.version,
        "Precursor-Watch-Recognised": recognised_header(upload.source.recognised),
    }


def recognised_header(recognised: Recognised) -> str:
    """Return what was recognised as JSON in ASCII; notes that would make it too long are left out."""
    shown: dict[str, Any] = {
        "format": recognised.format,
        "encoding": recognised.encoding,
        "delimiter": recognised.delimiter,
        "header_row": recognised.header_row,
        "fields": recognised.fields,
        "notes": list(recognised.notes),
    }
    text = json.dumps(shown)
    while len(text) > MAX_RECOGNISED and (shown["notes"] or shown["fields"]):
        shown["notes"].pop() if shown["notes"] else shown["fields"].popitem()
        text = json.dumps(shown)
    return text
