"""Where reliable streams wait before they make their next message."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class StreamGate:
    """Lets one stream through at a time: the next when that one has sent, or waits for its source.

    Else all that wait for the same credit would make their messages, and all but one would hold theirs.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, may_send: Callable[[int], bool]) -> None:
        self._loop = loop
        self._may_send = may_send
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._scheduled = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def wait(self, call: int) -> None:
        """Wait until the stream may send, first come first served."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((call, waiter))
        await waiter

    def open(self) -> None:
        """Look whether somebody may send now."""
        if not self._scheduled:
            self._let_one_through()

    def _let_one_through(self) -> None:
        self._scheduled = False
        for _ in range(len(self._waiting)):
            call, waiter = self._waiting.popleft()
            if waiter.done():
                continue  # Its task was cancelled.
            if not self._may_send(call):
                self._waiting.append((call, waiter))
                continue
            waiter.set_result(None)
            if self._waiting:
                self._scheduled = True
                self._loop.call_soon(self._let_one_through)  # After that task's next step.
            return
