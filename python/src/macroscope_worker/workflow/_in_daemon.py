"""Calls that may never return, in threads that nobody waits for when the worker ends."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R")


async def in_daemon(work: Callable[[], R]) -> R:
    """Run in a thread of its own. Given up, it is left behind: a disk that hangs holds no pool and no exit."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[R] = loop.create_future()

    def settle(result: R | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: R | None = None
        error: BaseException | None = None
        try:
            result = work()
        except Exception as raised:  # noqa: BLE001 - it is the caller's.
            error = raised
        with contextlib.suppress(RuntimeError):  # The loop may have ended before.
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="check", daemon=True).start()
    return await future
