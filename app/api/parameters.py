"""Query parameters that several calls share, and the refusal of unknown ones."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request

from app.api.desk import Desk
from app.api.problems import ProblemError
from app.domain.errors import Fault

PageSize = Annotated[int, Query(alias="limit", ge=1, le=200, description="Items on a page.")]

Cursor = Annotated[
    str | None, Query(alias="cursor", max_length=1_000, description="`next` of the page before; none for the first.")
]


async def refuse_unknown_parameters(request: Request) -> None:
    """Refuse query parameters the call does not have, and single ones given twice, each by name.

    Raises:
        ProblemError: `unknown-parameter`, or `invalid-request` for one given twice.
    """
    known = {field.alias: field for field in request.scope["route"].dependant.query_params}
    names = list(request.query_params.keys())
    if unknown := tuple(Fault(f"?{name}", "is not a known parameter") for name in names if name not in known):
        raise ProblemError("unknown-parameter", f"{len(unknown)} parameter(s) are not known", unknown)
    for name in names:
        single = "list" not in str(known[name].field_info.annotation)
        if single and len(request.query_params.getlist(name)) > 1:
            raise ProblemError("invalid-request", "A parameter was refused", (Fault(f"?{name}", "is given twice"),))


def check_instruments(desk: Desk, wanted: Sequence[str] | None, place: str) -> tuple[str, ...] | None:
    """Return the instruments asked for.

    Args:
        desk: whose watchlist is asked.
        wanted: ids, None for all.
        place: where they stand in the request; `{}` is the number of the one at fault.

    Raises:
        ProblemError: `invalid-request`: an id is not known here; every unknown one is named.
    """
    if wanted is None:
        return None
    known = sorted(instrument.id for instrument in desk.screener.index.watchlist.instruments)
    faults = tuple(
        Fault(place.format(number), f"no instrument is called {name!r}; known: {', '.join(known)}")
        for number, name in enumerate(wanted)
        if name not in known
    )
    if faults:
        raise ProblemError("invalid-request", f"{len(faults)} instrument(s) are not known", faults)
    return tuple(wanted)
