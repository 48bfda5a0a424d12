"""The server's end of a link that carries many connections."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.clock import clock_ns

from .connection_shell import NS_PER_S
from .link_events import ConnectionDropped, ConnectionRequested, LinkAuthenticated, LinkBroken
from .multiplexer import LinkSide, Multiplexer
from .protocol import LINK_CONNECTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from .events import ConnectionEnded
    from .frame import Frame
    from .link import Link
    from .link_events import LinkEvent
    from .server import Server
    from .server_connection import ServerConnection

LOG = logging.getLogger(__name__)


class AcceptedLink:
    """Lets the dialler open connections once it has proved itself. No connection is given more than `role`."""

    def __init__(self, server: Server, link: Link, *, token: str, role: Role, on_change: Callable[[], None]) -> None:
        self._server = server
        self._link = link
        self._role = role
        self._on_change = on_change
        now_ns = clock_ns()
        self._multiplexer = Multiplexer(
            LinkSide.ACCEPTOR, now_ns=now_ns, token=token, pid=server.pid, epoch=server.greeting.epoch
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
                self._on_change()
            case ConnectionRequested():
                self._open(event)
            case ConnectionDropped():
                connection = self._connections.pop(event.number, None)
                if connection is not None:
                    code = event.code or Code.CANCELED
                    connection.close(code, event.message or "The client closed the connection.")
            case LinkBroken():
                LOG.warning("link dropped", extra={"reason": event.reason})
                self._link.abort(event.reason)

    def _open(self, request: ConnectionRequested) -> None:
        number = request.number
        asked = request.role if request.role != Role.UNSPECIFIED else self._role

        def on_end(ended: ConnectionEnded) -> None:
            if self._connections.pop(number, None) is not None:
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
