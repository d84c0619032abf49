"""The watchlist and the memory put into the shapes of the answers."""

from collections.abc import Sequence
from typing import Any

from app.domain.version import VERSION
from app.screening.resolution import Resolution
from app.storage.decisions import KeptDecision
from app.storage.reviews import Review
from app.usecases.activate_release import Activated
from app.usecases.read_substances import ListedSubstance
from app.usecases.releases import ReleaseAtHand
from app.usecases.replay_decision import Replay
from app.usecases.rescreen import Rescreened
from app.watchlist.model import Entry, Instrument, Substance

Shown = dict[str, Any]


def show_resolution(resolution: Resolution) -> Shown:
    """Return what a name means, as it is answered."""
    mentions = [
        {
            "text": mention.text,
            "outcome": mention.outcome,
            "substance_id": mention.substance_id,
            "substance": mention.substance,
            "cas": mention.cas,
            "channel": mention.channel,
            "score": None if mention.score is None else round(float(mention.score), 3),
            "rejected": mention.rejected,
        }
        for mention in resolution.mentions
    ]
    return {"text": resolution.text, "folded": resolution.folded, "mentions": mentions}


def show_substance_line(substance: Substance) -> Shown:
    """Return a substance as a line of a list."""
    return {
        "id": substance.id,
        "name": substance.name,
        "cas": substance.cas,
        "ec": substance.ec,
        "un": substance.un,
        "hs": substance.hs,
    }


def show_substance(listed: ListedSubstance) -> Shown:
    """Return a substance with its names, forms and entries."""
    substance = listed.substance
    return {
        **show_substance_line(substance),
        "smiles": substance.smiles,
        "inchikey": substance.inchikey,
        "structure_basis": substance.structure_basis,
        "density": substance.density,
        "forms": substance.forms,
        "names": substance.names,
        "entries": [
            {
                "id": entry.id,
                "instrument": entry.instrument,
                "begins": entry.begins,
                "ends": entry.ends,
                "citation": entry.citation,
                "evidence": entry.evidence,
            }
            for entry in listed.entries
        ],
    }


def show_instrument(instrument: Instrument) -> Shown:
    """Return an instrument without its entries."""
    return {
        "id": instrument.id,
        "title": instrument.title,
        "short": instrument.short,
        "jurisdiction": instrument.jurisdiction,
        "kind": instrument.kind,
        "authority": instrument.authority,
        "read": instrument.read,
        "covers_from": instrument.covers_from,
        "entries": len(instrument.entries),
        "totals_of": instrument.totals_of,
    }


def show_entry(entry: Entry) -> Shown:
    """Return an entry with its clause, thresholds and duties."""
    return {
        "id": entry.id,
        "instrument": entry.instrument,
        "list_name": entry.list,
        "printed": entry.printed,
        "substances": entry.substances,
        "clause": entry.clause,
        "begins": entry.begins,
        "begins_basis": entry.begins_basis,
        "ends": entry.ends,
        "thresholds": entry.thresholds,
        "no_threshold": entry.no_threshold,
        "duties": entry.duties,
        "duty_words": entry.duty_words,
        "citation": entry.citation,
        "evidence": entry.evidence,
        "verified": entry.verified,
        "verified_source": entry.verified_source,
        "notes": entry.notes,
        "lead_times": entry.lead_times,
        "destinations": entry.destinations,
        "export_only": entry.export_only,
        "border_only": entry.border_only,
    }


def show_release(release: ReleaseAtHand) -> Shown:
    """Return a release that is on this machine."""
    counted = {
        name: None if release.contents is None else getattr(release.contents, name)
        for name in ("substances", "names", "instruments", "entries", "newest_reading")
    }
    return {
        "release": release.kept.origin.release,
        "index": release.kept.origin.digest,
        "current": release.loaded,
        "usable": release.usable,
        "compiled_at": release.kept.compiled_at,
        **counted,
    }


def show_activated(activated: Activated) -> Shown:
    """Return a release that was activated."""
    return {
        "release": activated.active.release,
        "index": activated.index,
        "before": activated.before,
        "activated_at": activated.active.activated_at,
    }


def _origin(kept: KeptDecision) -> Shown:
    return {"run_id": kept.origin_run_id, "position": kept.origin_position}


def show_decision_line(kept: KeptDecision) -> Shown:
    """Return a kept decision as a line of a list."""
    return {
        "id": kept.id,
        "run_id": kept.run_id,
        "position": kept.position,
        "created_at": kept.created_at,
        "record_id": kept.record_id,
        "verdict": kept.verdict,
        "score": kept.score,
        "reason": kept.reason,
        "substance_ids": kept.substance_ids,
        "status": kept.status,
        "replaces": kept.replaces,
        "origin": _origin(kept),
    }


def show_decision(kept: KeptDecision, reviews: Sequence[Review]) -> Shown:
    """Return a kept decision as it was answered, with what it was decided with and what came of it."""
    return {
        "id": kept.id,
        "run_id": kept.run_id,
        "position": kept.position,
        "created_at": kept.created_at,
        "door": kept.door,
        "release": kept.release,
        "index": kept.index_digest,
        "policy": kept.policy,
        "version": kept.version,
        "as_of": kept.as_of,
        "instruments": kept.instruments,
        "status": kept.status,
        "replaces": kept.replaces,
        "origin": _origin(kept),
        "trigger": kept.trigger,
        "replaced_by": kept.replaced_by,
        "reviews": reviews,
        "decision": kept.document,
    }


def show_reviewed(kept: KeptDecision, reviews: Sequence[Review]) -> Shown:
    """Return a decision as it stands after a review."""
    return {"id": kept.id, "status": kept.status, "reviews": reviews}


def show_replay(replay: Replay) -> Shown:
    """Return a decision that was given again, with every difference."""
    return {
        "id": replay.kept.id,
        "identical": not replay.differences,
        "release": replay.kept.release,
        "policy": replay.kept.policy,
        "index": replay.index_digest,
        "version": VERSION,
        "decided_with_index": replay.kept.index_digest,
        "decided_with_version": replay.kept.version,
        "differences": replay.differences,
        "decision": replay.document,
    }


def show_rescreened(done: Rescreened) -> Shown:
    """Return what a rescreening came to."""
    run = done.run
    return {
        "run_id": run.id,
        "release": run.release,
        "index": run.index_digest,
        "policy": run.policy,
        "version": run.version,
        "passed": done.passed,
        "screened": done.screened,
        "changed": done.changed.total(),
        "outcomes": [{"was": was, "now": now, "records": count} for (was, now), count in sorted(done.changed.items())],
        "kept_clear": done.kept_clear,
        "not_asked": done.not_asked,
        "left": done.left,
    }
