"""What the door works with: put together once by `app.main`."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Event
from typing import Annotated

from fastapi import Depends, Request

from app.api.blocks import Blocks
from app.api.bodies import Room
from app.api.doorkeeper import Doorkeeper
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.api.pace import Allowance, Pace
from app.domain.callers import NOBODY
from app.domain.words import Verdict
from app.screening.screener import Screener
from app.storage.engine import Database
from app.storage.spool import Spool
from app.usecases.active_release import InUse
from app.usecases.releases import Shelf


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the door takes in."""

    max_json_bytes: int
    max_upload_bytes: int
    in_memory: Room
    """Where JSON bodies are held."""
    on_disk: Room
    """Where uploads are held."""
    max_job_bytes: int
    of_jobs: Room
    """Where the files of jobs are held while they come."""
    json_seconds: float
    """How long the records of one JSON request may be screened."""
    file_seconds: float
    """How long a file may be screened, with the time its answer is taken in."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The core, the memory and the means to reach them in turn.

    A request keeps the desk it began at: when another release is activated, the next requests come to another one.
    """

    screener: Screener
    shelf: Shelf
    in_use: InUse
    database: Database
    gate: Gate
    blocks: Blocks
    metrics: Metrics
    limits: Limits
    keeper: Doorkeeper
    pace: Pace
    allowance: Allowance
    spool: Spool
    """Where the files of jobs are."""
    keep_keys_hours: float
    """How long a request with an `Idempotency-Key` is given the same answer again."""
    only_alarms: bool = False
    """Keep the fields of records with an alarm only."""
    second_for: frozenset[Verdict] = frozenset()
    """Verdicts whose clearance holds only when a second person has given it too."""
    closing: Event = field(default_factory=Event)
    """Set when the service is to end: streams that would go on for ever end then."""


async def desk_of(request: Request) -> Desk:
    """Return the desk of the service that got this request, with the database as its caller sees it."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    caller = request.scope.get("caller", NOBODY)
    return desk if caller == desk.database.caller else replace(desk, database=desk.database.seen_by(caller))


TheDesk = Annotated[Desk, Depends(desk_of)]


def today() -> date:
    """Return the day of a screening that names none: today in UTC."""
    return datetime.now(UTC).date()
