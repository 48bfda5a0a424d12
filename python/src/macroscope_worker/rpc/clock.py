"""How the other side's monotonic clock stands to ours, from pings."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from macroscope.rpc.v1.frame_pb import Pong

KEPT: Final = 16
"""Readings that are remembered."""

_DRIFT_PER_MILLION: Final = 50
"""How fast two clocks may part; the error of a reading grows with its age by so much."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Their clock = ours + `offset_ns`, give or take `error_ns`. `round_trip_ns` is the time on the way."""

    offset_ns: int
    error_ns: int
    round_trip_ns: int
    at_ns: int
    """When it was made, by our clock."""

    def error_at(self, now_ns: int) -> int:
        """The error with what the clocks may have parted since."""
        return self.error_ns + max(0, now_ns - self.at_ns) * _DRIFT_PER_MILLION // 1_000_000


@dataclass(frozen=True, slots=True)
class ClockReport:
    """As of now."""

    offset_ns: int
    error_ns: int
    residual_ns: int
    """How far the last readings lie from this offset, root mean square."""
    round_trip_ns: int
    """Of the newest reading."""


class ClockEstimate:
    """The best of the last readings: the one with the smallest error now."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._readings: deque[ClockReading] = deque(maxlen=kept)
        self.readings = 0
        """How many there were."""
        self._pings: deque[int] = deque(maxlen=kept)

    def pinged(self, now_ns: int) -> None:
        """A ping went out."""
        self._pings.append(now_ns)

    def pong(self, pong: Pong, now_ns: int) -> None:
        """Take in a pong. One that answers no ping of ours, or tells of a journey that cannot be, is ignored."""
        if pong.ping_sent_ns not in self._pings:
            return
        self._pings.remove(pong.ping_sent_ns)
        held_ns = pong.sent_ns - pong.received_ns
        if 0 <= held_ns <= now_ns - pong.ping_sent_ns:
            self.add(
                sent_ns=pong.ping_sent_ns,
                their_received_ns=pong.received_ns,
                their_sent_ns=pong.sent_ns,
                now_ns=now_ns,
            )

    def add(self, *, sent_ns: int, their_received_ns: int, their_sent_ns: int, now_ns: int) -> ClockReading:
        """Take in a pong: `sent_ns` and `now_ns` by our clock, the others by theirs."""
        round_trip_ns = max(0, (now_ns - sent_ns) - (their_sent_ns - their_received_ns))
        offset_ns = ((their_received_ns - sent_ns) + (their_sent_ns - now_ns)) // 2
        reading = ClockReading(offset_ns, (round_trip_ns + 1) // 2, round_trip_ns, now_ns)
        self._readings.append(reading)
        self.readings += 1
        return reading

    def report(self, now_ns: int) -> ClockReport | None:
        """None before the first pong."""
        if not self._readings:
            return None
        best = min(self._readings, key=lambda reading: reading.error_at(now_ns))
        squares = sum((reading.offset_ns - best.offset_ns) ** 2 for reading in self._readings)
        return ClockReport(
            offset_ns=best.offset_ns,
            error_ns=best.error_at(now_ns),
            residual_ns=math.isqrt(squares // len(self._readings)),
            round_trip_ns=self._readings[-1].round_trip_ns,
        )
