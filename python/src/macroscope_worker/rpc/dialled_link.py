"""The client's end of a link: one connection, or many."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from connectrpc.code import Code as ConnectCode
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.clock import clock_ns

from .client import ClientConnection
from .connection import Connection
from .connection_state import Side
from .greeting import Greeting
from .link_events import ConnectionDropped, LinkAuthenticated, LinkBroken
from .multiplexer import LinkSide, Multiplexer
from .protocol import BARE_CONNECTION, LINK_CONNECTION

if TYPE_CHECKING:
    from .call_ledger import CallLedger
    from .events import ConnectionEnded
    from .frame import Frame
    from .link import Link


class DialledLink:
    """A link to a server, over which connections are opened. Closing it ends them."""

    def __init__(self, link: Link, *, token: str = "", build: str = "macroscope-client") -> None:
        self._link = link
        self._build = build
        self._multiplexer = Multiplexer(LinkSide.DIALLER, now_ns=clock_ns(), token=token)
        self._connections: dict[int, ClientConnection] = {}
        loop = asyncio.get_running_loop()
        self._authenticated: asyncio.Future[LinkAuthenticated] = loop.create_future()
        self._closed: asyncio.Future[str] = loop.create_future()
        if not token:
            self._authenticated.set_result(LinkAuthenticated())
        link.start(self)
        self._send_all()

    async def authenticated(self) -> LinkAuthenticated:
        """Wait until the server has taken the token.

        Raises ConnectError UNAUTHENTICATED when it closes the link instead.
        """
        return await asyncio.shield(self._authenticated)

    async def closed(self) -> str:
        """Wait for the end of the link, and return why."""
        return await asyncio.shield(self._closed)

    def open_connection(
        self,
        role: Role = Role.UNSPECIFIED,
        *,
        target: str = "",
        label: str = "",
        greeting: Greeting | None = None,
        ledger: CallLedger | None = None,
    ) -> ClientConnection:
        """Open a connection. Calls may be made at once; they wait for the server's hello."""
        number = self._multiplexer.open_connection(role, target=target, label=label)

        def on_end(ended: ConnectionEnded) -> None:
            if self._connections.pop(number, None) is not None:
                self._link.forget(number)
                self._multiplexer.close_connection(number, ended.code, ended.message, ended.details)
                self._send_all()

        core = Connection(
            Side.CLIENT,
            greeting or Greeting(build=self._build, role=role, label=label),
            now_ns=clock_ns(),
            number=number,
            ledger=ledger,
        )
        connection = ClientConnection(core, self._link.send, on_end)
        self._connections[number] = connection
        self._send_all()
        connection.process()
        return connection

    def close_connection(self, connection: ClientConnection) -> None:
        """End a connection; its open calls end with CANCELED."""
        connection.close(Code.CANCELED, "The connection was closed.")

    def close(self) -> None:
        """Close the link."""
        self._link.close("The client closed the link.")

    def frame_received(self, frame: Frame) -> None:
        """Give a frame to its connection."""
        connection = self._connections.get(frame.connection)
        if connection is not None:
            connection.frame_received(frame)
            return
        if frame.connection != LINK_CONNECTION:
            return  # Of a connection that this side has closed.
        for event in self._multiplexer.receive(frame):
            match event:
                case LinkAuthenticated():
                    if not self._authenticated.done():
                        self._authenticated.set_result(event)
                case ConnectionDropped():
                    dropped = self._connections.pop(event.number, None)
                    if dropped is not None:
                        self._link.forget(event.number)
                        dropped.close(event.code or Code.UNAVAILABLE, event.message, event.details)
                case LinkBroken():
                    self._link.abort(event.reason)
        self._send_all()

    def link_writable(self) -> None:
        """Clients send little; nothing waits for it."""

    def link_closed(self, reason: str) -> None:
        """End all connections."""
        connections, self._connections = self._connections, {}
        for connection in connections.values():
            connection.close(Code.UNAVAILABLE, reason or "The link was closed.")
        if not self._authenticated.done():
            sentence = f"The server closed the link before it was authenticated. {reason}"
            self._authenticated.set_exception(ConnectError(ConnectCode.UNAUTHENTICATED, sentence.strip()))
            self._authenticated.exception()  # Nobody has to ask.
        if not self._closed.done():
            self._closed.set_result(reason)

    def _send_all(self) -> None:
        for frame in self._multiplexer.take_frames():
            self._link.send(frame)


class _BareDial:
    def __init__(self, link: Link, greeting: Greeting, ledger: CallLedger | None) -> None:
        core = Connection(Side.CLIENT, greeting, now_ns=clock_ns(), ledger=ledger)
        self.connection = ClientConnection(core, link.send, lambda ended: link.close(ended.message))

    def frame_received(self, frame: Frame) -> None:
        if frame.connection == BARE_CONNECTION:
            self.connection.frame_received(frame)

    def link_writable(self) -> None:
        pass

    def link_closed(self, reason: str) -> None:
        self.connection.close(Code.UNAVAILABLE, reason or "The link was closed.")


def dial_bare(link: Link, greeting: Greeting, *, ledger: CallLedger | None = None) -> ClientConnection:
    """The only connection of a link that is one connection."""
    dial = _BareDial(link, greeting, ledger)
    link.start(dial)
    dial.connection.process()
    return dial.connection
