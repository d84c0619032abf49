"""How much one key may ask: requests in a minute, records in a day."""

import threading
import time
from datetime import UTC, datetime, timedelta

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.api.problems import ProblemError
from app.domain.callers import LOCAL, Caller
from app.storage.engine import Database
from app.storage.keys import records_since

COUNTED_SECONDS = 60
"""How long what a key had screened is known from memory: what it has screened by another process meanwhile is not."""


SET_SECONDS = 1.0
"""A clock that is put right by more, between two requests, was set."""


class Pace:
    """Requests of each key in any minute, counted by this process."""

    def __init__(self, per_minute: int) -> None:
        self._counts = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._counts)
        self._clocks_apart = time.time() - time.monotonic()
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._policy = f'"minute";q={per_minute};w=60'

    def count(self, caller: Caller) -> dict[str, str]:
        """Count a request.

        Returns:
            The headers that say what is left; see the IETF's draft on RateLimit header fields.

        Raises:
            ProblemError: `too-many-requests`.
        """
        if self._item is None:
            return {}
        self._begin_anew_where_the_clock_was_set()
        taken = self._limiter.hit(self._item, caller.tenant, caller.key_id)
        left = self._limiter.get_window_stats(self._item, caller.tenant, caller.key_id)
        wait = max(1, round(left.reset_time - time.time() + 0.5))
        headers = {"RateLimit-Policy": self._policy, "RateLimit": f'"minute";r={max(0, left.remaining)};t={wait}'}
        if not taken:
            said = f"This key may send {self._item.amount} requests a minute"
            raise ProblemError("too-many-requests", said, headers={**headers, "Retry-After": str(wait)})
        return headers

    def _begin_anew_where_the_clock_was_set(self) -> None:
        # The limiter knows the time of day only: set back by an hour, it would keep every key out for that long.
        apart = time.time() - time.monotonic()
        if abs(apart - self._clocks_apart) > SET_SECONDS:
            self._counts.reset()
        self._clocks_apart = apart


class Allowance:
    """Records of each key since midnight UTC, by the runs that are kept."""

    def __init__(self, per_day: int) -> None:
        self._per_day = per_day
        self._counted: dict[str, tuple[datetime, float, int]] = {}
        self._lock = threading.Lock()

    def take(self, database: Database, records: int) -> None:
        """Count records before they are screened.

        Args:
            database: as their caller sees it.
            records: how many; 0 where that is not known yet.

        Raises:
            ProblemError: `quota-exceeded`: they are more than are left of the day, or none are.
            StorageError: what was screened before cannot be read.
        """
        key = database.caller.key_id
        if not self._per_day or database.caller == LOCAL:
            return
        now = datetime.now(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        with self._lock:
            day, read_at, count = self._counted.get(key, (None, 0.0, 0))
            if day != midnight or time.monotonic() - read_at > COUNTED_SECONDS:
                count, read_at = records_since(database, key, midnight), time.monotonic()
            fits = count + max(1, records) <= self._per_day
            self._counted[key] = (midnight, read_at, count + records if fits else count)
        if not fits:
            wait = str(int((midnight + timedelta(days=1) - now).total_seconds()) + 1)
            said = f"This key may have {self._per_day} records screened in a day (UTC); {count} were"
            raise ProblemError("quota-exceeded", said, headers={"Retry-After": wait})

    def add(self, database: Database, records: int) -> None:
        """Count records whose number was not known before they were screened."""
        with self._lock:
            if counted := self._counted.get(database.caller.key_id):
                self._counted[database.caller.key_id] = (*counted[:2], counted[2] + records)
