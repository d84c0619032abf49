"""Answers as bytes."""

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.responses import Response

from app.api.cursors import write_cursor

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


class JsonReply(Response):
    """A JSON answer; dataclasses and moments are written by orjson, moments in UTC as RFC 3339 has them."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the content as JSON."""
        return orjson.dumps(content, option=OPTIONS)


def page_of(items: Sequence[Any], kind: str, next_key: Sequence[str | int | float] | None) -> dict[str, Any]:
    """Return a page as it is answered.

    Args:
        items: shown already.
        kind: of the list.
        next_key: key of the last item when others follow, None on the last page.
    """
    return {"items": items, "next": None if next_key is None else write_cursor(kind, next_key)}
