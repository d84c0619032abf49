"""Say what substances names mean, and why."""

from collections.abc import Sequence

from app.screening.resolution import Resolution
from app.screening.screener import Screener
from app.usecases.deadline import Deadline


def resolve_names(screener: Screener, names: Sequence[str], deadline: Deadline | None = None) -> list[Resolution]:
    """Resolve names one by one.

    Args:
        screener: the core with its index and policy.
        names: each read by itself, as if it were a record's description.
        deadline: when to give up; None for never.

    Returns:
        One resolution for each name, in order.

    Raises:
        TookTooLongError: the time was over before all were read.
    """
    resolved = []
    for name in names:
        if deadline is not None:
            deadline.check()
        resolved.append(screener.resolve(name))
    return resolved
