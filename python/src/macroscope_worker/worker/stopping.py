"""How the worker is asked to end: by signals, the first politely, the second at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

LOG = logging.getLogger(__name__)

STOP_WITHIN_S: Final = 60.0
"""A driver or disk that hangs longer than this while the worker stops is left behind."""


class Stopping:
    """`wait` returns when the worker is to end, and why."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked: asyncio.Future[str] = self._loop.create_future()
        for number in (signal.SIGTERM, signal.SIGINT):
            if sys.platform == "win32":
                signal.signal(number, self._from_handler)
            else:
                self._loop.add_signal_handler(number, self._signalled, number)
        if sys.platform != "win32":
            # The end of a terminal is no reason to end a recording.
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def ask(self, reason: str) -> None:
        """Ask the worker to end."""
        if not self._asked.done():
            self._asked.set_result(reason)

    async def wait(self) -> str:
        """Wait until somebody asks."""
        return await asyncio.shield(self._asked)

    def _from_handler(self, number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._signalled, number)

    def _signalled(self, number: int) -> None:
        name = signal.Signals(number).name
        if self._asked.done():
            LOG.error("killed by a second signal", extra={"signal": name})
            os._exit(128 + number)
        self.ask(name)


def limit_stopping(within_s: float = STOP_WITHIN_S) -> None:
    """End the process at once when it has not ended by itself in time."""

    def give_up() -> None:
        LOG.error("something hangs while the worker stops; it ends without it", extra={"within_s": within_s})
        os._exit(1)

    timer = threading.Timer(within_s, give_up)
    timer.daemon = True
    timer.start()
