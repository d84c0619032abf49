"""`/v1/decisions/…/review`: what an officer made of a decision."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from app.api.asked import ReviewAsked
from app.api.bodies import read_json
from app.api.desk import Desk, TheDesk
from app.api.history_answers import ReviewedAnswer
from app.api.idempotency import refuse_key
from app.api.kept_decisions import known_form
from app.api.paperwork import json_body, refusals
from app.api.refusals import body_problem
from app.api.replies import JsonReply
from app.api.shown import show_reviewed
from app.domain.words import Disposition
from app.usecases.review_decision import review_decision

ROUTER = APIRouter(tags=["Decisions"])


@ROUTER.post(
    "/v1/decisions/{decision_id}/review",
    operation_id="reviewDecision",
    summary="Say what was made of a decision",
    response_model=ReviewedAnswer,
    dependencies=[Depends(refuse_key)],
    responses=refusals(
        "malformed-request",
        "not-found",
        "decision-replaced",
        "same-person",
        "unsupported-media-type",
        "too-large",
        "unknown-field",
        "invalid-request",
        "overloaded",
        "storage-unavailable",
    ),
    openapi_extra=json_body(ReviewAsked),
)
async def review(request: Request, desk: TheDesk, decision_id: str) -> JsonReply:
    """Keep an officer's disposition behind those the decision has; nothing said before is changed, and the last holds.

    `cleared` takes it off the queue, but only as long as it stays what it is: where a rescreening comes to another
    outcome, the new decision is open again, unless every finding that alarms was cleared and its entries and clues are
    the same. A decision that was replaced is not reviewed any more: 409 names the newer one.

    Where the service is told to ask for a second person (`PW_SECOND_PERSON`), a clearance of such a verdict leaves the
    decision `awaiting_second` and in the queue, until another reviewer, with another key, clears it too; the same one
    is refused with 409. Any other disposition holds at once.
    """
    body = await read_json(request, desk.limits.max_json_bytes, desk.limits.in_memory)
    return JsonReply(await desk.gate.work(partial(answer_review, desk, decision_id, body)))


def answer_review(desk: Desk, decision_id: str, body: bytes) -> dict[str, Any]:
    """Return the answer to a review; by then it is kept.

    Raises:
        ProblemError: the body was refused.
        UnknownNameError: no decision is kept under this id.
        ReplacedError: a newer decision is the one to review.
        SamePersonError: the clearance that would be confirmed is the same person's.
    """
    try:
        asked = ReviewAsked.model_validate_json(body)
    except ValidationError as error:
        raise body_problem(error) from error
    disposition = Disposition(asked.disposition)
    name, second_for = known_form(decision_id), desk.second_for
    kept, reviews = review_decision(
        desk.database, name, disposition, asked.reason, asked.reviewer, second_for=second_for
    )
    return show_reviewed(kept, reviews)
