"""An absolute schedule of frames, for cameras that make their own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    from collections.abc import Callable


class FramePacer:
    """Says when frame 0, 1, 2 … is due, on the monotonic clock, without drift.

    A reader that is late gets the frames it missed at once, up to `buffered` of them, as from a driver's buffers;
    beyond that frames are skipped, and their numbers with them.
    """

    def __init__(
        self,
        rate_hz: float,
        *,
        buffered: int = 8,
        now_ns: Callable[[], int] = clock_ns,
        sleep_s: Callable[[float], None] = time.sleep,
    ) -> None:
        self._period_ns = 1e9 / rate_hz
        self._buffered = buffered
        self._now_ns = now_ns
        self._sleep_s = sleep_s
        self._origin_ns = now_ns()
        self._origin_frame = 0
        self._origin_elapsed_ns = 0
        self._next_frame = 0

    def set_rate(self, rate_hz: float) -> None:
        """From the next frame on. Numbers and elapsed time go on."""
        due_ns = self._due_ns(self._next_frame)
        self._origin_elapsed_ns = self.elapsed_ns(self._next_frame)
        self._origin_ns = due_ns
        self._origin_frame = self._next_frame
        self._period_ns = 1e9 / rate_hz

    def wait(self, timeout_s: float) -> int | None:
        """The number of the next frame, when it is due; None when the time is over before."""
        late_ns = self._now_ns() - self._due_ns(self._next_frame)
        overflow = int(late_ns / self._period_ns) - self._buffered + 1
        if overflow > 0:
            self._next_frame += overflow
        deadline_ns = self._now_ns() + round(timeout_s * 1e9)
        due_ns = self._due_ns(self._next_frame)
        while (remaining_ns := min(due_ns, deadline_ns) - self._now_ns()) > 0:
            self._sleep_s(remaining_ns / 1e9)
        if due_ns > deadline_ns:
            return None
        frame = self._next_frame
        self._next_frame += 1
        return frame

    def elapsed_ns(self, frame: int) -> int:
        """Time on the schedule from frame 0 to this one, of the present rate or later."""
        return self._origin_elapsed_ns + round((frame - self._origin_frame) * self._period_ns)

    def _due_ns(self, frame: int) -> int:
        return self._origin_ns + round((frame - self._origin_frame) * self._period_ns)
