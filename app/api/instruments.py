"""`/v1/instruments`: the watchlist by law."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.cursors import read_cursor
from app.api.days import Day
from app.api.desk import TheDesk, today
from app.api.law_answers import EntryPage, InstrumentPage
from app.api.paperwork import refusals
from app.api.parameters import Cursor, PageSize
from app.api.replies import JsonReply, page_of
from app.api.shown import show_entry, show_instrument
from app.usecases.read_instruments import list_entries, list_instruments

ROUTER = APIRouter(tags=["Watchlist"])


@ROUTER.get(
    "/v1/instruments",
    operation_id="listInstruments",
    summary="The laws and treaty lists that are checked",
    response_model=InstrumentPage,
    responses=refusals("invalid-request"),
)
def get_instruments(desk: TheDesk, cursor: Cursor = None, limit: PageSize = 50) -> JsonReply:
    """Instruments in the order of their ids, page by page. A `notice` is not law: it only ever asks for a review."""
    key = read_cursor("instruments", cursor, (str,))
    page = list_instruments(desk.screener.index.watchlist, str(key[0]) if key else None, limit)
    next_key = (page.items[-1].id,) if page.more else None
    return JsonReply(page_of([show_instrument(each) for each in page.items], "instruments", next_key))


@ROUTER.get(
    "/v1/instruments/{instrument_id}/entries",
    operation_id="listEntries",
    summary="What an instrument lists on a day",
    response_model=EntryPage,
    responses=refusals("not-found", "invalid-request"),
)
def get_entries(
    desk: TheDesk,
    instrument_id: str,
    on: Annotated[Day | None, Query(description="Day of law, YYYY-MM-DD; today in UTC when left out.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> JsonReply:
    """Entries in force on a day, in the order of their ids, page by page.

    An entry is in force from `begins` until the day before `ends`. Where `begins` is null the first day was not seen in
    any source, and the entry counts as in force as far back as is asked.
    """
    key = read_cursor("entries", cursor, (str,))
    day = on or today()
    page = list_entries(desk.screener.index.watchlist, instrument_id, day, str(key[0]) if key else None, limit)
    next_key = (page.items[-1].id,) if page.more else None
    return JsonReply({"on": day, **page_of([show_entry(each) for each in page.items], "entries", next_key)})
