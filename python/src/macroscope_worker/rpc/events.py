"""What a connection tells its shell after it has taken in a frame or the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macroscope.rpc.v1.frame_pb import Code, Hello
    from macroscope.rpc.v1.options_pb import Role
    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

    from .frame import Bytes
    from .method_policy import Method
    from .receivers import Receiver


@dataclass(slots=True)
class ConnectionOpened:
    """Both sides have said hello. `role` is what the connection may do."""

    peer: Hello
    role: Role


@dataclass(slots=True)
class CallStarted:
    """Server: a call that may be served. `message` is None when the request comes in a message of its own."""

    call: int
    method: Method
    message: Bytes | None
    tail: Bytes
    timeout_ms: int | None
    metadata: Mapping[str, str]


@dataclass(slots=True)
class MessageReceived:
    """A message of a call. On the client's side `last` says that the call ended well with it."""

    call: int
    message: Bytes
    tail: Bytes
    last: bool
    skipped: int


@dataclass(slots=True)
class HalfClosed:
    """Server: nothing more comes from the client in this call."""

    call: int


@dataclass(slots=True)
class CreditGranted:
    """Server: the stream may go on."""

    call: int


@dataclass(slots=True)
class CallCanceled:
    """Server: the call has ended, by the client or by its deadline; stop working on it. Its status is on its way."""

    call: int
    reason: str


@dataclass(slots=True)
class ReceiverBehind:
    """Server: a receiver of a broadcast has not acknowledged a revision for too long; once each time."""

    receiver: Receiver


@dataclass(slots=True)
class CallEnded:
    """Client: the call has ended without a last message; code 0 is success."""

    call: int
    code: Code
    message: str = ""
    details: Sequence[AnyMessage] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    answered: bool = False
    """By a status of the server, not by the loss of the connection or by the deadline here."""


@dataclass(slots=True)
class ConnectionDraining:
    """The other side takes no new calls; the connection ends with the last open one."""

    message: str


@dataclass(slots=True)
class ConnectionEnded:
    """The connection is over; events for its calls came before. Frames may wait to be sent (a GoAway)."""

    code: Code
    message: str
    details: Sequence[AnyMessage] = ()


Event: TypeAlias = (
    ConnectionOpened
    | CallStarted
    | MessageReceived
    | HalfClosed
    | CreditGranted
    | CallCanceled
    | ReceiverBehind
    | CallEnded
    | ConnectionDraining
    | ConnectionEnded
)
