from __future__ import annotations

import asyncio
import contextvars
import gc
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.rpc.eager_task import start_eagerly

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

pytestmark = pytest.mark.asyncio

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="outside")


def begin(coroutine: Coroutine[Any, Any, None], *, in_callback: bool) -> asyncio.Future[asyncio.Task[None]]:
    """Start it from within a task, or from a callback of the loop, as a reader does."""
    loop = asyncio.get_running_loop()
    started: asyncio.Future[asyncio.Task[None]] = loop.create_future()
    start: Callable[[], None] = lambda: started.set_result(start_eagerly(loop, coroutine))  # noqa: E731
    if in_callback:
        loop.call_soon(start)
    else:
        start()
    return started


@pytest.mark.parametrize("in_callback", [True, False])
class TestStart:
    async def test_what_waits_for_nothing_is_done_at_once(self, *, in_callback: bool) -> None:
        seen = []

        async def handler() -> None:
            seen.append(asyncio.current_task())

        ours = asyncio.current_task()
        task = await begin(handler(), in_callback=in_callback)
        assert task.done()
        assert seen == [task]
        assert asyncio.current_task() is ours

    async def test_what_waits_goes_on_as_any_task(self, *, in_callback: bool) -> None:
        go_on = asyncio.Event()
        steps = []

        async def handler() -> None:
            steps.append("first")
            await go_on.wait()
            steps.append("second")

        task = await begin(handler(), in_callback=in_callback)
        assert steps == ["first"]
        go_on.set()
        await task
        assert steps == ["first", "second"]

    async def test_a_timeout_within_the_first_step_works(self, *, in_callback: bool) -> None:
        timed_out = []

        async def handler() -> None:
            try:
                async with asyncio.timeout(0.01):
                    await asyncio.Event().wait()
            except TimeoutError:
                timed_out.append(asyncio.current_task())

        task = await begin(handler(), in_callback=in_callback)
        await task
        assert timed_out == [task]

    async def test_it_can_be_cancelled(self, *, in_callback: bool) -> None:
        left = []

        async def handler() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                left.append(True)

        task = await begin(handler(), in_callback=in_callback)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert left == [True]

    async def test_it_can_cancel_itself_in_its_first_step(self, *, in_callback: bool) -> None:
        async def handler() -> None:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await asyncio.sleep(0)

        task = await begin(handler(), in_callback=in_callback)
        with pytest.raises(asyncio.CancelledError):
            await task

    async def test_an_error_stays_in_the_task(self, *, in_callback: bool) -> None:
        async def handler() -> None:
            msg = "mistake"
            raise ValueError(msg)

        task = await begin(handler(), in_callback=in_callback)
        with pytest.raises(ValueError, match="mistake"):
            await task

    async def test_it_has_a_context_of_its_own(self, *, in_callback: bool) -> None:
        async def handler() -> None:
            VARIABLE.set("inside")

        await begin(handler(), in_callback=in_callback)
        assert VARIABLE.get() == "outside"

    async def test_tasks_start_within_each_other(self, *, in_callback: bool) -> None:
        order = []

        async def inner() -> None:
            order.append("inner")
            await asyncio.sleep(0)

        async def outer() -> None:
            order.append("outer")
            task = start_eagerly(asyncio.get_running_loop(), inner())
            order.append("outer again")
            assert asyncio.current_task() is not task
            await task

        await (await begin(outer(), in_callback=in_callback))
        assert order == ["outer", "inner", "outer again"]


async def test_the_loop_is_left_as_it_was() -> None:
    loop = asyncio.get_running_loop()
    before = dict(loop.__dict__).keys()

    async def handler() -> None:
        pass

    start_eagerly(loop, handler())
    assert loop.__dict__.keys() == before
    called = asyncio.Event()
    loop.call_soon(called.set)
    await called.wait()


async def test_what_is_scheduled_while_memory_is_collected_is_not_taken_for_a_step() -> None:
    loop = asyncio.get_running_loop()
    scheduled: list[int] = []
    ran: list[int] = []

    def collected(phase: str, _info: object) -> None:
        if phase == "stop":
            scheduled.append(len(scheduled))
            loop.call_soon(ran.append, scheduled[-1])

    async def handler() -> None:
        await asyncio.sleep(0)

    thresholds = gc.get_threshold()
    gc.callbacks.append(collected)
    try:
        gc.set_threshold(1)
        tasks = [start_eagerly(loop, handler()) for _ in range(20)]
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(collected)
    await asyncio.gather(*tasks)
    assert scheduled
    assert ran == scheduled
