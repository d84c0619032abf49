"""`/v1/resolve` and `/v1/resolve/evidence.svg`: what names mean, and what that rests on."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.api.answers import ResolvingAnswer
from app.api.asked import DrawingAsked, ResolvingAsked
from app.api.bodies import read_json
from app.api.desk import Desk, TheDesk, today
from app.api.paperwork import described, json_body, refusals
from app.api.refusals import body_problem
from app.api.replies import JsonReply
from app.api.shown import show_resolution
from app.api.substances import SVG
from app.domain.version import VERSION
from app.screening.scope import Scope
from app.usecases.deadline import deadline_in
from app.usecases.draw_evidence import draw_name
from app.usecases.resolve_name import resolve_names

ROUTER = APIRouter(tags=["Names"])


@ROUTER.post(
    "/v1/resolve",
    operation_id="resolveNames",
    summary="What substances names mean, and why",
    response_model=ResolvingAnswer,
    responses=refusals(
        "malformed-request",
        "unsupported-media-type",
        "too-large",
        "took-too-long",
        "unknown-field",
        "invalid-request",
        "overloaded",
    ),
    openapi_extra=json_body(ResolvingAsked),
)
async def resolve(request: Request, desk: TheDesk) -> JsonReply:
    """Resolve up to 100 names, as the screening does with a description.

    Each name is answered with the mentions found in it: `listed` for a substance of the watchlist, `lawful` for a known
    chemical that is on no list, `ambiguous` where it may be either, `unknown` otherwise. Listed look-alikes that were
    considered and dropped are named with the reason. Nothing is kept.
    """
    body = await read_json(request, desk.limits.max_json_bytes, desk.limits.in_memory)
    return JsonReply(await desk.gate.work(partial(answer_names, desk, body)))


@ROUTER.post(
    "/v1/resolve/evidence.svg",
    operation_id="drawName",
    summary="What a name is described by, drawn",
    response_class=Response,
    responses={
        200: described("The drawing.", {SVG: {"schema": {"type": "string"}}}),
        **refusals(
            "malformed-request",
            "unsupported-media-type",
            "too-large",
            "unknown-field",
            "invalid-request",
            "no-structure",
            "overloaded",
            "drawing-unavailable",
        ),
    },
    openapi_extra=json_body(DrawingAsked),
)
async def draw(request: Request, desk: TheDesk) -> Response:
    """The structure that a systematic name describes beside the listed one, with the matching atoms highlighted.

    Of a name that the list itself has there is nothing to compare: 404 (`no-structure`), as for a text in which nothing
    listed is found; the detail says which. Nothing is kept.
    """
    body = await read_json(request, desk.limits.max_json_bytes, desk.limits.in_memory)
    return Response(await desk.gate.work(partial(draw_asked, desk, body)), media_type=SVG)


def draw_asked(desk: Desk, body: bytes) -> str:
    """Return the drawing for a request's body, as an SVG document.

    Raises:
        ProblemError: the body was refused.
        NoStructureError: the name leads to nothing listed by a structure.
        DrawingUnavailableError: this machine cannot draw.
    """
    try:
        asked = DrawingAsked.model_validate_json(body)
    except ValidationError as error:
        raise body_problem(error) from error
    return draw_name(asked.name, asked.substance, desk.shelf, Scope(today=today()))


def answer_names(desk: Desk, body: bytes) -> dict[str, Any]:
    """Return the answer to a request's body.

    Raises:
        ProblemError: the body was refused.
        TookTooLongError: the names take too long to read.
    """
    try:
        asked = ResolvingAsked.model_validate_json(body)
    except ValidationError as error:
        raise body_problem(error) from error
    deadline = deadline_in(desk.limits.json_seconds)
    return {
        "release": desk.screener.index.release,
        "policy": desk.screener.policy.id,
        "version": VERSION,
        "resolutions": [show_resolution(each) for each in resolve_names(desk.screener, asked.names, deadline)],
    }
