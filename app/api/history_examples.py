"""The examples of the description that tell of the past: reviews, replays, rescreenings and differences."""

from dataclasses import replace

from app.api.desk import Desk
from app.api.replies import JsonReply, page_of
from app.api.shown import show_activated, show_replay, show_rescreened, show_reviewed
from app.domain.audit import BEGINNING, Action, AuditEntry, Head, entry_hash, write_moment
from app.domain.version import VERSION
from app.domain.words import Disposition, Status, Verdict
from app.screening.scope import Scope
from app.storage.decisions import KeptDecision
from app.storage.reviews import Review
from app.storage.runs import RunStart
from app.usecases.activate_release import Activated
from app.usecases.active_release import Active
from app.usecases.describe_decision import describe_decision
from app.usecases.draw_evidence import Easel, draw_finding
from app.usecases.replay_decision import Replay, document_of
from app.usecases.rescreen import Rescreened
from app.watchlist.difference import difference_of
from app.watchlist.model import Watchlist

REVIEW = {
    "disposition": "confirmed",
    "reason": "Held until the licence is seen.",
    "reviewer": "desk 4",
}

EARLIER = "0" * 64
"""Stands for a release that is not there, in the example of a difference."""


def history_answers(desk: Desk, kept: KeptDecision) -> dict[str, JsonReply]:
    """Return the answers of the operations on the past, by operation id.

    Args:
        desk: whose watchlist answers.
        kept: the example of a kept decision.
    """
    index, policy = desk.screener.index, desk.screener.policy.id
    said = Review(Disposition(REVIEW["disposition"]), REVIEW["reason"], REVIEW["reviewer"], kept.created_at)
    run = RunStart(
        kept.run_id, kept.created_at, "rescreen", index.release, index.digest, policy, VERSION, None, None, None
    )
    activated = Active(index.release, kept.created_at)
    done = Rescreened(run, passed=1_000, screened=3)
    done.changed[Verdict.NOT_LISTED, Verdict.CONTROLLED] = 2
    entry = _entry(kept)
    return {
        "reviewDecision": JsonReply(show_reviewed(replace(kept, status=Status.CONFIRMED), (said,))),
        "replayDecision": JsonReply(show_replay(Replay(kept, index.digest, document_of(kept), ()))),
        "rescreen": JsonReply(show_rescreened(done)),
        "activateRelease": JsonReply(show_activated(Activated(activated, index.digest, EARLIER))),
        "eraseContent": JsonReply({"run_id": kept.run_id, "blocks": 1, "decisions": 1}),
        "listAudit": JsonReply(page_of([entry], "audit", None)),
        "getAuditHead": JsonReply(Head(entry.tenant, entry.number, entry.hash, entry.at)),
        "compareReleases": JsonReply(difference_of(_earlier(index.watchlist), index.watchlist)),
    }


def _entry(kept: KeptDecision) -> AuditEntry:
    """Return an entry that tells of a review."""
    facts = '{"disposition":"confirmed","number":1}'
    at = write_moment(kept.created_at)
    fields = ("local", 1, at, "local", Action.REVIEWED.value, kept.id, facts, BEGINNING)
    return AuditEntry(*fields, hash=entry_hash(fields))


def draw_example(desk: Desk, smiles: str, substance: str) -> str:
    """Draw a substance of the watchlist as it is found by its own structure."""
    record: dict[str, str | None] = {"smiles": smiles}
    decision = desk.screener.decide(record, Scope(today=desk.screener.index.watchlist.instruments[0].read))
    finding = next(each for each in describe_decision(decision)["findings"] if each["substance_id"] == substance)
    return draw_finding(finding, record, Easel(desk.screener.index.watchlist))


def _earlier(watchlist: Watchlist) -> Watchlist:
    """Return the watchlist as if the last line of its first instrument had not begun."""
    first, *others = watchlist.instruments
    shortened = replace(first, entries=first.entries[:-1])
    return replace(watchlist, instruments=(shortened, *others), release=EARLIER)
