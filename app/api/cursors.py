"""Cursors: where the next page begins, as a word the caller hands back."""

import base64
import binascii
from collections.abc import Sequence

import orjson

from app.api.problems import ProblemError
from app.domain.errors import Fault

MAX_CURSOR = 1_000


def write_cursor(kind: str, key: Sequence[str | int | float]) -> str:
    """Return the cursor that follows an item.

    Args:
        kind: of the list; a cursor of another list is refused.
        key: of the last item on the page.
    """
    return base64.urlsafe_b64encode(orjson.dumps([kind, *key])).decode().rstrip("=")


def read_cursor(kind: str, cursor: str | None, shape: tuple[type, ...]) -> list[str | int | float] | None:
    """Return the key a cursor carries, None for no cursor.

    Args:
        kind: of the list that is asked.
        cursor: as the caller sent it.
        shape: the types of the key's parts.

    Raises:
        ProblemError: `invalid-request`: the cursor was not given out by this list.
    """
    if cursor is None:
        return None
    try:
        found = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise foreign_cursor() from error
    if not isinstance(found, list) or found[:1] != [kind] or tuple(map(type, found[1:])) != shape:
        raise foreign_cursor()
    return found[1:]


def foreign_cursor() -> ProblemError:
    """Return the refusal of a cursor that this list did not give out."""
    fault = Fault("?cursor", "is not a cursor of this list; send `next` of the page before, unchanged")
    return ProblemError("invalid-request", "1 parameter(s) were refused", (fault,))
