"""The pings of one end of a connection: whether the other side is there, and how its clock stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Ping, Pong
from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof

from .clock import ClockEstimate
from .liveness import Liveness, Vitals

if TYPE_CHECKING:
    from .clock import ClockReport
    from .outbox import Outbox


class Pulse:
    """Sends pings and pongs. `begin` when both sides have said hello; then `look` not later than `due_ns`."""

    def __init__(self, outbox: Outbox, now_ns: int) -> None:
        self._outbox = outbox
        self._liveness = Liveness(now_ns)
        self._clock = ClockEstimate()

    @property
    def due_ns(self) -> int:
        """When to look again."""
        return self._liveness.due_ns

    @property
    def readings(self) -> int:
        """How often the other side's clock was read."""
        return self._clock.readings

    def begin(self, now_ns: int) -> None:
        """Count the silence from now, and measure at once."""
        self._liveness = Liveness(now_ns)
        self._ping(now_ns)

    def heard(self, now_ns: int) -> None:
        """A frame came."""
        self._liveness.heard(now_ns)

    def silence_ns(self, now_ns: int) -> int:
        """Time since the last frame."""
        return self._liveness.silence_ns(now_ns)

    def clock(self, now_ns: int) -> ClockReport | None:
        """The other side's clock against ours; None before the first pong."""
        return self._clock.report(now_ns)

    def receive(self, value: Ping | Pong, now_ns: int) -> None:
        """Answer a ping, or take in the answer to one."""
        if isinstance(value, Pong):
            self._clock.pong(value, now_ns)
        else:
            pong = Pong(ping_sent_ns=value.sent_ns, received_ns=now_ns, sent_ns=now_ns)
            self._outbox.put(Lane.COMMAND, Oneof("pong", pong))

    def look(self, now_ns: int) -> bool:
        """Look at the clock, and ping when it is time. False when the other side is lost."""
        vitals = self._liveness.look(now_ns)
        if vitals is Vitals.PING:
            self._ping(now_ns)
        return vitals is not Vitals.LOST

    def _ping(self, now_ns: int) -> None:
        self._clock.pinged(now_ns)
        self._outbox.put(Lane.COMMAND, Oneof("ping", Ping(sent_ns=now_ns)))
