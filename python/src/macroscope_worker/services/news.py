"""News from the engine's threads for a stream in the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_UNTOLD_ITEMS = 8


class News:
    """Something changed. Many changes before the stream looks are one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._lock = threading.Lock()
        self._told = False

    def tell(self) -> None:
        """Called from any thread."""
        with self._lock:
            if self._told:
                return
            self._told = True
        # The loop may have ended before the engine's threads.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self) -> None:
        """Wait for the next news; what was told before this call and after the last one counts."""
        await self._event.wait()
        self._event.clear()
        with self._lock:
            self._told = False


class Deliveries(Generic[T]):
    """Items in order. An event loop that does not keep up loses the oldest."""

    def __init__(self) -> None:
        self._news = News()
        self._items: deque[T] = deque(maxlen=_UNTOLD_ITEMS)

    def deliver(self, item: T) -> None:
        """Called from any thread."""
        self._items.append(item)
        self._news.tell()

    async def take(self) -> T:
        """The next item."""
        while True:
            try:
                return self._items.popleft()
            except IndexError:
                await self._news.wait()


class Pace:
    """Lets something through at most once in `gap_s`."""

    def __init__(self, gap_s: float, clock: Callable[[], float] | None = None) -> None:
        self._gap_s = gap_s
        self._clock = clock or asyncio.get_running_loop().time
        self._next_s = self._clock()

    async def wait(self) -> float:
        """Wait until it is time again; returns by how many ms the event loop was late. Lost time is not made up for."""
        delay_s = self._next_s - self._clock()
        lag_s = 0.0
        if delay_s > 0:
            await asyncio.sleep(delay_s)
            lag_s = max(0.0, self._clock() - self._next_s)
        self._next_s = max(self._next_s, self._clock()) + self._gap_s
        return lag_s * 1e3
