"""Waiting for what may never come, until somebody gives it up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

R = TypeVar("R")


class GivenUp(Exception):
    """Somebody does not wait for it any more."""


async def unless(given_up: asyncio.Event, work: Coroutine[None, None, R]) -> R:
    """The answer of `work`. Raises GivenUp when that is set first; then, and with its caller, `work` is cancelled."""
    task, waiting = asyncio.ensure_future(work), asyncio.ensure_future(given_up.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise GivenUp
    finally:
        waiting.cancel()
        if not task.done():
            task.cancel()
            task.add_done_callback(_forget)


def _forget(task: asyncio.Task[R]) -> None:
    if not task.cancelled():
        task.exception()
