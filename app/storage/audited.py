"""The rows that entries of the audit trail tell of, read side by side with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, Text, and_, cast, func, or_, select, tuple_

from app.domain.audit import SCREENINGS, Action, AuditEntry, Head
from app.storage.accounts import Row
from app.storage.audit import entries_about, head_of, read_entries
from app.storage.engine import Database, storage_errors
from app.storage.tables import AUDIT, AUDIT_HEADS, DECISIONS, RECORD_BLOCKS, REVIEWS, RUNS

Facts = Mapping[str, Any]
Told = tuple[AuditEntry, Facts]
"""An entry with its facts, read."""
Place = tuple[str, int]
"""A run and a position in it, or a decision and the number of a review."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Erasure:
    """Words of a run that were erased, and the entry that says so."""

    number: int
    first: int
    until: int
    reasons: bool
    """Whether the reasons of reviews went too; in entries of the first versions they did not."""


@dataclass(frozen=True, slots=True)
class KeptRows:
    """What the database holds of what some entries tell of."""

    runs: dict[str, Row] = field(default_factory=dict)
    decisions: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """By run; `words` is the document as it is kept."""
    blocks: dict[Place, bytes | None] = field(default_factory=dict)
    """The content of each, by run and first position."""
    reviews: dict[Place, Row] = field(default_factory=dict)
    """By decision and number, each with the place of the decision's record."""
    erasures: dict[str, list[Erasure]] = field(default_factory=lambda: defaultdict(list))
    """By the run the records came with."""


