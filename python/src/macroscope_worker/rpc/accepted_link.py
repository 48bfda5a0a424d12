"""The server's end of a link that carries many connections."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.clock import clock_ns

from .connection_shell import NS_PER_S
from .link_events import ConnectionDropped, ConnectionRequested, LinkAuthenticated, LinkBroken
from .multiplexer import LinkSide, Multiplexer
from .protocol import LINK_CONNECTION, PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .events import ConnectionEnded
    from .frame import Frame
    from .link import Link
    from .link_events import LinkEvent
    from .server import Server
    from .server_connection import ServerConnection

LOG = logging.getLogger(__name__)


class AcceptedLink:
    """Lets the dialler open connections once it has proved itself. No connection is given more than its token's role.

    Without `tokens` the link itself is proof, of `role`. Anybody but the host has so many connections at the most as
    the protocol says.
    """

    def __init__(
        self,
        server: Server,
        link: Link,
        *,
        tokens: Mapping[str, Role] | None,
        authenticate_within_ms: int,
        role: Role,
        on_change: Callable[[], None],
    ) -> None:
        self._server = server
        self._link = link
        self._role = role
        self._on_change = on_change
        now_ns = clock_ns()
        self._multiplexer = Multiplexer(
            LinkSide.ACCEPTOR,
            now_ns=now_ns,
            tokens=tokens,
            authenticate_within_ms=authenticate_within_ms,
            pid=server.pid,
            epoch=server.greeting.epoch,
        )
        self._connections: dict[int, ServerConnection] = {}
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        if not self._multiplexer.authenticated:
            due_s = self._multiplexer.authenticate_by_ns / NS_PER_S
            self._timer = asyncio.get_running_loop().call_at(due_s, self._tick)

    @property
    def in_use(self) -> bool:
        """The dialler has proved itself and is there."""
        return self._multiplexer.authenticated and not self._closed

    def frame_received(self, frame: Frame) -> None:
        """Give a frame to its connection."""
        connection = self._connections.get(frame.connection)
        if connection is not None:
            connection.frame_received(frame)
        elif frame.connection == LINK_CONNECTION or not self._multiplexer.authenticated:
            for event in self._multiplexer.receive(frame):
                self._handle(event)
            self._send_all()
        else:
            self._multiplexer.carries(frame.connection)
            self._send_all()

    def link_writable(self) -> None:
        """Let the streams go on."""
        for connection in list(self._connections.values()):
            connection.link_writable()

    def link_closed(self, reason: str) -> None:
        """End all connections."""
        self._closed = True
        self._cancel_timer()
        connections, self._connections = self._connections, {}
        for connection in connections.values():
            connection.close(Code.UNAVAILABLE, reason or "The link was closed.")
        self._server.link_gone(self)

    def go_away(self, message: str) -> None:
        """End all connections with a word to the other side, and close the link."""
        for connection in list(self._connections.values()):
            connection.go_away(Code.UNAVAILABLE, message)
        self._link.close(message)

    def _handle(self, event: LinkEvent) -> None:
        match event:
            case LinkAuthenticated():
                self._cancel_timer()
                if event.role != Role.UNSPECIFIED:
                    self._role = event.role
                self._on_change()
            case ConnectionRequested():
                self._open(event)
            case ConnectionDropped():
                connection = self._connections.pop(event.number, None)
                if connection is not None:
                    self._link.forget(event.number)
                    code = event.code or Code.CANCELED
                    connection.close(code, event.message or "The client closed the connection.")
            case LinkBroken():
                LOG.warning("link dropped", extra={"reason": event.reason})
                self._link.abort(event.reason)

    def _open(self, request: ConnectionRequested) -> None:
        number = request.number
        if self._role < Role.HOST and len(self._connections) >= PROTOCOL.max_connections:
            self._refuse(number, len(self._connections) + 1)
            return
        asked = request.role if request.role != Role.UNSPECIFIED else self._role

        def on_end(ended: ConnectionEnded) -> None:
            if self._connections.pop(number, None) is not None:
                self._link.forget(number)  # ConnectionClose says what its GoAway would have said.
                self._multiplexer.close_connection(number, ended.code, ended.message, ended.details)
                self._send_all()

        connection = self._server.connection(
            number,
            role=min(asked, self._role),
            label=request.label,
            send=self._link.send,
            congested=lambda: self._link.congested,
            on_end=on_end,
        )
        self._connections[number] = connection
        connection.process()

    def _refuse(self, number: int, found: int) -> None:
        limit = LimitExceeded(limit="max_connections", allowed=PROTOCOL.max_connections, found=found)
        sentence = f"A link carries {PROTOCOL.max_connections} connections at a time. Close one, then open another."
        self._multiplexer.close_connection(number, Code.RESOURCE_EXHAUSTED, sentence, [limit])

    def _send_all(self) -> None:
        for frame in self._multiplexer.take_frames():
            self._link.send(frame)

    def _tick(self) -> None:
        self._timer = None
        for event in self._multiplexer.tick(max(clock_ns(), self._multiplexer.authenticate_by_ns)):
            self._handle(event)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
