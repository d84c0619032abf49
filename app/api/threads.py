"""Work in threads that outlasts the task which asked for it by nothing: who is cancelled waits for the thread first."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Do some work in a thread and wait for its end, also where this task is cancelled meanwhile.

    A thread cannot be stopped: one that nobody waits for would still be at the database when that is closed.

    Args:
        work: done in a thread.
    """
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise
