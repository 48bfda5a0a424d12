"""The thread that looks at frames: the newest one, only as often as anybody wants it. Capture never waits for it."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final, Protocol

from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.acquisition import Frame

log = logging.getLogger(__name__)

FRAME_WITHIN_S: Final = 0.25
"""How long one wait for a frame may take, which is how long a new look may have to wait when no frames come."""


class FrameSource(Protocol):
    """The part of the engine that gives frames."""

    def take_frame(self, after_ns: int, timeout_s: float) -> Frame | None:
        """The newest frame that arrived after this time, held."""


class _Look:
    def __init__(self, max_rate_hz: float, see: Callable[[Frame], None]) -> None:
        self.interval_ns = int(1e9 / max_rate_hz)
        self.see = see
        self.due_ns = 0
        self.seen_ns = -1

    def took(self, frame: Frame, now_ns: int) -> None:
        self.seen_ns = frame.received_ns
        # Steps on from the last due time, so that jitter does not lower the rate; after a pause it starts anew.
        self.due_ns += self.interval_ns
        if self.due_ns < now_ns:
            self.due_ns = now_ns + self.interval_ns


class Looking:
    """Calls whoever looks, each at most so often, never twice with one frame. Without anybody it touches no frame."""

    def __init__(self, frames: FrameSource) -> None:
        self._frames = frames
        self._changed = threading.Condition()
        self._looks: list[_Look] = []
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="imaging", daemon=True)
        self._thread.start()

    def begin(self, max_rate_hz: float, see: Callable[[Frame], None]) -> Callable[[], None]:
        """Have `see` called with frames, from the imaging thread; returns what ends it.

        The frame is held while `see` runs and no longer. Who raises is not called again.
        """
        look = _Look(max_rate_hz, see)
        with self._changed:
            self._looks.append(look)
            self._changed.notify_all()

        def end() -> None:
            with self._changed:
                if look in self._looks:
                    self._looks.remove(look)

        return end

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            due = self._wait()
            if due is None:
                return
            frame = self._frames.take_frame(min(look.seen_ns for look in due), FRAME_WITHIN_S)
            if frame is None:
                continue
            try:
                self._show(frame, due)
            finally:
                frame.slot.release()

    def _wait(self) -> list[_Look] | None:
        """Wait until someone is due a look. None at the end."""
        with self._changed:
            while not self._closing:
                now_ns = clock_ns()
                due = [look for look in self._looks if look.due_ns <= now_ns]
                if due:
                    return due
                self._changed.wait((min(look.due_ns for look in self._looks) - now_ns) / 1e9 if self._looks else None)
            return None

    def _show(self, frame: Frame, due: list[_Look]) -> None:
        for look in due:
            with self._changed:
                ended = look not in self._looks
            if ended or look.seen_ns >= frame.received_ns:
                continue
            look.took(frame, clock_ns())
            try:
                look.see(frame)
            except Exception:
                log.exception("A look at a frame failed; it is not tried again")
                with self._changed:
                    if look in self._looks:
                        self._looks.remove(look)
