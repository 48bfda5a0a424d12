"""One connection as one end sees it, for diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from macroscope.rpc.v1.options_pb import Role

    from .clock import ClockReport
    from .connection_state import ConnectionState, Side


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """Plain data."""

    label: str
    """Who is at the other end."""
    build: str
    side: Side
    role: Role
    state: ConnectionState
    connected_ms: float
    open_calls: int
    bytes_in_flight: int
    """Server: bytes of answers that the client has not given back; 0 with a client of protocol 1.0."""
    silence_ms: float
    """Time since the last frame from the other end."""
    clock: ClockReport | None
    """None before the first pong."""
