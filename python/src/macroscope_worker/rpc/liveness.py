"""Whether the other side is still there.

Any frame counts, pings are sent when idle and to measure the clocks, and a stalled loop of our own is no dead peer.
"""

from __future__ import annotations

from enum import Enum, auto

from .protocol import NS_PER_MS, PROTOCOL


class Vitals(Enum):
    """What a look at the clock says."""

    FINE = auto()
    PING = auto()
    LOST = auto()


class Liveness:
    """Counts the silence of the other side, in nanoseconds of a monotonic clock."""

    def __init__(
        self,
        now_ns: int,
        *,
        idle_ms: int = PROTOCOL.ping_after_idle_ms,
        lost_ms: int = PROTOCOL.lost_after_silence_ms,
        measure_ms: int = PROTOCOL.measure_every_ms,
    ) -> None:
        self._idle_ns = idle_ms * NS_PER_MS
        self._lost_ns = lost_ms * NS_PER_MS
        self._measure_ns = measure_ms * NS_PER_MS
        self._heard_ns = now_ns
        self._pinged_ns = now_ns
        self._due_ns = now_ns + min(self._idle_ns, self._measure_ns)

    @property
    def due_ns(self) -> int:
        """When to look again."""
        return self._due_ns

    def heard(self, now_ns: int) -> None:
        """A frame came."""
        self._heard_ns = now_ns

    def silence_ns(self, now_ns: int) -> int:
        """Time since the last frame."""
        return now_ns - self._heard_ns

    def look(self, now_ns: int) -> Vitals:
        """Look at the clock. A look that comes late by more than the idle time starts the count of silence anew."""
        if now_ns < self._due_ns:
            return Vitals.FINE
        if now_ns - self._due_ns > self._idle_ns:
            self._heard_ns = max(self._heard_ns, now_ns)
        if now_ns - self._heard_ns >= self._lost_ns:
            return Vitals.LOST
        ping = now_ns >= self._ping_ns
        if ping:
            self._pinged_ns = now_ns
        self._due_ns = min(self._ping_ns, self._heard_ns + self._lost_ns)
        return Vitals.PING if ping else Vitals.FINE

    @property
    def _ping_ns(self) -> int:
        """When the next ping is due: after idle time, or to measure the clocks."""
        return min(max(self._heard_ns, self._pinged_ns) + self._idle_ns, self._pinged_ns + self._measure_ns)
