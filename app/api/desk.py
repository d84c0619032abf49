"""What the door works with: put together once by `app.main`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Request

from app.api.gate import Gate
from app.api.metrics import Metrics
from app.screening.screener import Screener
from app.storage.engine import Database
from app.usecases.releases import Shelf


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the door takes in."""

    max_json_bytes: int
    max_upload_bytes: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The core, the memory and the means to reach them in turn."""

    screener: Screener
    shelf: Shelf
    database: Database
    gate: Gate
    metrics: Metrics
    limits: Limits
    only_alarms: bool = False
    """Keep the fields of records with an alarm only."""


async def desk_of(request: Request) -> Desk:
    """Return the desk of the service that got this request."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]


def today() -> date:
    """Return the day of a screening that names none: today in UTC."""
    return datetime.now(UTC).date()
