"""Time that passes only when somebody sleeps, or when a test says so."""

from __future__ import annotations

from macroscope_worker.cameras import FramePacer


class VirtualTime:
    """A clock and a sleep for a FramePacer: no test waits, and none depends on how busy the machine is."""

    def __init__(self) -> None:
        self.now = 1_000_000_000

    def now_ns(self) -> int:
        return self.now

    def sleep_s(self, seconds: float) -> None:
        self.now += max(1, round(seconds * 1e9))

    def pacer(self, rate_hz: float, buffered: int = 8) -> FramePacer:
        return FramePacer(rate_hz, buffered=buffered, now_ns=self.now_ns, sleep_s=self.sleep_s)
