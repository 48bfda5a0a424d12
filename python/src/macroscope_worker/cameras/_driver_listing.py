"""What one driver lists, asked in a thread of its own: a vendor's library may hang, and must hold up nobody else."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from ._discovery import UnavailableDriver

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._description import CameraDescription

    DriverAnswer = tuple[CameraDescription, ...] | UnavailableDriver

PATIENCE_S: Final = 20.0
"""A vendor's library that is loaded from a slow disk takes some seconds; the call that lists cameras gives up at 30."""


class DriverListing:
    """The last answer of a driver, and the question that is under way. Safe to use from several threads.

    A question that hangs stays under way: the driver is not asked again beside it, and its answer, should it ever come,
    is the next one's.
    """

    def __init__(self, name: str, ask: Callable[[], DriverAnswer], patience_s: float = PATIENCE_S) -> None:
        self._name = name
        self._ask = ask
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._answer: DriverAnswer | None = None
        self._asked_s: float | None = None
        """When the question under way was put, by time.monotonic; None: there is none."""

    @property
    def last(self) -> DriverAnswer | None:
        """What it answered last; None: it never has."""
        return self._answer

    def begin(self, *, again: bool) -> None:
        """Ask, unless a question is under way, or answered and not to be put again. Never waits."""
        with self._changed:
            if self._asked_s is not None or (self._answer is not None and not again):
                return
            self._asked_s = time.monotonic()
            threading.Thread(target=self._run, name=f"list {self._name}", daemon=True).start()

    def answer(self) -> DriverAnswer:
        """The answer to the question under way, or the last one. Waits until the question is `patience_s` old."""
        with self._changed:
            while self._asked_s is not None:
                waited_s = time.monotonic() - self._asked_s
                if waited_s >= self._patience_s:
                    return UnavailableDriver(
                        self._name,
                        f"It has not answered for {waited_s:.0f} s: one of its cameras or the vendor's library hangs. "
                        "Unplug its cameras, plug them in, and rescan; if that does not help, restart the computer. "
                        "The other drivers' cameras can be used meanwhile.",
                    )
                self._changed.wait(self._patience_s - waited_s)
            if self._answer is None:
                msg = "answer() comes after begin()"
                raise RuntimeError(msg)
            return self._answer

    def _run(self) -> None:
        answer = self._ask()
        with self._changed:
            self._answer = answer
            self._asked_s = None
            self._changed.notify_all()
