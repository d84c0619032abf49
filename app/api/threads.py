"""Work in threads that outlasts the task which asked for it by nothing: who is cancelled waits for the thread first."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")


async def in_thread(work: Callable[[], T], limiter: CapacityLimiter | None = None) -> T:
    """Do some work in a thread and wait for its end, also where this task is cancelled meanwhile.

    A thread cannot be stopped: one that nobody waits for would still be at the database when that is closed, or at a
    file or generator that its request puts away.

    Args:
        work: done in a thread.
        limiter: of the threads it is one of; the usual one where none is given.
    """
    doing = asyncio.ensure_future(to_thread.run_sync(work, limiter=limiter))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise
