"""Who asks: the tenant whose records are seen, the key that was shown, and what it may do."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from ipaddress import ip_address


class Right(StrEnum):
    """What a key may be good for; a call needs exactly one of them."""

    SCREEN = "screen"
    READ = "read"
    REVIEW = "review"
    MANAGE = "manage"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at a door."""

    tenant: str
    """Whose records are kept and seen: no tenant sees another one's."""
    key_id: str
    """Which key was shown; never the key itself."""
    rights: frozenset[Right]

    def of_tenant(self, tenant: str) -> "Caller":
        """Return the same one as somebody of a tenant: whoever sits at the machine may ask for any."""
        return replace(self, tenant=tenant)


LONGEST_DAYS = 1_826
"""Five years: a key that nobody renews should end."""

LOCAL_TENANT = "local"
"""Whose everything is that is kept on a machine which asks nobody who they are."""

LOCAL = Caller(LOCAL_TENANT, "local", frozenset(Right))
"""Who sits at this machine's own terminal, or reaches it where no keys were made."""

TENANT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""How a tenant may be called."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: everything but its secret."""

    id: str
    tenant: str
    name: str
    """What the operator calls it."""
    rights: frozenset[Right]
    sha256: str
    """Of the secret, in hex."""
    created_at: datetime
    expires_at: datetime
    """From this moment on it opens nothing."""
    revoked_at: datetime | None = None
    last_used: date | None = None
    """The last day on which it was shown, in UTC."""

    @property
    def caller(self) -> Caller:
        """Who shows it."""
        return Caller(self.tenant, self.id, self.rights)

    def opens(self, at: datetime) -> bool:
        """Return whether it is good at a moment: not revoked, and before `expires_at`."""
        return self.revoked_at is None and at < self.expires_at


NOBODY = Caller("", "", frozenset())
"""Who was not asked: the few open calls are answered, and no tenant's records are seen."""


def is_loopback(host: str) -> bool:
    """Return whether an address can only be reached from this machine; False for names other than localhost."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a host name: where it leads is not known here
        return False
