"""Who asks: the tenant whose records are seen, the key that was shown, and what it may do."""

from dataclasses import dataclass, replace
from enum import StrEnum


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


LOCAL_TENANT = "local"
"""Whose everything is that is kept on a machine which asks nobody who they are."""

LOCAL = Caller(LOCAL_TENANT, "local", frozenset(Right))
"""Who sits at this machine's own terminal, or reaches it where no keys were made."""
