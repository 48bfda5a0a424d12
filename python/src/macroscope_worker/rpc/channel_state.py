"""How a channel stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectrpc.code import Code
    from connectrpc.errors import ConnectError
    from macroscope.rpc.v1.options_pb import Role

    from .clock import ClockReport


class ChannelPhase(StrEnum):
    """`stale`: nothing heard for twice the idle time, perhaps lost.

    `lost`: the link closed or fell silent; dialled again after a pause. `refused`: the server does not want this
    client; not tried again until `redial`.
    """

    CONNECTING = "connecting"
    LIVE = "live"
    STALE = "stale"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """The server that a channel talks to, or talked to last."""

    build: str
    session: str
    """Another session is another process."""
    epoch: int
    """State of another epoch is read anew."""
    schema_digest: str
    schema_differs: bool
    """The server was built with another schema than this program; to be told to the operator."""
    role: Role
    """The role given."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Each change is a new object."""

    phase: ChannelPhase
    attempt: int = 0
    """Dials since the channel last worked."""
    reason: str = ""
    """Why it is not live: a sentence to show."""
    code: Code | None = None
    error: ConnectError | None = None
    """The whole error, with typed details."""
    server: ServerFacts | None = None
    clock: ClockReport | None = None
    """The server's clock against ours."""
