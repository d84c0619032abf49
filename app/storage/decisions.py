"""Reading the decisions that were kept."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select

from app.domain.words import ALARMS, Disposition, Status, Verdict
from app.storage.engine import Database, storage_errors
from app.storage.tables import DECISIONS, REVIEWS, RUNS

_NO_SCORE = -1.0
"""Where a decision without a score stands in the queue: behind all others."""
_ASKED_AT_ONCE = 500

_FIRST_RUN = RUNS.alias("first_run")
_NEWER = DECISIONS.alias("newer")
_OLDER = DECISIONS.alias("older")
_SAID = REVIEWS.alias("said")
_LATEST = (
    select(func.max(_SAID.c.number)).where(_SAID.c.decision_id == DECISIONS.c.id).correlate(DECISIONS).scalar_subquery()
)
"""Said to be of the decision: within a condition within a query it would be the latest review of all decisions."""
_HOLDS = and_(REVIEWS.c.decision_id == DECISIONS.c.id, REVIEWS.c.number == _LATEST)
_REPLACED_BY = (
    select(func.max(_NEWER.c.id)).where(_NEWER.c.replaces == DECISIONS.c.id).correlate(DECISIONS).scalar_subquery()
)
_REPLACES = select(_OLDER.c.id).where(_OLDER.c.id == DECISIONS.c.replaces).correlate(DECISIONS).scalar_subquery()
"""The name is written whatever stood there; only an alarm was kept, and can be asked for."""


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision as it was answered, and the run it belongs to."""

    id: str
    run_id: str
    position: int
    created_at: datetime
    door: str
    release: str
    index_digest: str
    policy: str
    version: str
    today: date
    """The day whose law a record without a day of its own is judged by."""
    as_of: date | None
    instruments: tuple[str, ...] | None
    record_id: str | None
    verdict: Verdict
    score: float | None
    reason: str
    substance_ids: tuple[str, ...]
    document: dict[str, Any] | None
    """As it was answered; None once its words are erased."""
    replaces: str | None = None
    """The decision this one stands in the place of; None where what stood there was no alarm, which is not kept."""
    trigger: str | None = None
    """What had changed when a rescreening made it: release, policy, software."""
    origin_run_id: str = ""
    """The run the record came with."""
    origin_position: int = 0
    replaced_by: str | None = None
    status: Status = Status.OPEN
    began: datetime | None = None
    """When the run began that the record came with."""
    history: bool = False
    """Whether that run's totals were begun with what earlier runs had added up."""
    input_sha256: str | None = None
    """Of the body or file that run came with."""


def read_decision(database: Database, decision_id: str) -> KeptDecision | None:
    """Return one kept decision, None when there is none of that name."""
    with storage_errors(), database.connect() as connection:
        row = connection.execute(_kept(database).where(DECISIONS.c.id == decision_id)).one_or_none()
    return None if row is None else _read(row)


def list_decisions(
    database: Database,
    limit: int,
    *,
    after: tuple[str, int] | None = None,
    verdict: Verdict | None = None,
    run_id: str | None = None,
    status: Status | None = None,
) -> list[KeptDecision]:
    """Return kept decisions: newest run first, and within a run in the order of its records.

    Args:
        database: the database.
        limit: at most so many.
        after: run and position of the last one already seen.
        verdict: only these.
        run_id: only of this run.
        status: only those that stand so.
    """
    query = (
        _named(database, verdict, run_id, status).order_by(DECISIONS.c.run_id.desc(), DECISIONS.c.position).limit(limit)
    )
    if after is not None:
        run, position = after
        in_run = and_(DECISIONS.c.run_id == run, DECISIONS.c.position > position)
        query = query.where(or_(DECISIONS.c.run_id < run, in_run))
    with storage_errors(), database.connect() as connection:
        return _read_all(database, connection, connection.execute(query).scalars().all())


