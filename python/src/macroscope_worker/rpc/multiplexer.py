"""Connection 0: what the two ends of a link say to each other about its connections. Without input or output."""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.link_pb import Authenticate, Authenticated, ConnectionClose, ConnectionOpen, LinkEnvelope
from macroscope.rpc.v1.options_pb import Lane, Role
from protobuf import Oneof

from .frame import Frame
from .link_events import ConnectionDropped, ConnectionRequested, LinkAuthenticated, LinkBroken
from .outbox import ProtocolBreak
from .protocol import LINK_CONNECTION, NS_PER_MS, PROTOCOL
from .status import pack_details
from .validation import violations_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protobuf import Message

    from .link_events import LinkEvent


class LinkSide(StrEnum):
    """Who dialled."""

    DIALLER = "dialler"
    ACCEPTOR = "acceptor"


class Multiplexer:
    """Which connections a link carries, and whether its dialler may use it.

    `token`: what the dialler proves itself with; empty where the link itself is proof.
    `tokens`: those that the acceptor takes, and the role that each gives; None where the link itself is proof.
    The shell hands over frames of connection 0, asks `carries` for the others, and sends what `take_frames` gives.
    """

    def __init__(
        self,
        side: LinkSide,
        *,
        now_ns: int,
        token: str = "",
        tokens: Mapping[str, Role] | None = None,
        authenticate_within_ms: int = PROTOCOL.hello_within_ms,
        pid: int = 0,
        epoch: int = 0,
    ) -> None:
        self._side = side
        self._tokens = None if tokens is None else [(known.encode(), role) for known, role in tokens.items()]
        self._pid = pid
        self._epoch = epoch
        self._authenticated = not token if side is LinkSide.DIALLER else tokens is None
        self._authenticate_within_ms = authenticate_within_ms
        self._authenticate_by_ns = now_ns + authenticate_within_ms * NS_PER_MS
        self._highest = 0
        self._open: set[int] = set()
        self._frames: list[Frame] = []
        if side is LinkSide.DIALLER and token:
            self._put(Oneof("authenticate", Authenticate(token=token)))

    @property
    def authenticated(self) -> bool:
        """The dialler has proved itself."""
        return self._authenticated

    @property
    def authenticate_by_ns(self) -> int:
        """When `tick` is due while the link is not authenticated."""
        return self._authenticate_by_ns

    def take_frames(self) -> list[Frame]:
        """The frames to send now, in order."""
        frames, self._frames = self._frames, []
        return frames

    def carries(self, number: int) -> bool:
        """The connection is open. For one that never was, the answer to its frame is put out."""
        if number in self._open:
            return True
        if number > self._highest:
            self._put_close(number, Code.NOT_FOUND, f"There is no connection {number} on this link.")
        return False

    def open_connection(self, role: Role = Role.UNSPECIFIED, *, target: str = "", label: str = "") -> int:
        """Dialler: make a connection and return its number."""
        self._highest += 1
        self._open.add(self._highest)
        self._put(
            Oneof("connection_open", ConnectionOpen(connection=self._highest, target=target, role=role, label=label))
        )
        return self._highest

    def close_connection(
        self, number: int, code: Code = Code.UNSPECIFIED, message: str = "", details: Sequence[Message[Any]] = ()
    ) -> None:
        """End a connection and tell the other side; nothing when it has ended."""
        if number in self._open:
            self._open.remove(number)
            self._put_close(number, code, message, details)

    def tick(self, now_ns: int) -> list[LinkEvent]:
        """Look at the clock: a dialler has to prove itself in time."""
        if self._authenticated or now_ns < self._authenticate_by_ns:
            return []
        return [LinkBroken(f"The link was not authenticated within {self._authenticate_within_ms} ms.")]

    def receive(self, frame: Frame) -> list[LinkEvent]:
        """Take in a frame of connection 0, or any frame of a link that is not authenticated yet."""
        try:
            return self._receive(self._envelope(frame))
        except ProtocolBreak as error:
            return [LinkBroken(f"The protocol was broken: {error}")]

    def _envelope(self, frame: Frame) -> LinkEnvelope:
        if frame.connection != LINK_CONNECTION:
            msg = f"a frame of connection {frame.connection} came before the link was authenticated."
            raise ProtocolBreak(msg)
        if len(frame.tail):
            msg = "connection 0 carries no tails."
            raise ProtocolBreak(msg)
        try:
            envelope = LinkEnvelope.from_binary(frame.envelope)
        except (ValueError, RecursionError) as error:
            msg = f"the link envelope cannot be read: {error}."
            raise ProtocolBreak(msg) from error
        if violations := violations_of(envelope):
            msg = "; ".join(f"{violation.field or 'link envelope'} {violation.message}" for violation in violations)
            raise ProtocolBreak(msg)
        return envelope

    def _receive(self, envelope: LinkEnvelope) -> list[LinkEvent]:
        kind = envelope.kind
        value = kind.value if kind is not None else None
        match value:
            case Authenticate() if self._side is LinkSide.ACCEPTOR:
                return self._receive_authenticate(value)
            case Authenticated() if self._side is LinkSide.DIALLER:
                self._authenticated = True
                return [LinkAuthenticated(value.pid, value.epoch)]
        if not self._authenticated:
            msg = "the link is not authenticated."
            raise ProtocolBreak(msg)
        match value:
            case ConnectionOpen() if self._side is LinkSide.ACCEPTOR:
                if value.connection <= self._highest:
                    msg = f"connection number {value.connection} was used before."
                    raise ProtocolBreak(msg)
                self._highest = value.connection
                self._open.add(value.connection)
                return [ConnectionRequested(value.connection, value.target, value.role, value.label)]
            case ConnectionClose():
                if value.connection not in self._open:
                    return []
                self._open.remove(value.connection)
                return [ConnectionDropped(value.connection, value.code, value.message, value.details)]
        msg = f"this end does not take a {kind.field if kind else 'link envelope without a kind'}."
        raise ProtocolBreak(msg)

    def _receive_authenticate(self, authenticate: Authenticate) -> list[LinkEvent]:
        role = Role.UNSPECIFIED
        if self._tokens is not None:
            if self._authenticated:
                return [LinkBroken("The link was authenticated before.")]
            shown = authenticate.token.encode()
            # All are compared, and each in constant time: how long it takes tells nothing.
            roles = [role for known, role in self._tokens if hmac.compare_digest(known, shown)]
            if not roles:
                return [LinkBroken("The token is wrong.")]
            role = roles[0]
        self._authenticated = True
        self._put(Oneof("authenticated", Authenticated(pid=self._pid, epoch=self._epoch)))
        return [LinkAuthenticated(role=role)]

    def _put_close(self, number: int, code: Code, message: str, details: Sequence[Message[Any]] = ()) -> None:
        close = ConnectionClose(connection=number, code=code, message=message, details=pack_details(details))
        self._put(Oneof("connection_close", close))

    def _put(self, kind: Oneof[Any, Any]) -> None:
        self._frames.append(Frame(int(Lane.COMMAND), LINK_CONNECTION, LinkEnvelope(kind=kind).to_binary()))
