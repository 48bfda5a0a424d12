"""The two sides of a connection, and where it stands."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Who opens calls and who answers them."""

    CLIENT = "client"
    SERVER = "server"


class ConnectionState(StrEnum):
    """`draining`: no new calls, the last open one ends it. When it is `closed`, frames may still wait to be sent."""

    GREETING = "greeting"
    OPEN = "open"
    DRAINING = "draining"
    CLOSED = "closed"
