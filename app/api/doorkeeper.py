"""Who stands at the door: a key, a token, or whoever sits at this machine where neither is asked for."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

import anyio
from anyio import CapacityLimiter, to_thread

from app.api.problems import ProblemError, unauthenticated
from app.domain.callers import LOCAL, Caller, is_loopback
from app.storage.engine import Database
from app.usecases.know_keys import PREFIX, KeyRing, read_ring

FRESH_SECONDS = 2.0
"""How long keys are known from memory: so soon a revoked one opens nothing any more, and a new one does."""
STALE_SECONDS = 5.0
"""Beyond this nobody is let in before the keys are read again."""
TOKEN_SECONDS = 60.0
"""How long a token that was checked is known from memory, and never beyond its own end."""
MAX_TOKENS = 1_024
MAX_TOKEN_CHARACTERS = 8_192
MAX_CHECKED_AT_ONCE = 2
MAX_WAITING_TOKENS = 32
"""Tokens that may wait to be checked; so strangers with made-up ones cannot take every thread."""


class ChecksTokens(Protocol):
    """An issuer of tokens; see `app.api.issuers`."""

    def caller_of(self, token: str) -> tuple[Caller, float]:
        """Return who shows a token, and until when it holds."""
        ...


class Doorkeeper:
    """Says who asks, from memory wherever that can be."""

    def __init__(self, database: Database, issuer: ChecksTokens | None, *, only_this_machine: bool) -> None:
        self._database = database
        self._issuer = issuer
        self._only_this_machine = only_this_machine
        self._ring: KeyRing | None = None
        self._read_at = 0.0
        self._used: set[str] = set()
        self._reading = anyio.Lock()
        self._tokens: OrderedDict[bytes, tuple[Caller, float, float]] = OrderedDict()
        self._checking = CapacityLimiter(MAX_CHECKED_AT_ONCE)

    async def caller_of(self, headers: Mapping[str, str]) -> Caller:
        """Return who sends a request.

        Args:
            headers: its headers, by name in lower case.

        Raises:
            ProblemError: `unauthenticated`, `foreign-origin`, `issuer-unavailable` or `overloaded`.
            StorageError: the keys cannot be read.
        """
        age = time.monotonic() - self._read_at
        ring = self._ring
        if ring is None or (age > FRESH_SECONDS and (age > STALE_SECONDS or not self._reading.locked())):
            ring = await self._read_again()
        if self._only_this_machine and self._issuer is None and not ring.keys:
            check_origin(headers.get("host", ""), headers.get("origin"))
            return LOCAL
        shown = shown_in(headers)
        if shown.startswith(PREFIX):
            return self._key_holder(ring, shown)
        if self._issuer is not None and shown:
            return await self._token_holder(self._issuer, shown)
        if shown:
            raise unauthenticated("What was shown is no key of this service")
        raise unauthenticated("Send a key or token as Authorization: Bearer", shown=False)

    def _key_holder(self, ring: KeyRing, shown: str) -> Caller:
        key = ring.find(shown)
        if key is None:
            raise unauthenticated("No such key was ever made here")
        if not key.opens(datetime.now(UTC)):
            raise unauthenticated("The key was revoked" if key.revoked_at else "The key has expired")
        self._used.add(key.id)
        return key.caller

    async def _token_holder(self, issuer: ChecksTokens, token: str) -> Caller:
        if len(token) > MAX_TOKEN_CHARACTERS or token.count(".") != 2:
            raise unauthenticated("What was shown is neither a key nor a token")
        name = hashlib.sha256(token.encode()).digest()
        if (known := self._tokens.get(name)) is not None:
            caller, until, checked_at = known
            if time.time() < until and time.monotonic() - checked_at < TOKEN_SECONDS:
                return caller
            del self._tokens[name]
        if self._checking.statistics().tasks_waiting >= MAX_WAITING_TOKENS:
            raise ProblemError("overloaded", "Too many tokens wait to be checked", headers={"Retry-After": "1"})
        caller, until = await to_thread.run_sync(issuer.caller_of, token, limiter=self._checking)
        self._tokens[name] = (caller, until, time.monotonic())
        while len(self._tokens) > MAX_TOKENS:
            self._tokens.popitem(last=False)
        return caller

    async def _read_again(self) -> KeyRing:
        async with self._reading:
            if self._ring is None or time.monotonic() - self._read_at > FRESH_SECONDS:
                used, self._used = self._used, set()
                self._ring = await to_thread.run_sync(read_ring, self._database, used)
                self._read_at = time.monotonic()
            return self._ring


def shown_in(headers: Mapping[str, str]) -> str:
    """Return the key or token of a request, "" where none was sent."""
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def check_origin(host: str, origin: str | None) -> None:
    """Refuse what a page of another site makes a browser on this machine ask.

    Args:
        host: the header Host. A name that is not this machine's own was bent to lead here.
        origin: the header Origin, where a browser sent one.

    Raises:
        ProblemError: `foreign-origin`.
    """
    if not _is_ours(host):
        raise ProblemError("foreign-origin", "Without keys this service answers to localhost, 127.0.0.1 and [::1] only")
    if origin is not None and origin.partition("://")[2].lower() != host.lower():
        raise ProblemError("foreign-origin", "Without keys this service takes no requests from another site's pages")


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:  # no name at all, such as an open bracket
        return False
