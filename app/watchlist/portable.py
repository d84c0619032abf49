"""The watchlist as one JSON text, so that a compiled index needs no other file."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from app.watchlist.model import Watchlist


def watchlist_to_json(watchlist: Watchlist) -> bytes:
    """Write a watchlist as canonical JSON."""
    return orjson.dumps(watchlist, option=orjson.OPT_SORT_KEYS)


def watchlist_from_json(text: bytes) -> Watchlist:
    """Read a watchlist as `watchlist_to_json` wrote it."""
    watchlist: Watchlist = _built(Watchlist, orjson.loads(text))
    return watchlist


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def _built(kind: Any, value: Any) -> Any:
    if kind is str or kind is float or kind is bool:
        return value
    if get_origin(kind) is tuple:
        return tuple(_built(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _built(get_args(kind)[0], value)
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _built(hint, value[name]) for name, hint in _fields(kind)})
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return value
