from __future__ import annotations

import asyncio
import threading

import pytest

from macroscope_worker.workflow._in_daemon import in_daemon

pytestmark = pytest.mark.asyncio


async def test_answers_with_what_the_work_does() -> None:
    assert await in_daemon(lambda: threading.current_thread().daemon)
    assert not await in_daemon(lambda: threading.current_thread() is threading.main_thread())


async def test_raises_what_the_work_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        await in_daemon(lambda: 1 / 0)


async def test_given_up_it_is_left_behind() -> None:
    hanging, left = threading.Event(), threading.Event()

    def work() -> None:
        hanging.wait()
        left.set()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(in_daemon(work), 0.05)
    hanging.set()
    assert await asyncio.to_thread(left.wait, 5)
    await asyncio.sleep(0)  # Its late answer finds nobody, and breaks nothing.
