"""The watchlist as one JSON text, so that a compiled index needs no other file."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from app.watchlist.model import Watchlist

Build = Callable[[Any], Any]


def watchlist_to_json(watchlist: Watchlist) -> bytes:
    """Write a watchlist as canonical JSON."""
    return orjson.dumps(watchlist, option=orjson.OPT_SORT_KEYS)


def watchlist_from_json(text: bytes) -> Watchlist:
    """Read a watchlist as `watchlist_to_json` wrote it."""
    watchlist: Watchlist = _builder(Watchlist)(orjson.loads(text))
    return watchlist


@cache
def _builder(kind: Any) -> Build:
    """Return what makes a value of a kind out of JSON's types; worked out once, for there are a hundred thousand."""
    if get_origin(kind) is tuple:
        item = _builder(get_args(kind)[0])
        return tuple if item is _as_it_is else lambda values: tuple([item(value) for value in values])
    if get_origin(kind) is UnionType:
        some = _builder(get_args(kind)[0])
        return some if some is _as_it_is else lambda value: None if value is None else some(value)
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_builder(kind)
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return _as_it_is


def _dataclass_builder(kind: type) -> Build:
    hints = get_type_hints(kind)
    builders = [(field.name, _builder(hints[field.name])) for field in fields(kind)]
    return lambda value: kind(**{name: build(value[name]) for name, build in builders})


def _as_it_is(value: Any) -> Any:
    return value
