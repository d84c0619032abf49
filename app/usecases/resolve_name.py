"""Say what substances names mean, and why."""

from collections.abc import Sequence

from app.screening.resolution import Resolution
from app.screening.screener import Screener


def resolve_names(screener: Screener, names: Sequence[str]) -> list[Resolution]:
    """Resolve names one by one.

    Args:
        screener: the core with its index and policy.
        names: each read by itself, as if it were a record's description.

    Returns:
        One resolution for each name, in order.
    """
    return [screener.resolve(name) for name in names]
