"""Give a kept decision again, with the release, the policy and the fields it was decided with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

from app.domain.decisions import Decision
from app.domain.errors import RecordGoneError, ReleaseNotHereError
from app.domain.records import RECORD_SCHEMA
from app.screening.scope import Scope
from app.screening.totals import Totals
from app.storage.amounts import Before
from app.storage.decisions import KeptDecision
from app.storage.engine import Database
from app.storage.records import read_content, read_knobs
from app.usecases.describe_decision import Document, describe_decision
from app.usecases.history import History
from app.usecases.kept_records import record_at
from app.usecases.read_decisions import read_decision
from app.usecases.releases import Shelf

NOTHING = "nothing"
"""What stands for a value that is not there."""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One place where two decisions differ."""

    place: str
    """A JSON pointer (RFC 6901) into the decision."""
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision given again."""

    kept: KeptDecision
    index_digest: str
    """The compiled index it was given again with; another one than the decision's where the software changed since."""
    document: Document
    differences: tuple[DocumentChange, ...]
    """Empty where the two are the same to the byte."""


def replay_decision(shelf: Shelf, database: Database, decision_id: str) -> Replay:
    """Decide again on the record of a kept decision, as it was asked then.

    Args:
        shelf: the releases of this machine.
        database: where decisions and records are kept.
        decision_id: of the decision.

    Returns:
        The decision of today with every difference from the one that was kept.

    Raises:
        UnknownNameError: no decision is kept under this id.
        RecordGoneError: the record's fields were erased or never kept.
        ReleaseNotHereError: the release or the policy is not on this machine, or not in a form this version can use.
    """
    kept = read_decision(database, decision_id)
    record = read_record(database, kept)
    knobs = read_knobs(database, kept.policy)
    if knobs is None:
        raise ReleaseNotHereError(f"the values of policy {kept.policy} were not kept")
    screener = shelf.screener(kept.release, knobs)
    scope = Scope(kept.today, kept.as_of, kept.instruments)
    (alone,) = screener.screen(record.select(RECORD_SCHEMA.names), scope)
    document = describe_decision(_with_totals(database, kept, alone))
    before = document_of(kept)
    same = orjson.dumps(document) == orjson.dumps(before)
    return Replay(kept, screener.index.digest, document, () if same else tuple(changes(before, document)))


def document_of(kept: KeptDecision) -> Document:
    """Return a kept decision as it was answered.

    Raises:
        RecordGoneError: its words were erased.
    """
    if kept.document is None:
        raise RecordGoneError(f"the words of decision {kept.id} were erased")
    return kept.document


def _with_totals(database: Database, kept: KeptDecision, alone: Decision) -> Decision:
    """Return a decision with the amounts of the records before it, as they stood when it was decided."""
    if not alone.tallies:
        return alone
    totals = Totals()
    before = Before(kept.origin_run_id, kept.origin_position, kept.began if kept.history else None, kept.run_id)
    History(database, before, kept.input_sha256).recall(totals, [alone])
    return totals.add(kept.origin_position + 1, alone)


def read_record(database: Database, kept: KeptDecision) -> pa.Table:
    """Return the record a decision is on, in `CONTENT_SCHEMA`.

    Raises:
        RecordGoneError: its fields were erased or never kept.
    """
    content = read_content(database, kept.origin_run_id, kept.origin_position)
    record = None if content is None else record_at(content, kept.origin_position)
    if record is None:
        raise RecordGoneError(f"the fields of the record of decision {kept.id} were erased or never kept")
    return record


def changes(was: Any, now: Any, place: str = "") -> Iterator[DocumentChange]:
    """Yield every place where two JSON values differ, outermost first.

    Args:
        was: the value before.
        now: the value after.
        place: JSON pointer of both.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            yield from changes(was.get(key, NOTHING), now.get(key, NOTHING), f"{place}/{_escaped(key)}")
    elif isinstance(was, list) and isinstance(now, list):
        for number in range(max(len(was), len(now))):
            before, after = (each[number] if number < len(each) else NOTHING for each in (was, now))
            yield from changes(before, after, f"{place}/{number}")
    elif was != now:
        yield DocumentChange(place, was, now)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
