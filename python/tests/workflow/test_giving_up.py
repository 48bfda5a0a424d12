from __future__ import annotations

import asyncio

import pytest

from macroscope_worker.workflow._giving_up import GivenUp, unless

pytestmark = pytest.mark.asyncio


async def answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def fails() -> int:
    await asyncio.sleep(0)
    raise KeyError


class Endless:
    """Waits until it is cancelled."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.cancelled = False

    async def wait(self) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def test_what_answers_is_answered() -> None:
    assert await unless(asyncio.Event(), answer(3)) == 3
    with pytest.raises(KeyError):
        await unless(asyncio.Event(), fails())


async def test_what_is_given_up_is_cancelled() -> None:
    endless, given_up = Endless(), asyncio.Event()
    waiting = asyncio.ensure_future(unless(given_up, endless.wait()))
    await endless.begun.wait()
    given_up.set()
    with pytest.raises(GivenUp):
        await waiting
    await asyncio.sleep(0)
    assert endless.cancelled


async def test_it_is_cancelled_with_its_caller() -> None:
    endless = Endless()
    waiting = asyncio.ensure_future(unless(asyncio.Event(), endless.wait()))
    await endless.begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0)
    assert endless.cancelled
