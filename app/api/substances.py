"""`/v1/substances`: the watchlist by substance."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.cursors import read_cursor
from app.api.desk import TheDesk
from app.api.law_answers import SubstanceAnswer, SubstancePage
from app.api.paperwork import described, refusals
from app.api.parameters import Cursor, PageSize
from app.api.replies import JsonReply, page_of
from app.api.shown import show_substance, show_substance_line
from app.usecases.read_substances import draw_substance, find_substances, read_substance

ROUTER = APIRouter(tags=["Watchlist"])

SVG = "image/svg+xml"


@ROUTER.get(
    "/v1/substances",
    operation_id="listSubstances",
    summary="Find substances by name or number",
    response_model=SubstancePage,
    responses=refusals("invalid-request"),
)
def list_substances(
    desk: TheDesk,
    q: Annotated[
        str | None, Query(max_length=200, description="Part of a name in any language, or of a CAS, EC or UN number.")
    ] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> JsonReply:
    """Substances of the watchlist, in the order of their ids, page by page.

    `q` is found anywhere in the id, a name, or a CAS, EC or UN number, whatever the case. It is a plain search of the
    list; to ask what a name on a shipment means, use `POST /v1/resolve`.
    """
    key = read_cursor("substances", cursor, (str,))
    page = find_substances(desk.screener.index.watchlist, q, str(key[0]) if key else None, limit)
    next_key = (page.items[-1].id,) if page.more else None
    return JsonReply(page_of([show_substance_line(each) for each in page.items], "substances", next_key))


@ROUTER.get(
    "/v1/substances/{substance_id}",
    operation_id="getSubstance",
    summary="One substance, with its names and where the law names it",
    response_model=SubstanceAnswer,
    responses=refusals("not-found"),
)
def get_substance(desk: TheDesk, substance_id: str) -> JsonReply:
    """One substance with every name (language, kind and source), its forms, its structure, and its entries of law.

    The entries are all there are, in force or not; their days say which.
    """
    return JsonReply(show_substance(read_substance(desk.screener.index.watchlist, substance_id)))


@ROUTER.head("/v1/substances/{substance_id}/structure.svg", operation_id="drawSubstance", include_in_schema=False)
@ROUTER.get(
    "/v1/substances/{substance_id}/structure.svg",
    operation_id="drawSubstance",
    summary="The structure of a substance, drawn",
    response_class=Response,
    responses={
        200: described("The drawing.", {SVG: {"schema": {"type": "string"}}}),
        **refusals("not-found", "drawing-unavailable"),
    },
)
def get_structure(desk: TheDesk, substance_id: str) -> Response:
    """The structure as an SVG drawing; 404 for a substance that has none, such as a mixture.

    503 where the machine lacks the libraries that RDKit draws with; everything else works without them.
    """
    return Response(draw_substance(desk.screener.index.watchlist, substance_id), media_type=SVG)