def list_queue(
    database: Database,
    limit: int,
    *,
    after: tuple[float, str] | None = None,
    verdict: Verdict | None = None,
    run_id: str | None = None,
) -> list[KeptDecision]:
    """Return the alarms that are to be reviewed, the surest first; of the same score, the newest first.

    Those that nobody has reviewed, and those whose clearance awaits a second person.

    Args:
        database: the database.
        limit: at most so many.
        after: score and id of the last one already seen; see `queue_place`.
        verdict: only these.
        run_id: only of this run.
    """
    query = _named(database, verdict, run_id, Status.OPEN).order_by(DECISIONS.c.score.desc(), DECISIONS.c.id.desc())
    scored, unscored = query.where(DECISIONS.c.score.is_not(None)), query.where(DECISIONS.c.score.is_(None))
    if after is not None:
        score, decision_id = after
        behind = or_(DECISIONS.c.score < score, DECISIONS.c.id < decision_id)
        scored = scored.where(DECISIONS.c.score <= score, behind)
        unscored = unscored.where(DECISIONS.c.id < decision_id) if score == _NO_SCORE else unscored
    with storage_errors(), database.connect() as connection:
        found = list(connection.execute(scored.limit(limit)).scalars())
        if len(found) < limit:
            found += connection.execute(unscored.limit(limit - len(found))).scalars()
        return _read_all(database, connection, found)


def queue_place(kept: KeptDecision) -> tuple[float, str]:
    """Return where a decision stands in the queue."""
    return (_NO_SCORE if kept.score is None else kept.score), kept.id


def newest_of_records(database: Database, run_id: str, positions: Iterable[int]) -> dict[int, KeptDecision]:
    """Return the newest decision kept on each record of a run.

    Args:
        database: the database.
        run_id: the run the records came with.
        positions: of the records.

    Returns:
        By position, for those that have any: the one that nothing replaces.
    """
    wanted = list(positions)
    found: dict[int, KeptDecision] = {}
    with storage_errors(), database.connect() as connection:
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            some = wanted[start : start + _ASKED_AT_ONCE]
            first = and_(DECISIONS.c.run_id == run_id, DECISIONS.c.position.in_(some))
            later = and_(DECISIONS.c.origin_run_id == run_id, DECISIONS.c.origin_position.in_(some))
            for row in connection.execute(_kept(database).where(or_(first, later), ~_is_replaced())):
                kept = _read(row)
                found[kept.origin_position] = kept
    return found


def changed_positions(database: Database, run_id: str) -> dict[int, tuple[str, ...]]:
    """Return the records of a run on which a rescreening decided anew, with all substances that were seen in them."""
    of_run = (DECISIONS.c.tenant == database.tenant, DECISIONS.c.origin_run_id == run_id)
    changed = select(DECISIONS.c.origin_position, DECISIONS.c.substance_ids).where(*of_run)
    found: dict[int, tuple[str, ...]] = {}
    with storage_errors(), database.connect() as connection:
        for position, substances in connection.execute(changed):
            found[position] = (*found.get(position, ()), *substances)
    return found


def _is_replaced() -> ColumnElement[bool]:
    return exists().where(_NEWER.c.replaces == DECISIONS.c.id)


def _named(database: Database, verdict: Verdict | None, run_id: str | None, status: Status | None) -> Select[Any]:
    """Return the query for names of decisions; they are looked up before anything of theirs is read."""
    query = select(DECISIONS.c.id).where(DECISIONS.c.tenant == database.tenant)
    if verdict is not None:
        queued = status is Status.OPEN
        query = query.where(_is_one_of({verdict}) if queued else DECISIONS.c.verdict == verdict.value)
    if run_id is not None:
        query = query.where(DECISIONS.c.run_id == run_id)
    alarm = _is_one_of(ALARMS)
    review = exists().where(REVIEWS.c.decision_id == DECISIONS.c.id)
    settled = exists().where(_HOLDS, ~REVIEWS.c.awaits_second)
    match status:
        case None:
            return query
        case Status.REPLACED:
            return query.where(_is_replaced())
        case Status.OPEN:
            return query.where(alarm, ~settled, ~_is_replaced())
        case Status.AWAITING_SECOND:
            return query.where(DECISIONS.c.id.in_(_whose_last_review(REVIEWS.c.awaits_second)), ~_is_replaced())
        case Status.NO_ALARM:
            return query.where(~alarm, ~review, ~_is_replaced())
        case _:
            said = and_(REVIEWS.c.disposition == status.value, ~REVIEWS.c.awaits_second)
            return query.where(DECISIONS.c.id.in_(_whose_last_review(said)), ~_is_replaced())


