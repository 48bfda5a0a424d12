from __future__ import annotations

import asyncio
import threading

import pytest

from macroscope_worker.services.engine_threads import EngineThreads

pytestmark = pytest.mark.asyncio


async def test_a_stop_never_waits_for_commands() -> None:
    threads, gate = EngineThreads(), threading.Event()
    commands = [asyncio.create_task(threads.command(lambda _: gate.wait(30))) for _ in range(20)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await threads.stop(threading.current_thread) is not threading.current_thread()
    assert not any(command.done() for command in commands)
    gate.set()
    assert all(await asyncio.gather(*commands))
    threads.close()


async def test_errors_come_back() -> None:
    threads = EngineThreads()
    with pytest.raises(ZeroDivisionError):
        await threads.command(lambda _: divmod(1, 0))
    threads.close()
