"""Verify the audit trail: that its chain is whole, and that everything that is kept is what its entries tell."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.domain.audit import BEGINNING, SCREENINGS, Action, AuditEntry, Head, hash_of
from app.domain.errors import Fault
from app.storage.accounts import Row, plain_text, sha256, tell_block, tell_decision, tell_end, tell_review, tell_run
from app.storage.audited import Erasure, KeptRows, Told, Trail, open_trail
from app.storage.engine import Database

ENTRIES_AT_ONCE = 50
DECISIONS_AT_ONCE = 2_000
"""So much is held in memory at a time, however long the chain is; one entry may tell of more."""

NO_WORDS = "null"
"""The document of a decision whose words were erased."""

UNTOLD = {
    "run": "run {subject}",
    "decision": "decision {subject}-{number}",
    "records": "records {subject} {number}",
    "review": "review {subject} {number}",
}
"""How a row is named that no entry tells of."""

Progress = Callable[[int, int], None]
"""Told how many entries are verified, and of how many."""


@dataclass(slots=True)
class Verification:
    """How far a verification is."""

    trail: Trail
    entries: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    """Rows that entries tell of and that are there, by kind."""


def verify_audit(
    database: Database, exported: Head | None = None, progress: Progress = lambda done, total: None
) -> Iterator[Fault]:
    """Yield every fault of the caller's chain, and of what is kept beside it.

    Args:
        database: where it is kept.
        exported: an end of the chain that was kept elsewhere: the chain must still have it.
        progress: told after each portion.

    Yields:
        Entries that were changed, are missing, stand in another order or were put in between; an end that was cut off;
        runs, decisions, records and reviews that are not as they were entered, are gone, or were never entered; words
        that were erased and are there again, or are gone without an entry. Nothing where all is as it was.
    """
    with open_trail(database) as trail:
        work = Verification(trail)
        end = trail.head()
        before = Head(trail.tenant, 0, BEGINNING, "")
        if exported is not None and exported.tenant != trail.tenant:
            yield Fault("exported head", f"is of tenant {exported.tenant}")
        while entries := trail.entries(ENTRIES_AT_ONCE, before.number):
            sound: list[Told] = []
            for entry in entries:
                yield from _chain_faults(entry, before, exported)
                if hash_of(entry) == entry.hash:
                    sound.append((entry, orjson.loads(entry.facts)))
                before = Head(entry.tenant, entry.number, entry.hash, entry.at)
            for portion in _portions(sound):
                kept = trail.kept(portion)
                for entry, facts in portion:
                    yield from _row_faults(work, entry, facts, kept)
            work.entries += len(entries)
            progress(work.entries, end.number)
        yield from _end_faults(before, end, exported)
        for kind, count in trail.counts().items():
            if count != work.rows[kind]:
                for subject, number in trail.untold(kind):
                    yield Fault(UNTOLD[kind].format(subject=subject, number=number), "no entry tells of it")


def _chain_faults(entry: AuditEntry, before: Head, exported: Head | None) -> Iterator[Fault]:
    place = f"entry {entry.number}"
    if entry.number != before.number + 1:
        yield Fault(place, f"the {entry.number - before.number - 1} before it are missing")
    elif entry.previous != before.hash:
        yield Fault(place, "does not follow the one before it")
    if hash_of(entry) != entry.hash:
        yield Fault(place, "is not as it was written: its hash is another")
    if exported is not None and exported.number == entry.number and exported.hash != entry.hash:
        yield Fault(place, "is not the one that was exported: the chain was written anew")


def _end_faults(last: Head, end: Head, exported: Head | None) -> Iterator[Fault]:
    if (last.number, last.hash) != (end.number, end.hash):
        yield Fault("end of the chain", f"should be entry {end.number}, the last one found is {last.number}")
    if exported is not None and exported.number > last.number:
        yield Fault("end of the chain", f"entry {exported.number} was exported, the last one found is {last.number}")


def _portions(told: list[Told]) -> Iterator[list[Told]]:
    portion: list[Told] = []
    size = 0
    for entry, facts in told:
        decisions = len(facts["decisions"]) if entry.action in SCREENINGS else 0
        if portion and size + decisions > DECISIONS_AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append((entry, facts))
        size += decisions
    if portion:
        yield portion


def _row_faults(work: Verification, entry: AuditEntry, facts: Mapping[str, Any], kept: KeptRows) -> Iterator[Fault]:
    if entry.action in SCREENINGS:
        yield from _run_faults(entry, facts, kept.runs.get(entry.subject))
        yield from _decision_faults(work, entry, facts, kept)
        for block in facts["records"]:
            yield from _block_faults(work, entry, block, kept)
    if entry.action in {*SCREENINGS, Action.FINISHED} and "finished" in facts:
        yield from _finish_faults(work, entry, facts, kept.runs.get(entry.subject))
    if entry.action == Action.REVIEWED:
        yield from _review_faults(work, entry, facts, kept)


def _run_faults(entry: AuditEntry, facts: Mapping[str, Any], row: Row | None) -> Iterator[Fault]:
    place = f"run {entry.subject}"
    if row is None:
        yield Fault(place, f"is gone; entry {entry.number} tells of it")
        return
    told = tell_run(row)
    if told != {name: facts[name] for name in told} or row["key_id"] != entry.key_id:
        yield Fault(place, f"is not as entry {entry.number} tells")


def _finish_faults(work: Verification, entry: AuditEntry, facts: Mapping[str, Any], row: Row | None) -> Iterator[Fault]:
    if row is None:
        yield Fault(f"run {entry.subject}", f"is gone; entry {entry.number} tells of it")
        return
    work.rows["run"] += row["finished_at"] is not None
    if tell_end(row) != facts["finished"]:
        yield Fault(f"run {entry.subject}", f"did not end as entry {entry.number} tells")


def _decision_faults(
    work: Verification, entry: AuditEntry, facts: Mapping[str, Any], kept: KeptRows
) -> Iterator[Fault]:
    found = {
        row["position"]: row
        for row in kept.decisions[entry.subject]
        if facts["first"] <= row["position"] < facts["until"]
    }
    for item in facts["decisions"]:
        place = f"decision {entry.subject}-{item['position']}"
        row = found.get(item["position"])
        if row is None:
            yield Fault(place, f"is gone; entry {entry.number} tells of it")
            continue
        work.rows["decision"] += 1
        origin = item.get("origin_run", entry.subject), item.get("origin_position", item["position"])
        erased = _is_erased(kept.erasures, entry.number, *origin)
        if row["words"] == NO_WORDS:
            told = tell_decision(row, item["document"])
            if not erased:
                yield Fault(place, "its words are gone, and no entry tells of an erasure")
            as_written = (row["record_id"], row["reason"]) == (None, "")
        else:
            told = tell_decision(row, sha256(row["words"].encode()))
            if erased:
                yield Fault(place, "its words were erased, and are there again")
            as_written = _shows(row, orjson.loads(row["words"]))
        if told != item or not as_written or row["id"] != f"{entry.subject}-{item['position']}":
            yield Fault(place, f"is not as entry {entry.number} tells")


def _shows(row: Row, document: Mapping[str, Any]) -> bool:
    """Return whether a decision's columns say what its document says."""
    return all(row[name] == plain_text(document.get(name)) for name in ("record_id", "reason"))


