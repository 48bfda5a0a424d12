"""How many frames arrive a second."""

from __future__ import annotations

from collections import deque

WINDOW_NS = 2_000_000_000


class RateMeter:
    """Mean rate over the last two seconds, or over the last two frames of a slower camera.

    One thread adds; `hz` may be read anywhere.
    """

    def __init__(self) -> None:
        self._arrivals: deque[int] = deque()
        self._hz = 0.0
        self.last_ns = 0

    def add(self, received_ns: int) -> None:
        """A frame arrived."""
        arrivals = self._arrivals
        arrivals.append(received_ns)
        while len(arrivals) > 2 and arrivals[0] < received_ns - WINDOW_NS:
            arrivals.popleft()
        self.last_ns = received_ns
        span = received_ns - arrivals[0]
        self._hz = (len(arrivals) - 1) * 1e9 / span if span > 0 else 0.0

    def hz(self, now_ns: int) -> float:
        """The rate; 0 when no frame came for two seconds and three frame times."""
        rate = self._hz
        if rate <= 0 or now_ns - self.last_ns > max(WINDOW_NS, 3e9 / rate):
            return 0.0
        return rate
