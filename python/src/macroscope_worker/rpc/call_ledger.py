"""Counts the calls of one connection, and tells of each when it ends."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .connection_state import Side
from .protocol import NS_PER_MS
from .traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable

    from .method_policy import Method
    from .traffic import MethodTally

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call that has ended, for whoever logs calls."""

    side: Side
    method: str
    peer: str
    """Who is at the other end."""
    code: int
    """On the wire; 0 is success."""
    duration_ms: float
    messages_sent: int
    messages_received: int
    bytes_sent: int
    bytes_received: int
    skipped: int


class CountedCall:
    """A call while it runs. `sent`, `received` and `skip` count as it goes, `ended` once."""

    __slots__ = (
        "_began_ns",
        "_bytes_received",
        "_bytes_sent",
        "_ended",
        "_ledger",
        "_messages_received",
        "_messages_sent",
        "_method",
        "_skipped",
        "_tally",
    )

    def __init__(self, ledger: CallLedger, method: str, tally: MethodTally, began_ns: int) -> None:
        self._ledger = ledger
        self._method = method
        self._tally = tally
        self._began_ns = began_ns
        self._messages_sent = self._messages_received = self._bytes_sent = self._bytes_received = self._skipped = 0
        self._ended = False
        tally.calls += 1
        tally.open_calls += 1

    @property
    def skipped(self) -> int:
        """Messages that newer ones replaced."""
        return self._skipped

    def sent(self, nbytes: int) -> None:
        """A message left, with its tail so many bytes long."""
        self._messages_sent += 1
        self._bytes_sent += nbytes
        self._tally.messages_sent += 1
        self._tally.bytes_sent += nbytes

    def received(self, nbytes: int) -> None:
        """A message came."""
        self._messages_received += 1
        self._bytes_received += nbytes
        self._tally.messages_received += 1
        self._tally.bytes_received += nbytes

    def skip(self, skipped: int) -> None:
        """So many messages of the call were replaced since it began."""
        if skipped > self._skipped:
            self._tally.skipped += skipped - self._skipped
            self._skipped = skipped

    def ended(self, code: int) -> None:
        """The call has ended; later ends do not count."""
        if self._ended:
            return
        self._ended = True
        tally, ledger = self._tally, self._ledger
        duration_ns = max(0, ledger.traffic.clock() - self._began_ns)
        tally.open_calls -= 1
        tally.latency.add(duration_ns)
        if code:
            tally.errors[int(code)] = tally.errors.get(int(code), 0) + 1
        if ledger.on_call is not None:
            ledger.tell(
                CallRecord(
                    side=ledger.side,
                    method=self._method,
                    peer=ledger.peer,
                    code=int(code),
                    duration_ms=duration_ns / NS_PER_MS,
                    messages_sent=self._messages_sent,
                    messages_received=self._messages_received,
                    bytes_sent=self._bytes_sent,
                    bytes_received=self._bytes_received,
                    skipped=self._skipped,
                )
            )


class CallLedger:
    """The calls of one side of one connection. `on_call` is told of each once, at its end."""

    def __init__(
        self,
        side: Side = Side.CLIENT,
        traffic: Traffic | None = None,
        on_call: Callable[[CallRecord], None] | None = None,
        *,
        peer: str = "",
    ) -> None:
        self.side = side
        self.traffic = traffic or Traffic()
        self.on_call = on_call
        self.peer = peer

    def begin(self, method: Method) -> CountedCall:
        """A call of a method has begun."""
        tally = self.traffic.tally(method.path, self.side)
        return CountedCall(self, method.path, tally, self.traffic.clock())

    def tell(self, record: CallRecord) -> None:
        """Hand a record on. What the listener raises is its own mistake and ends nothing."""
        assert self.on_call is not None  # The caller has looked.
        try:
            self.on_call(record)
        except Exception:
            LOG.exception("a listener of calls failed", extra={"method": record.method})
