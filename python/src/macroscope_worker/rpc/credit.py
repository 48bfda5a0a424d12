"""What may be sent before the receiver has to grant more: of one stream, and of a connection as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from macroscope.rpc.v1.options_pb import Lane

from .protocol import PROTOCOL

_MOST: Final = (1 << 32) - 1
_GRANTED_AT_ONCE_BYTES: Final = 64 * 1024


@dataclass(slots=True)
class CreditAccount:
    """Messages and bytes that a stream may still send. The bytes go below zero by what one message overshoots."""

    messages: int = PROTOCOL.initial_credit_messages
    nbytes: int = PROTOCOL.initial_credit_bytes

    @property
    def open(self) -> bool:
        """A message may be sent."""
        return self.messages > 0 and self.nbytes > 0

    def grant(self, messages: int, nbytes: int) -> None:
        """Add to the account. Grants without measure add up to a bound."""
        self.messages = min(self.messages + messages, _MOST)
        self.nbytes = min(self.nbytes + nbytes, _MOST)

    def spend(self, nbytes: int) -> None:
        """Take one message of this size off the account."""
        self.messages -= 1
        self.nbytes -= nbytes


class StreamReturn:
    """Client: when to grant what the consumer of a stream has taken.

    At once on the lane of states, where credit is the acknowledgement, and for large messages; else when half of the
    window has gathered.
    """

    __slots__ = ("_at_once", "_messages", "_nbytes", "_window_bytes", "_window_messages")

    def __init__(self, lane: int, window: tuple[int, int] | None) -> None:
        initial = (PROTOCOL.initial_credit_messages, PROTOCOL.initial_credit_bytes)
        self._window_messages, self._window_bytes = window or initial
        self._at_once = lane == Lane.STATE
        self._messages = 0
        self._nbytes = 0

    def taken(self, nbytes: int) -> tuple[int, int] | None:
        """The consumer has taken a message of this size; the messages and bytes to grant now."""
        self._messages += 1
        self._nbytes += nbytes
        if (
            self._at_once
            or nbytes >= _GRANTED_AT_ONCE_BYTES
            or 2 * self._messages >= self._window_messages
            or 2 * self._nbytes >= self._window_bytes
        ):
            granted = (self._messages, self._nbytes)
            self._messages = self._nbytes = 0
            return granted
        return None


class ConnectionReturn:
    """Client: when to give bytes of the connection's credit back: as they arrive, whoever consumes them."""

    __slots__ = ("_nbytes",)

    def __init__(self) -> None:
        self._nbytes = 0

    def arrived(self, nbytes: int) -> int:
        """A frame of this length came; the bytes to give back now, 0 when they still gather."""
        self._nbytes += nbytes
        if self._nbytes < PROTOCOL.part_bytes:
            return 0
        given, self._nbytes = self._nbytes, 0
        return given
