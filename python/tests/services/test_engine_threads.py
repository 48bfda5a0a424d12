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


async def test_a_command_never_waits_for_queries() -> None:
    threads, gate = EngineThreads(), threading.Event()
    queries = [asyncio.create_task(threads.query(lambda _: gate.wait(30))) for _ in range(20)]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(5):
            assert await threads.command(lambda _: "done") == "done"
        assert not any(query.done() for query in queries)
    finally:
        gate.set()
    assert all(await asyncio.gather(*queries))
    threads.close()


async def test_commands_run_in_the_order_they_were_asked_for() -> None:
    threads, order = EngineThreads(), list[int]()

    async def ask(number: int) -> None:
        await threads.command(lambda _: order.append(number))

    await asyncio.gather(*map(ask, range(200)))
    assert order == list(range(200))
    threads.close()


async def test_one_command_at_a_time_and_queries_beside() -> None:
    threads, gate = EngineThreads(), threading.Event()
    first = asyncio.create_task(threads.command(lambda _: gate.wait(30)))
    second = asyncio.create_task(threads.command(lambda _: "second"))
    async with asyncio.timeout(5):
        assert await threads.query(lambda _: "beside") == "beside"
    assert not second.done()
    gate.set()
    assert await asyncio.gather(first, second) == [True, "second"]
    threads.close()


async def test_a_command_that_was_given_up_lets_the_next_one_in() -> None:
    threads, gate = EngineThreads(), threading.Event()
    stuck = asyncio.create_task(threads.command(lambda _: gate.wait(30)))
    await asyncio.sleep(0)
    stuck.cancel()
    async with asyncio.timeout(5):
        assert await threads.command(lambda _: "next") == "next"
    gate.set()
    threads.close()


async def test_errors_come_back() -> None:
    threads = EngineThreads()
    with pytest.raises(ZeroDivisionError):
        await threads.command(lambda _: divmod(1, 0))
    threads.close()
