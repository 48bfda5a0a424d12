"""What a stream may send before its receiver has to grant more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .protocol import PROTOCOL

_MOST: Final = 1 << 40


@dataclass(slots=True)
class CreditAccount:
    """Messages and bytes that may still be sent. The bytes go below zero by what one message overshoots."""

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
