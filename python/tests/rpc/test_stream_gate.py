from __future__ import annotations

import asyncio

import pytest

from macroscope_worker.rpc.stream_gate import StreamGate

pytestmark = pytest.mark.asyncio


async def test_lets_one_through_at_a_time() -> None:
    room = 0
    passed: list[int] = []
    gate = StreamGate(asyncio.get_running_loop(), lambda _call: room > 0)

    async def stream(call: int) -> None:
        nonlocal room
        await gate.wait(call)
        passed.append(call)
        room -= 1

    tasks = [asyncio.create_task(stream(call)) for call in range(5)]
    await asyncio.sleep(0)
    assert gate
    gate.open()
    assert passed == []
    for _ in range(2):
        room = 2
        gate.open()
        gate.open()
        for _ in range(10):  # Turns of the event loop.
            await asyncio.sleep(0)
        assert room == 0
    assert passed == [0, 1, 2, 3]
    tasks[4].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    gate.open()
    assert not gate


async def test_one_that_may_not_send_holds_up_nobody() -> None:
    gate = StreamGate(asyncio.get_running_loop(), lambda call: call != 0)
    stuck, free = asyncio.create_task(gate.wait(0)), asyncio.create_task(gate.wait(1))
    await asyncio.sleep(0)
    gate.open()
    await free
    assert not stuck.done()
    stuck.cancel()
