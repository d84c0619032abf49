"""What records add to totals: kept with their run, and added up with those of others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, false, insert, or_, select, update

from app.storage.engine import Database, storage_errors
from app.storage.tables import AMOUNTS, RUNS

_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeptAmount:
    """What one record adds to one total."""

    position: int
    """Place of the record in its request or file, from 0."""
    total: str
    """Names the total; see `app.usecases.history`."""
    amount: Decimal | None
    """None where it is not known."""


@dataclass(frozen=True, slots=True)
class EarlierAmount:
    """An amount of a record that came before."""

    run_id: str
    input_sha256: str | None
    kept: KeptAmount


@dataclass(frozen=True, slots=True)
class Before:
    """Which records came before one."""

    run_id: str
    """The record's run."""
    position: int
    """Records of the same run count that stand before it."""
    began: datetime | None
    """Records of other runs count that were finished by then; None leaves them out."""
    judged_by: str
    """The run that judges: amounts count as they stood when it began, and as it came to itself."""


def insert_amounts(connection: Connection, run_id: str, judged_in: str, amounts: Sequence[KeptAmount]) -> None:
    """Write amounts as part of the transaction that keeps their records."""
    if amounts:
        rows = [
            {
                "run_id": run_id,
                "position": each.position,
                "total": each.total,
                "judged_in": judged_in,
                "amount": None if each.amount is None else str(each.amount),
            }
            for each in amounts
        ]
        connection.execute(insert(AMOUNTS), rows)


def replace_amounts(
    connection: Connection, run_id: str, judged_in: str, positions: Iterable[int], amounts: Sequence[KeptAmount]
) -> None:
    """Write, as part of a transaction, what records add by a later judgement; what they added before stays readable.

    Args:
        connection: of the transaction.
        run_id: the run the records came with.
        judged_in: the rescreening.
        positions: of the records whose amounts are others now.
        amounts: what they add now.
    """
    wanted = sorted(positions)
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        own = and_(AMOUNTS.c.run_id == run_id, AMOUNTS.c.position.in_(wanted[start : start + _ASKED_AT_ONCE]))
        connection.execute(update(AMOUNTS).where(own, AMOUNTS.c.replaced_in.is_(None)).values(replaced_in=judged_in))
    insert_amounts(connection, run_id, judged_in, amounts)


def amounts_of_run(database: Database, run_id: str, first: int, last: int) -> dict[int, set[KeptAmount]]:
    """Return the amounts that stand of records `first` to `last` of a run, by position."""
    table = AMOUNTS.c
    query = select(table.position, table.total, table.amount).join_from(AMOUNTS, RUNS)
    query = query.where(
        RUNS.c.tenant == database.tenant,
        table.run_id == run_id,
        table.position >= first,
        table.position <= last,
        table.replaced_in.is_(None),
    )
    found: dict[int, set[KeptAmount]] = {}
    with storage_errors(), database.connect() as connection:
        for position, total, amount in connection.execute(query):
            found.setdefault(position, set()).add(KeptAmount(position, total, _number(amount)))
    return found


def amounts_before(database: Database, totals: Sequence[str], before: Before) -> list[EarlierAmount]:
    """Return what records that came before one add to some totals.

    Args:
        database: the database.
        totals: which.
        before: which records.

    Returns:
        In the order of the runs and of their records.
    """
    table = AMOUNTS.c
    stood = and_(
        table.judged_in <= before.judged_by, or_(table.replaced_in.is_(None), table.replaced_in > before.judged_by)
    )
    others: ColumnElement[bool] = false()
    if before.began is not None:
        others = and_(table.run_id < before.run_id, RUNS.c.finished_at <= before.began)
    own = and_(table.run_id == before.run_id, table.position < before.position)
    query = (
        select(table.run_id, RUNS.c.input_sha256, table.position, table.total, table.amount)
        .join_from(AMOUNTS, RUNS)
        .where(RUNS.c.tenant == database.tenant, stood, or_(own, others))
    )
    found = []
    with storage_errors(), database.connect() as connection:
        for start in range(0, len(totals), _ASKED_AT_ONCE):
            some = query.where(table.total.in_(totals[start : start + _ASKED_AT_ONCE]))
            found += [
                EarlierAmount(run_id, sha256, KeptAmount(position, total, _number(amount)))
                for run_id, sha256, position, total, amount in connection.execute(some)
            ]
    return sorted(found, key=lambda each: (each.run_id, each.kept.position))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
