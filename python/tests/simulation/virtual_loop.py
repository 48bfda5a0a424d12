"""An event loop whose time goes on only when nothing is left to do."""

from __future__ import annotations

import asyncio
import math
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

NS_PER_S = 1_000_000_000
MOST_TURNS_IN_A_MOMENT = 20_000
"""In a world that is well there are not so many turns of the loop at one time."""


class _NothingWillHappenError(Exception):
    """Everybody waits, and no timer is set."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs tasks and timers without I/O. `select` of its selector is where the time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ns = 0
        self._turns_in_this_moment = 0
        self._clock_resolution = 1e-9
        self._selector: VirtualLoop | None = self
        self.stall_ns = 0
        """The loop stands still for so long before it goes on: everything that was due is late."""
        self.stalled_ns = 0
        """For how long it has stood still so far."""

    def time(self) -> float:
        """Virtual seconds."""
        return self.now_ns / NS_PER_S

    def clock_ns(self) -> int:
        """Virtual nanoseconds, for code that asks for the worker's clock."""
        return self.now_ns

    def new_moment(self) -> None:
        """Time has passed outside."""
        self._turns_in_this_moment = 0

    def select(self, timeout: float | None) -> list[Any]:
        """Let the time until the next timer pass."""
        if timeout is None:
            raise _NothingWillHappenError("everybody waits for ever")
        passed_ns = math.ceil(timeout * NS_PER_S) + self.stall_ns
        self._turns_in_this_moment = 0 if passed_ns else self._turns_in_this_moment + 1
        if self._turns_in_this_moment > MOST_TURNS_IN_A_MOMENT:
            raise _NothingWillHappenError("something happens again and again, and no time passes")
        self.now_ns += passed_ns
        self.stalled_ns += self.stall_ns
        self.stall_ns = 0
        return []

    def close(self) -> None:
        """End it; nothing has to be given back."""
        self._selector = None
        super().close()

    def _process_events(self, event_list: list[Any]) -> None:
        """No events come from outside."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""


def run_virtually(main: Callable[[VirtualLoop], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine in virtual time: all of our code that knows the clock gets the loop's."""
    loop = VirtualLoop()
    patched = list(_patch(loop))
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(main(loop))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        for module, original in patched:
            module.clock_ns = original
        asyncio.set_event_loop(None)
        loop.close()


def _patch(loop: VirtualLoop) -> Iterator[tuple[Any, Any]]:
    for name, module in list(sys.modules.items()):
        if name.startswith("macroscope_worker") and hasattr(module, "clock_ns"):
            yield module, module.clock_ns
            module.clock_ns = loop.clock_ns  # type: ignore[attr-defined]
