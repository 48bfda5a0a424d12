"""Giving up a command that nobody waits for any more: asked for from anywhere, looked at between its steps."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from macroscope_worker.errors import MacroscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT_STEP_S = 0.05
"""How long a wait that cannot be woken goes on after its command was given up."""


class CommandCanceled(MacroscopeError):
    """A command was given up before it was done; what it had begun is undone."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The command was given up before it was done: {reason}")
        self.reason = reason


class Cancellation:
    """One command's. Never interrupts a driver's call: that could leave a device in a state that nobody knows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._listeners: list[Callable[[], object]] = []

    @property
    def canceled(self) -> bool:
        """The command is to be given up."""
        return self._reason is not None

    def cancel(self, reason: str) -> None:
        """Give the command up; a second call does nothing. From any thread."""
        with self._lock:
            if self._reason is not None:
                return
            self._reason = reason
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    def check(self) -> None:
        """Between two steps: raises CommandCanceled when the command is to be given up."""
        if self._reason is not None:
            raise CommandCanceled(self._reason)

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Iterator[None]:
        """During a wait: `wake` is called, from any thread, when the command is given up; at once if it was already."""
        with self._lock:
            self._listeners.append(wake)
            late = self._reason is not None
        if late:
            wake()
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(wake)

    @contextmanager
    def holding(self, lock: threading.Lock) -> Iterator[None]:
        """Wait for a lock and hold it. Raises CommandCanceled instead when the command is given up while it waits."""
        while not lock.acquire(timeout=WAIT_STEP_S):
            self.check()
        try:
            self.check()
            yield
        finally:
            lock.release()
