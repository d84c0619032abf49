"""What the tests of the judgement share: the screening of this checkout, opened once."""

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest

from app.domain.records import RECORD_SCHEMA
from app.screening.dictionary import Dictionary
from app.screening.policy import Policy
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.settings import Settings
from app.usecases.open_screener import open_screener
from app.watchlist.index import Index, open_index

TODAY = date(2026, 11, 22)

Row = dict[str, str | None]


@pytest.fixture(scope="session")
def screener(compiled: Settings) -> Screener:
    """The screening with its name reader, as the doors open it."""
    return open_screener(compiled.index, compiled.watchlists)


@pytest.fixture(scope="session")
def index(compiled: Settings) -> Index:
    """The compiled watchlist."""
    return open_index(compiled.index, compiled.watchlists)


@pytest.fixture(scope="session")
def names(index: Index) -> Dictionary:
    """The dictionary of the compiled watchlist."""
    return Dictionary(index, Policy())


@pytest.fixture(scope="session")
def today() -> Scope:
    """Every instrument, and the day on which the watchlist's sources were read."""
    return Scope(today=TODAY)


@pytest.fixture(scope="session")
def table() -> Callable[[list[Row]], pa.Table]:
    """Put records into the table that every door hands over."""
    return lambda rows: pa.Table.from_pylist(rows, schema=RECORD_SCHEMA)
