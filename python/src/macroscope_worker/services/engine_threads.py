"""Threads in which blocking calls of the engine wait, so that the event loop does not."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


class EngineThreads:
    """Two pools: a stop never waits for a thread that a long command holds."""

    def __init__(self) -> None:
        self._commands = ThreadPoolExecutor(max_workers=4, thread_name_prefix="command")
        self._stops = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stop")

    async def command(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command. Cancelling the caller leaves the command to its end: drivers cannot be interrupted safely."""
        return await asyncio.get_running_loop().run_in_executor(self._commands, lambda: function(*args, **kwargs))

    async def stop(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what stops something."""
        return await asyncio.get_running_loop().run_in_executor(self._stops, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Take nothing more; what runs goes on to its end."""
        self._commands.shutdown(wait=False, cancel_futures=True)
        self._stops.shutdown(wait=False)
