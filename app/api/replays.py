"""`/v1/decisions/…/replay` and `…/evidence.svg`: a decision given again, and what its findings rest on."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.desk import TheDesk
from app.api.history_answers import ReplayAnswer
from app.api.kept_decisions import known_form
from app.api.paperwork import described, refusals
from app.api.replies import JsonReply
from app.api.shown import show_replay
from app.api.substances import SVG
from app.usecases.draw_evidence import draw_kept_evidence
from app.usecases.replay_decision import replay_decision

ROUTER = APIRouter(tags=["Decisions"])


@ROUTER.post(
    "/v1/decisions/{decision_id}/replay",
    operation_id="replayDecision",
    summary="Give a decision again",
    response_model=ReplayAnswer,
    responses=refusals("not-found", "release-not-here", "record-gone", "overloaded", "storage-unavailable"),
)
async def replay(desk: TheDesk, decision_id: str) -> JsonReply:
    """Decide again with the release, the policy, the day and the record's fields of a kept decision.

    `identical` says whether the two are the same to the byte; where they are not, `differences` names every place. The
    release is taken as this version of the software compiled it: `index` and `version` say with what. Nothing is kept.
    409 where the release or the policy is not on this machine; 410 where the record's fields are not kept any more.
    """
    name = known_form(decision_id)
    return JsonReply(show_replay(await desk.gate.work(partial(replay_decision, desk.shelf, desk.database, name))))


@ROUTER.head(
    "/v1/decisions/{decision_id}/findings/{number}/evidence.svg", operation_id="drawEvidence", include_in_schema=False
)
@ROUTER.get(
    "/v1/decisions/{decision_id}/findings/{number}/evidence.svg",
    operation_id="drawEvidence",
    summary="What a finding by structure rests on, drawn",
    response_class=Response,
    responses={
        200: described("The drawing.", {SVG: {"schema": {"type": "string"}}}),
        **refusals(
            "not-found",
            "no-structure",
            "record-gone",
            "invalid-request",
            "overloaded",
            "storage-unavailable",
            "drawing-unavailable",
        ),
    },
)
async def get_evidence(
    desk: TheDesk,
    decision_id: str,
    number: Annotated[int, Path(ge=0, le=999, description="Place of the finding in the decision, from 0.")],
) -> Response:
    """The record's structure beside the listed one, with the atoms that match highlighted in both.

    The record's structure is its SMILES or InChI, or the one its systematic name describes. Highlighted is the listed
    structure wherever the record has it whole, otherwise the largest connected part that both have. 404 with the reason
    for a finding that rests on no structure (`no-structure`), such as one by name or by number.
    """
    work = partial(draw_kept_evidence, desk.shelf, desk.database, known_form(decision_id), number)
    return Response(await desk.gate.work(work), media_type=SVG)