def _block_faults(work: Verification, entry: AuditEntry, block: Mapping[str, Any], kept: KeptRows) -> Iterator[Fault]:
    place = f"records {entry.subject} {block['first']}"
    if (entry.subject, block["first"]) not in kept.blocks:
        yield Fault(place, f"are gone; entry {entry.number} tells of them")
        return
    content = kept.blocks[entry.subject, block["first"]]
    erased = _is_erased(kept.erasures, entry.number, entry.subject, block["first"])
    if content is None:
        if not erased:
            yield Fault(place, "their fields are gone, and no entry tells of an erasure")
        return
    work.rows["records"] += 1
    if erased:
        yield Fault(place, "their fields were erased, and are there again")
    elif tell_block(block["first"], content) != block:
        yield Fault(place, f"are not as entry {entry.number} tells")


def _review_faults(work: Verification, entry: AuditEntry, facts: Mapping[str, Any], kept: KeptRows) -> Iterator[Fault]:
    place = f"review {entry.subject} {facts['number']}"
    row = kept.reviews.get((entry.subject, facts["number"]))
    if row is None:
        yield Fault(place, f"is gone; entry {entry.number} tells of it")
        return
    work.rows["review"] += 1
    run, position = row["origin"]
    erasures = {run: [each for each in kept.erasures.get(run, ()) if each.reasons]}
    erased = _is_erased(erasures, entry.number, run, position)
    told = tell_review(row)
    if not row["reason"] and told["reason"] != facts["reason"]:
        told["reason"] = facts["reason"]
        if not erased:
            yield Fault(place, "its reason is gone, and no entry tells of an erasure")
    elif row["reason"] and erased:
        yield Fault(place, "its reason was erased, and is there again")
    if told != facts:
        yield Fault(place, f"is not as entry {entry.number} tells")


def _is_erased(erasures: Mapping[str, list[Erasure]], number: int, run: str, position: int) -> bool:
    """Return whether what an entry tells of was erased by a later one."""
    return any(each.number > number and each.first <= position < each.until for each in erasures.get(run, ()))
