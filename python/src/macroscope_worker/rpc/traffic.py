"""What one process has sent and got by the protocol, counted for each method and side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macroscope_worker.clock import clock_ns

from .latency import Latency, LatencyHistogram
from .protocol import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .connection_state import Side


@dataclass(frozen=True, slots=True)
class MethodCounts:
    """The calls of one method at one side, as of now. Bytes are those of messages with their tails."""

    method: str
    side: Side
    calls: int
    """All that began, those that still run included."""
    open_calls: int
    errors: Mapping[int, int]
    """Calls that ended with an error, by its code on the wire."""
    messages_sent: int
    messages_received: int
    bytes_sent: int
    bytes_received: int
    skipped: int
    """Messages of latest-wins streams that newer ones replaced."""
    latency: Latency


@dataclass(slots=True)
class MethodTally:
    """The same while it is counted."""

    calls: int = 0
    open_calls: int = 0
    errors: dict[int, int] = field(default_factory=dict)
    messages_sent: int = 0
    messages_received: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    skipped: int = 0
    latency: LatencyHistogram = field(default_factory=LatencyHistogram)


class Traffic:
    """Counts of methods that the schema knows, so it cannot grow without bound. One for a server, one for a channel."""

    def __init__(self, *, clock: Callable[[], int] = clock_ns) -> None:
        self.clock = clock
        """Monotonic nanoseconds, for the latencies."""
        self._since_ns = clock()
        self._tallies: dict[tuple[str, Side], MethodTally] = {}

    @property
    def counted_ms(self) -> float:
        """For how long it has counted."""
        return (self.clock() - self._since_ns) / NS_PER_MS

    def tally(self, method: str, side: Side) -> MethodTally:
        """Where the calls of a method are counted."""
        key = (method, side)
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = MethodTally()
        return tally

    def snapshot(self) -> list[MethodCounts]:
        """The counts as of now, by method."""
        return [
            MethodCounts(
                method=method,
                side=side,
                calls=tally.calls,
                open_calls=tally.open_calls,
                errors=dict(tally.errors),
                messages_sent=tally.messages_sent,
                messages_received=tally.messages_received,
                bytes_sent=tally.bytes_sent,
                bytes_received=tally.bytes_received,
                skipped=tally.skipped,
                latency=tally.latency.summary(),
            )
            for (method, side), tally in sorted(self._tallies.items())
        ]
