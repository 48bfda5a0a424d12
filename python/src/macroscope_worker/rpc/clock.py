"""How the other side's monotonic clock stands to ours, from pings."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Their clock = ours + `offset_ns`, give or take `error_ns`. `round_trip_ns` is the time on the way."""

    offset_ns: int
    error_ns: int
    round_trip_ns: int


class ClockEstimate:
    """The best of the last readings: the one that was the shortest time on its way."""

    def __init__(self, *, kept: int = 16) -> None:
        self._readings: deque[ClockReading] = deque(maxlen=kept)

    @property
    def best(self) -> ClockReading | None:
        """None before the first pong."""
        return min(self._readings, key=lambda reading: reading.round_trip_ns, default=None)

    def add(self, *, sent_ns: int, their_received_ns: int, their_sent_ns: int, now_ns: int) -> ClockReading:
        """Take in a pong: `sent_ns` and `now_ns` by our clock, the others by theirs."""
        round_trip_ns = max(0, (now_ns - sent_ns) - (their_sent_ns - their_received_ns))
        offset_ns = ((their_received_ns - sent_ns) + (their_sent_ns - now_ns)) // 2
        reading = ClockReading(offset_ns, (round_trip_ns + 1) // 2, round_trip_ns)
        self._readings.append(reading)
        return reading
