"""What a multiplexer tells its shell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from macroscope.rpc.v1.options_pb import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macroscope.rpc.v1.frame_pb import Code
    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage


@dataclass(slots=True)
class LinkAuthenticated:
    """The link may be used. For the dialler: the process at the other end. For the acceptor: the token's role."""

    pid: int = 0
    epoch: int = 0
    role: Role = Role.UNSPECIFIED


@dataclass(slots=True)
class ConnectionRequested:
    """Acceptor: the dialler opened a connection; its hello follows."""

    number: int
    target: str
    role: Role
    label: str


@dataclass(slots=True)
class ConnectionDropped:
    """The other side ended a connection."""

    number: int
    code: Code
    message: str
    details: Sequence[AnyMessage]


@dataclass(slots=True)
class LinkBroken:
    """The link cannot be used any more: close it at once, without an answer."""

    reason: str


LinkEvent: TypeAlias = LinkAuthenticated | ConnectionRequested | ConnectionDropped | LinkBroken
