"""How much one key may ask: requests in a minute, records in a day."""

import math
import time
from datetime import UTC, datetime, timedelta

from app.api.counts import RING, Counts, requests_in_a_minute
from app.api.problems import ProblemError
from app.domain.callers import LOCAL, Caller
from app.storage.engine import Database
from app.storage.keys import records_since

COUNTED_SECONDS = 60
"""How long what a key had screened is known from memory: what other machines have screened meanwhile is not."""


class Pace:
    """Requests of each key in any minute, counted by all processes of this machine together."""

    def __init__(self, per_minute: int, counts: Counts) -> None:
        self._per_minute = per_minute
        self._counts = counts
        self._policy = f'"minute";q={per_minute};w=60'

    def count(self, caller: Caller) -> dict[str, str]:
        """Count a request.

        Returns:
            The headers that say what is left; see the IETF's draft on RateLimit header fields.

        Raises:
            ProblemError: `too-many-requests`.
        """
        if not self._per_minute:
            return {}
        with self._counts.place_of(caller) as place:
            now = time.monotonic()  # of the whole machine, and in its turn
            before, leaves_at = requests_in_a_minute(place, now)
            taken = before < self._per_minute
            if taken:
                place["asked"][int(now) % RING] += 1
        wait = max(1, math.ceil(leaves_at - now)) if before else RING
        left = self._per_minute - before - taken
        headers = {"RateLimit-Policy": self._policy, "RateLimit": f'"minute";r={left};t={wait}'}
        if not taken:
            said = f"This key may send {self._per_minute} requests a minute"
            raise ProblemError("too-many-requests", said, headers={**headers, "Retry-After": str(wait)})
        return headers


class Allowance:
    """Records of each key since midnight UTC: what this machine has taken, and what runs are kept."""

    def __init__(self, per_day: int, counts: Counts) -> None:
        self._per_day = per_day
        self._counts = counts

    def take(self, database: Database, records: int) -> None:
        """Count records before they are screened.

        Args:
            database: as their caller sees it.
            records: how many; 0 where that is not known yet.

        Raises:
            ProblemError: `quota-exceeded`: they are more than are left of the day, or none are.
            StorageError: what was screened before cannot be read.
        """
        if not self._per_day or database.caller == LOCAL:
            return
        now = datetime.now(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self._read(database, midnight)
        with self._counts.place_of(database.caller) as place:
            count = int(place["records"])
            fits = count + max(1, records) <= self._per_day
            if fits:
                place["records"] += records
        if not fits:
            wait = str(int((midnight + timedelta(days=1) - now).total_seconds()) + 1)
            said = f"This key may have {self._per_day} records screened in a day (UTC); {count} were"
            raise ProblemError("quota-exceeded", said, headers={"Retry-After": wait})

    def add(self, database: Database, records: int) -> None:
        """Count records whose number was not known before they were screened."""
        if self._per_day and database.caller != LOCAL:
            with self._counts.place_of(database.caller) as place:
                place["records"] += records

    def _read(self, database: Database, midnight: datetime) -> None:
        """Read what a key had screened today, where that is not known or was read long ago."""
        day = midnight.toordinal()
        with self._counts.place_of(database.caller) as place:
            known = place["day"] == day and time.monotonic() - place["read_at"] <= COUNTED_SECONDS
        if known:
            return
        count = records_since(database, database.caller.key_id, midnight)
        with self._counts.place_of(database.caller) as place:
            # Never less than was taken here: what is being screened is in no run yet.
            place["records"] = max(count, int(place["records"])) if place["day"] == day else count
            place["day"], place["read_at"] = day, time.monotonic()