def _whose_last_review(claim: ColumnElement[bool]) -> Select[tuple[str]]:
    latest = select(func.max(_SAID.c.number)).where(_SAID.c.decision_id == REVIEWS.c.decision_id)
    return select(REVIEWS.c.decision_id).where(claim, REVIEWS.c.number == latest.scalar_subquery())


def _is_one_of(verdicts: Set[Verdict]) -> ColumnElement[bool]:
    # Said by what it is not, so that a database does not gather and sort all of a verdict for the first few.
    return DECISIONS.c.verdict.not_in(sorted(set(Verdict) - verdicts))


def _read_all(database: Database, connection: Connection, names: Sequence[str]) -> list[KeptDecision]:
    """Return decisions by name, in the order of the names."""
    found = {row.id: _read(row) for row in connection.execute(_kept(database).where(DECISIONS.c.id.in_(names)))}
    return [found[name] for name in names]


def _kept(database: Database) -> Select[Any]:
    run = (RUNS.c.door, RUNS.c.release, RUNS.c.index_digest, RUNS.c.policy, RUNS.c.version)
    # What was asked belongs to the run the record came with, also where a rescreening asked it again.
    asked = (
        _FIRST_RUN.c.today,
        _FIRST_RUN.c.as_of,
        _FIRST_RUN.c.instruments,
        _FIRST_RUN.c.history,
        _FIRST_RUN.c.input_sha256,
    )
    began = _FIRST_RUN.c.created_at.label("began")
    found = (
        REVIEWS.c.disposition,
        REVIEWS.c.awaits_second,
        _REPLACED_BY.label("replaced_by"),
        _REPLACES.label("kept_before"),
    )
    first_run = func.coalesce(DECISIONS.c.origin_run_id, DECISIONS.c.run_id)
    return (
        select(DECISIONS, *run, *asked, began, *found)
        .join_from(DECISIONS, RUNS, DECISIONS.c.run_id == RUNS.c.id)
        .join(_FIRST_RUN, _FIRST_RUN.c.id == first_run)
        .outerjoin(REVIEWS, _HOLDS)
        .where(DECISIONS.c.tenant == database.tenant)
    )


def _read(row: Row[Any]) -> KeptDecision:
    kept = row._asdict()
    instruments, disposition, began = kept.pop("instruments"), kept.pop("disposition"), kept["began"]
    awaits, kept_before = kept.pop("awaits_second"), kept.pop("kept_before")
    kept.pop("tenant")
    is_first = kept["origin_run_id"] is None
    read = KeptDecision(
        **kept
        | {
            "verdict": Verdict(kept["verdict"]),
            "replaces": kept_before,
            "substance_ids": tuple(kept["substance_ids"]),
            "instruments": None if instruments is None else tuple(instruments),
            "today": kept["today"] or began.date(),
            "history": bool(kept["history"]),
            "origin_run_id": kept["run_id"] if is_first else kept["origin_run_id"],
            "origin_position": kept["position"] if is_first else kept["origin_position"],
        }
    )
    return replace(read, status=_status(read, disposition, awaits))


def _status(kept: KeptDecision, disposition: str | None, awaits_second: bool | None) -> Status:
    if kept.replaced_by is not None:
        return Status.REPLACED
    if awaits_second:
        return Status.AWAITING_SECOND
    if disposition is not None:
        return Status(Disposition(disposition).value)
    return Status.OPEN if kept.verdict in ALARMS else Status.NO_ALARM
