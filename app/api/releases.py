"""`/v1/releases`: the watchlist by time."""

from datetime import UTC, datetime

from anyio import to_thread
from fastapi import APIRouter

from app.api.cursors import foreign_cursor, read_cursor
from app.api.desk import Desk, TheDesk
from app.api.history_answers import DifferenceAnswer
from app.api.law_answers import ActivatedAnswer, ReleasePage
from app.api.paperwork import refusals
from app.api.parameters import Cursor, PageSize
from app.api.replies import JsonReply, page_of
from app.api.shown import show_activated, show_release
from app.usecases.activate_release import Activated, activate_release, enter_activation
from app.usecases.releases import page_of_releases, place_of
from app.watchlist.difference import difference_of

ROUTER = APIRouter(tags=["Watchlist"])

LATEST = 253_402_300_799
"""The last second of the year 9999."""


@ROUTER.get(
    "/v1/releases",
    operation_id="listReleases",
    summary="Releases of the watchlist",
    response_model=ReleasePage,
    responses=refusals("invalid-request"),
)
def get_releases(desk: TheDesk, cursor: Cursor = None, limit: PageSize = 50) -> JsonReply:
    """Releases that are compiled on this machine, the newest first, page by page.

    `current` is the one that new records are screened with. One that is `usable` can give its decisions again; the
    others were compiled by another version of the software.
    """
    key = read_cursor("releases", cursor, (int, str))
    after = None if key is None else (_moment(int(key[0])), str(key[1]))
    page = page_of_releases(desk.shelf, after, limit)
    items = [show_release(each) for each in page.items]
    if not page.more:
        return JsonReply(page_of(items, "releases", None))
    moment, release = place_of(page.items[-1])
    return JsonReply(page_of(items, "releases", (int(moment.timestamp()), release)))


@ROUTER.post(
    "/v1/releases/{release}/activate",
    operation_id="activateRelease",
    summary="Screen with another release from now on",
    response_model=ActivatedAnswer,
    responses=refusals("not-found", "release-not-here", "not-activated", "storage-unavailable"),
)
async def activate(desk: TheDesk, release: str) -> JsonReply:
    """Activate a release that is compiled on this machine, without a request failing for it.

    `release` is its digest, or the first characters of it (six at least). Its index is opened and checked first: 409
    where it is damaged or of another version of the software, and the release before goes on. Every process of this
    machine then takes it up between two requests; the answer comes when all have, and from then on no request is
    begun with another release. Until then an answer may come from either, as a whole from the one that it names. The
    choice outlasts a restart. Two activations at once are done one after the other.
    """
    return JsonReply(show_activated(await to_thread.run_sync(answer_activation, desk, release)))


def answer_activation(desk: Desk, release: str) -> Activated:
    """Activate a release, and enter in the caller's audit trail who did."""
    activated = activate_release(desk.shelf.folder, release)
    enter_activation(desk.database, activated)
    return activated


@ROUTER.get(
    "/v1/releases/{a}/diff/{b}",
    operation_id="compareReleases",
    summary="What changed from one release to another, and for whom",
    response_model=DifferenceAnswer,
    responses=refusals("not-found", "release-not-here"),
)
def get_difference(desk: TheDesk, a: str, b: str) -> JsonReply:
    """Lines of law that began, ended or read otherwise, by instrument; names and numbers by substance.

    `a` and `b` are digests of releases on this machine, or their first characters (six at least). Each change is told
    in a sentence and field by field; both lists are empty where the two say the same. 409 for a release that was
    compiled by a version of the software which this one cannot read.
    """
    return JsonReply(difference_of(desk.shelf.watchlist(a), desk.shelf.watchlist(b)))


def _moment(seconds: int) -> datetime:
    # Cursors can be forged.
    if not 0 <= seconds <= LATEST:
        raise foreign_cursor()
    return datetime.fromtimestamp(seconds, UTC)
