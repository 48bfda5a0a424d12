"""Threads in which blocking calls of the engine wait, so that the event loop does not."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from macroscope_worker.acquisition import Cancellation

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_CALLER_GONE = "its caller gave it up or was lost, or its deadline has passed."


class EngineThreads:
    """A pool of each kind: a stop never waits for a thread that a long command holds, nor a command for a query's."""

    def __init__(self) -> None:
        self._commands = ThreadPoolExecutor(max_workers=4, thread_name_prefix="command")
        self._queries = ThreadPoolExecutor(max_workers=4, thread_name_prefix="query")
        self._stops = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stop")
        self._running: set[Cancellation] = set()
        # Fair: whoever asked first is served first. Threads alone would race for the engine.
        self._turn = asyncio.Lock()

    async def command(self, work: Callable[[Cancellation], R], /) -> R:
        """Run a command in a thread, after those that were asked for before: of two settings the later one stays.

        Cancelling the caller, which is how a call ends that was given up, lost or late, cancels the command too: it
        looks at that between its steps and undoes what it has begun. It is not waited for: a driver may hang.
        """
        async with self._turn:
            return await self._run(self._commands, work)

    async def query(self, work: Callable[[Cancellation], R], /) -> R:
        """Run in a thread what changes nothing, beside commands. Cancelled as they are."""
        return await self._run(self._queries, work)

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[[Cancellation], R]) -> R:
        cancellation = Cancellation()

        def run() -> R:
            cancellation.check()
            return work(cancellation)

        self._running.add(cancellation)
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, run)
        except asyncio.CancelledError:
            cancellation.cancel(_CALLER_GONE)
            raise
        finally:
            self._running.discard(cancellation)

    async def stop(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what stops something. It goes on to its end, whoever asked for it."""
        return await asyncio.get_running_loop().run_in_executor(self._stops, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Take nothing more. Commands that run are given up; stops go on to their end."""
        for cancellation in tuple(self._running):
            cancellation.cancel("the worker is ending.")
        self._commands.shutdown(wait=False, cancel_futures=True)
        self._queries.shutdown(wait=False, cancel_futures=True)
        self._stops.shutdown(wait=False)