def list_tenants(database: Database) -> list[str]:
    """Return every tenant of whom anything is kept or told."""
    query = select(AUDIT_HEADS.c.tenant).union(
        select(RUNS.c.tenant), select(DECISIONS.c.tenant), select(AUDIT.c.tenant)
    )
    with storage_errors(), database.connect() as connection:
        return sorted(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Trail:
    """A tenant's chain and what it tells of, all as it was at one moment."""

    tenant: str
    _connection: Connection

    def head(self) -> Head:
        """Return the end of the chain."""
        return head_of(self._connection, self.tenant)

    def entries(self, limit: int, after: int) -> list[AuditEntry]:
        """Return the entries behind one, at most so many, in their order."""
        return read_entries(self._connection, self.tenant, limit, after)

    def kept(self, told: Sequence[Told]) -> KeptRows:
        """Return the rows that some entries tell of."""
        kept = KeptRows()
        stretches = [(entry.subject, facts) for entry, facts in told if entry.action in SCREENINGS]
        names = {entry.subject for entry, _ in told if entry.action in {*SCREENINGS, Action.FINISHED}}
        for row in self._rows(select(RUNS).where(RUNS.c.tenant == self.tenant, RUNS.c.id.in_(names))):
            kept.runs[row["id"]] = row
        if stretches:
            within = or_(*(_within(run, facts) for run, facts in stretches))
            query = select(DECISIONS, cast(DECISIONS.c.document, Text).label("words"))
            query = query.where(DECISIONS.c.tenant == self.tenant, within)
            for row in self._rows(query.order_by(DECISIONS.c.run_id, DECISIONS.c.position)):
                kept.decisions[row["run_id"]].append(row)
        self._add_blocks([(run, block["first"]) for run, facts in stretches for block in facts["records"]], kept)
        self._add_reviews([entry.subject for entry, _ in told if entry.action == Action.REVIEWED], kept)
        self._add_erasures(
            {item.get("origin_run", run) for run, facts in stretches for item in facts["decisions"]}, kept
        )
        self._add_erasures({run for run, _ in kept.blocks} - kept.erasures.keys(), kept)
        self._add_erasures({row["origin"][0] for row in kept.reviews.values()} - kept.erasures.keys(), kept)
        return kept

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each kind that entries tell of."""
        return {
            kind: int(self._connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())
            for kind, query in _told_of(self.tenant).items()
        }

    def untold(self, kind: str) -> Iterator[Place]:
        """Yield the rows of a kind of `counts` that no entry tells of."""
        query = _told_of(self.tenant)[kind]
        subject, number = query.selected_columns
        after: Place | None = None
        known: tuple[str, set[int]] = ("", set())
        while True:
            later = query if after is None else query.where(tuple_(subject, number) > tuple_(*after))
            rows = self._connection.execute(later.order_by(subject, number).limit(_AT_ONCE)).all()
            for name, group in groupby(rows, key=lambda row: str(row[0])):
                if known[0] != name:
                    known = name, set(self._told_numbers(name, kind))
                yield from ((name, row[1]) for row in group if row[1] not in known[1])
            if len(rows) < _AT_ONCE:
                return
            after = (rows[-1][0], rows[-1][1])

    def _told_numbers(self, subject: str, kind: str) -> Iterator[int]:
        for entry in entries_about(self._connection, self.tenant, [subject]):
            facts = orjson.loads(entry.facts)
            match kind:
                case "run" if "finished" in facts:
                    yield facts["finished"]["records"]
                case "decision" if entry.action in SCREENINGS:
                    yield from (item["position"] for item in facts["decisions"])
                case "records" if entry.action in SCREENINGS:
                    yield from (block["first"] for block in facts["records"])
                case "review" if entry.action == Action.REVIEWED:
                    yield facts["number"]

    def _add_blocks(self, places: Sequence[Place], kept: KeptRows) -> None:
        table = RECORD_BLOCKS.c
        query = select(table.run_id, table.first_position, table.content)
        named = tuple_(table.run_id, table.first_position).in_(places)
        for run, first, content in self._connection.execute(query.where(named)):
            kept.blocks[run, first] = content

    def _add_reviews(self, decisions: Sequence[str], kept: KeptRows) -> None:
        table = DECISIONS.c
        run = func.coalesce(table.origin_run_id, table.run_id).label("came_with")
        position = func.coalesce(table.origin_position, table.position).label("came_at")
        query = select(REVIEWS, run, position).join(DECISIONS).where(table.tenant == self.tenant)
        for row in self._rows(query.where(REVIEWS.c.decision_id.in_(decisions))):
            origin = row["came_with"], row["came_at"]
            kept.reviews[row["decision_id"], row["number"]] = {**row, "origin": origin}

    def _add_erasures(self, runs: Iterable[str], kept: KeptRows) -> None:
        for entry in entries_about(self._connection, self.tenant, runs):
            if entry.action == Action.ERASED:
                facts = orjson.loads(entry.facts)
                reasons = "reviews" in facts["erased"]
                kept.erasures[entry.subject].append(Erasure(entry.number, facts["first"], facts["until"], reasons))

    def _rows(self, query: Select[Any]) -> Iterator[Row]:
        return (dict(row) for row in self._connection.execute(query).mappings())


@contextmanager
def open_trail(database: Database) -> Iterator[Trail]:
    """Open the caller's chain as it is now."""
    with storage_errors(), database.snapshot() as connection:
        yield Trail(database.tenant, connection)


def _told_of(tenant: str) -> dict[str, Select[Any]]:
    """Return the rows that entries tell of, each kind by its subject and a number."""
    blocks = select(RECORD_BLOCKS.c.run_id, RECORD_BLOCKS.c.first_position).join_from(RECORD_BLOCKS, RUNS)
    reviews = select(REVIEWS.c.decision_id, REVIEWS.c.number).join_from(REVIEWS, DECISIONS)
    return {
        "run": select(RUNS.c.id, RUNS.c.records).where(RUNS.c.tenant == tenant, RUNS.c.finished_at.is_not(None)),
        "decision": select(DECISIONS.c.run_id, DECISIONS.c.position).where(DECISIONS.c.tenant == tenant),
        "records": blocks.where(RUNS.c.tenant == tenant, RECORD_BLOCKS.c.content.is_not(None)),
        "review": reviews.where(DECISIONS.c.tenant == tenant),
    }


def _within(run: str, facts: Facts) -> ColumnElement[bool]:
    position = DECISIONS.c.position
    return and_(DECISIONS.c.run_id == run, position >= facts["first"], position < facts["until"])
