"""`/healthz`, `/readyz` and `/metrics`: what an operator's machinery asks."""

from anyio import fail_after, to_thread
from fastapi import APIRouter, Request, Response

from app.api.answers import HealthAnswer, ReadyAnswer
from app.api.desk import Desk, TheDesk
from app.api.paperwork import described, refusals
from app.api.problems import ProblemError
from app.api.refusals import RETRY_AFTER
from app.api.replies import JsonReply
from app.domain.errors import StorageError
from app.domain.version import VERSION
from app.usecases.prepare_database import check_database

ROUTER = APIRouter(tags=["Operation"])

READY_SECONDS = 10.0
"""A database that has not answered for so long is none to send requests to, whatever it is at."""

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@ROUTER.get(
    "/healthz",
    operation_id="getHealth",
    summary="Is the process alive",
    response_model=HealthAnswer,
    responses=refusals(),
)
async def get_health() -> JsonReply:
    """200 as long as the process answers at all; asks neither the database nor the index."""
    # In no thread: all of them may wait for a database.
    return healthy()


@ROUTER.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Can the service screen and keep",
    response_model=ReadyAnswer,
    responses=refusals("not-ready"),
)
async def get_readiness(request: Request, desk: TheDesk) -> JsonReply:
    """200 when the database answers within 10 s and is migrated, and the index is whole; 503 `not-ready` otherwise.

    After `SIGTERM` it answers 503 while requests are still taken, so that whoever distributes them goes elsewhere.
    """
    if request.app.state.draining:
        raise not_ready("the service is about to end")
    try:
        with fail_after(READY_SECONDS):
            revision, damage = await to_thread.run_sync(_look_at, desk, abandon_on_cancel=True)
    except TimeoutError as error:
        raise not_ready(f"the database did not answer within {READY_SECONDS:g} s") from error
    except StorageError as error:
        raise not_ready(str(error)) from error
    if damage is not None:
        raise not_ready(damage)
    index = desk.screener.index
    return JsonReply(
        {
            "status": "ready",
            "version": VERSION,
            "release": index.release,
            "index": index.digest,
            "policy": desk.screener.policy.id,
            "database": revision,
        }
    )


def _look_at(desk: Desk) -> tuple[str, str | None]:
    return check_database(desk.database), desk.in_use.damage()


def healthy() -> JsonReply:
    """Return the answer of a process that answers."""
    return JsonReply({"status": "ok", "version": VERSION})


def not_ready(why: str) -> ProblemError:
    """Return the answer of a service that should get no requests now."""
    return ProblemError("not-ready", why, headers=RETRY_AFTER)


@ROUTER.get(
    "/metrics",
    operation_id="getMetrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: described("Prometheus text format.", {"text/plain": {"schema": {"type": "string"}}}), **refusals()},
)
def get_metrics(desk: TheDesk) -> Response:
    """Requests, records, verdicts and the release in use, added up over the processes of this service.

    Requests are told by route, method and status, with their time, how many wait, and how many were refused because all
    workers were busy; how many jobs wait and are worked on, as they were a few seconds ago.
    """
    return Response(desk.metrics.text(), headers={"Content-Type": METRICS_TYPE})
