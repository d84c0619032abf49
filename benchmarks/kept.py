"""What a service answered, and what its database holds of it."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.storage.engine import open_engine
from app.storage.tables import DECISIONS, RUNS


@dataclass
class Kept:
    """Runs with their decisions; alarms are kept whole, the other decisions as counts of their run."""

    runs: set[str] = field(default_factory=set)
    decisions: int = 0
    alarms: int = 0


def read_kept(database_url: str) -> Kept:
    """Count the runs that have an end, their decisions, and the alarms that are kept with them."""
    engine = open_engine(database_url)
    ended = RUNS.c.finished_at.is_not(None)
    try:
        with engine.connect() as connection:
            return Kept(
                runs=set(connection.scalars(select(RUNS.c.id).where(ended))),
                decisions=connection.scalar(select(func.coalesce(func.sum(RUNS.c.records), 0)).where(ended)) or 0,
                alarms=connection.scalar(select(func.count()).select_from(DECISIONS.join(RUNS)).where(ended)) or 0,
            )
    finally:
        engine.dispose()
