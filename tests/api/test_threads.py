"""What works in a thread is waited for before what it works with is closed."""

import asyncio
import threading
import time

import pytest

from app.api.threads import in_thread


def test_a_task_that_is_cancelled_waits_for_its_thread() -> None:
    begun = threading.Event()
    ended = threading.Event()

    def work() -> None:
        begun.set()
        time.sleep(0.2)
        ended.set()

    async def cancel() -> None:
        task = asyncio.create_task(in_thread(work))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    asyncio.run(cancel())


def test_what_a_thread_returns_or_raises_comes_back() -> None:
    async def ask() -> None:
        assert await in_thread(lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await in_thread(lambda: 1 // 0)

    asyncio.run(ask())
