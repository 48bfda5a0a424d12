"""Where browsers dial: a WebSocket on this machine's loopback, at one path, and nothing else behind the port."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from websockets.asyncio.client import connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Origin, Subprotocol

from .link import CLOSE_WITHIN_S
from .protocol import PROTOCOL
from .websocket_admission import PATH, SUBPROTOCOL, Admission
from .websocket_link import IN_TRANSPORT_BYTES, WebSocketLink

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from http import HTTPStatus

    from websockets.http11 import Request
    from websockets.protocol import Event

    from .link import Link

LOG = logging.getLogger(__name__)

MOST_SOCKETS: Final = 16
"""Those that have not shown a token yet are counted too, and those that have not even asked."""

OPEN_WITHIN_S: Final = 5.0
"""A socket that has not asked for a WebSocket by then is closed."""

_MOST_QUEUED_MESSAGES: Final = 4
"""With more waiting to be handled, the socket is not read."""

_KERNEL_BYTES: Final = 256 * 1024
"""Bytes in the kernel that a more urgent frame cannot pass."""

_MOST_UNREAD_PONG_BYTES: Final = 64 * 1024
"""A peer that sends pings of the WebSocket protocol, but reads no answers, is dropped when so much waits for it."""

_PORT_ATTEMPTS: Final = 20
_MOST_LINES: Final = 100
_LINES_PERIOD_S: Final = 10.0

# The library's own lines repeat what the other side sent, at some levels byte for byte, and tell of each scan with a
# traceback. Ours say enough.
_LIBRARY_LOG = logging.getLogger(f"{__name__}.library")
_LIBRARY_LOG.setLevel(logging.CRITICAL + 1)


class WebSocketListener:
    """Takes links until it is closed. Links that it has given away stay open; `start` makes one."""

    def __init__(self, on_link: Callable[[Link], None], port: int, origins: Sequence[str]) -> None:
        self._on_link = on_link
        self._admission = Admission(port, origins)
        self._servers: list[Server] = []
        self._sockets: set[_GuardedConnection] = set()
        self._lines_since_s = time.monotonic()
        self._lines = 0
        self.port = port
        self.address = f"ws://127.0.0.1:{port}{PATH}"

    @classmethod
    async def start(
        cls, on_link: Callable[[Link], None], *, port: int = 0, origins: Sequence[str] = ()
    ) -> WebSocketListener:
        """Listen on 127.0.0.1 and ::1, port 0 being any. `on_link` starts each link, which is to prove itself.

        Raises OSError when the port is taken, ValueError when an origin is none.
        """
        sockets = _loopback_sockets(port)
        try:
            listener = cls(on_link, sockets[0].getsockname()[1], origins)
            for sock in sockets:
                listener._servers.append(await listener._serve(sock))
        except BaseException:
            for sock in sockets:
                sock.close()
            raise
        return listener

    def close(self) -> None:
        """Take no more links, and end the sockets that have not become one."""
        for server in self._servers:
            server.close(close_connections=False)
        for connection in list(self._sockets):
            if not connection.admitted:
                connection.transport.abort()

    def refused(self, status: HTTPStatus | None, reason: str) -> None:
        """Write why somebody was turned away; past a number of lines they are only counted, for pages dial fast."""
        now_s = time.monotonic()
        if now_s - self._lines_since_s > _LINES_PERIOD_S:
            if self._lines > _MOST_LINES:
                LOG.warning("websocket refused more often", extra={"times": self._lines - _MOST_LINES})
            self._lines_since_s, self._lines = now_s, 0
        self._lines += 1
        if self._lines <= _MOST_LINES:
            LOG.warning("websocket refused", extra={"reason": reason, "status": status and int(status)})

    def enter(self, connection: _GuardedConnection) -> bool:
        """Count a socket; false when there are too many."""
        if len(self._sockets) >= MOST_SOCKETS:
            return False
        self._sockets.add(connection)
        return True

    def leave(self, connection: _GuardedConnection) -> None:
        """The socket is closed."""
        self._sockets.discard(connection)

    def check(self, connection: ServerConnection, request: Request) -> Response | None:
        """Before the upgrade: None lets the library go on with it."""
        refusal = self._admission.refusal(request)
        if refusal is None:
            return None
        self.refused(refusal.status, refusal.reason)
        assert isinstance(connection, _GuardedConnection)  # The factory of `_serve`.
        connection.refused = True
        return _empty(connection.respond(refusal.status, ""))

    def answer(self, connection: ServerConnection, _request: Request, response: Response) -> Response | None:
        """Before an answer leaves: the library's own refusals lose their text, and are told of."""
        assert isinstance(connection, _GuardedConnection)
        connection.admitted = response.status_code == 101
        if connection.admitted:
            return None
        if not connection.refused:
            connection.refused = True
            self.refused(None, f"It is no WebSocket handshake (status {response.status_code}).")
        return _empty(response)

    async def take(self, connection: ServerConnection) -> None:
        """Serve a WebSocket to its end."""
        link = WebSocketLink(connection)
        self._on_link(link)
        await link.ended()

    async def _serve(self, sock: socket.socket) -> Server:
        # The library takes a class and calls it; what it calls needs to know us.
        def make(*args: Any, **options: Any) -> _GuardedConnection:
            return _GuardedConnection(*args, listener=self, **options)

        return await serve(
            self.take,
            sock=sock,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            process_request=self.check,
            process_response=self.answer,
            server_header=None,
            open_timeout=OPEN_WITHIN_S,
            # The protocol has pings of its own, which also measure clocks.
            ping_interval=None,
            close_timeout=CLOSE_WITHIN_S,
            max_size=PROTOCOL.max_request_bytes,
            max_queue=_MOST_QUEUED_MESSAGES,
            write_limit=(IN_TRANSPORT_BYTES, 0),
            logger=_LIBRARY_LOG,
            create_connection=make,  # type: ignore[arg-type]
        )


class _GuardedConnection(ServerConnection):
    """The library's connection, counted from the start, with a bound on what a peer that never reads can make wait."""

    def __init__(self, *args: Any, listener: WebSocketListener, **options: Any) -> None:
        super().__init__(*args, **options)
        self._listener = listener
        self._entered = False
        self._unread_pong_bytes = 0
        self.admitted = False
        self.refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: a socket was accepted."""
        super().connection_made(transport)
        self._entered = self._listener.enter(self)
        if not self._entered:
            self.refused = True
            self._listener.refused(None, f"There are {MOST_SOCKETS} sockets already.")
            self.transport.abort()
            return
        sock = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio: the socket is closed."""
        if not self.admitted and not self.refused:
            came = self.protocol.handshake_exc is not None
            self._listener.refused(None, "It sent no request." if came else "It was closed before it asked.")
        if self._entered:
            self._listener.leave(self)
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Asyncio: what was written has left."""
        super().resume_writing()
        self._unread_pong_bytes = 0

    def process_event(self, event: Event) -> None:
        """The library: an event. It has answered a ping by now, whether anybody reads the answers or not."""
        super().process_event(event)
        if self.paused and isinstance(event, Frame) and event.opcode is Opcode.PING:
            self._unread_pong_bytes += 2 + len(event.data)
            if self._unread_pong_bytes > _MOST_UNREAD_PONG_BYTES:
                self.transport.abort()


async def dial_websocket(address: str, *, origin: str | None = None) -> Link:
    """Dial a listener, as a program that is no browser. Raises OSError, whatever went wrong."""
    try:
        connection = await connect(
            address,
            origin=None if origin is None else Origin(origin),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            proxy=None,
            open_timeout=OPEN_WITHIN_S,
            ping_interval=None,
            close_timeout=CLOSE_WITHIN_S,
            max_size=PROTOCOL.max_frame_bytes,
            max_queue=_MOST_QUEUED_MESSAGES,
            write_limit=(IN_TRANSPORT_BYTES, 0),
            logger=_LIBRARY_LOG,
        )
    except InvalidHandshake as error:
        msg = f"The other side refused the WebSocket: {error}."
        raise ConnectionRefusedError(msg) from error
    return WebSocketLink(connection)


def _empty(response: Response) -> Response:
    """The status alone."""
    headers = Headers({"Connection": "close", "Content-Length": "0"})
    return Response(response.status_code, response.reason_phrase, headers)


def _loopback_sockets(port: int) -> list[socket.socket]:
    """Bound to one port on 127.0.0.1 and, where there is one, on ::1: what `localhost` leads to is ours or nobody's."""
    for _ in range(_PORT_ATTEMPTS):
        first = _bound(socket.AF_INET, "127.0.0.1", port)
        try:
            return [first, _bound(socket.AF_INET6, "::1", first.getsockname()[1])]
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                return [first]  # This machine has no ::1.
            first.close()
            if port:
                raise
    msg = "No port is free on both 127.0.0.1 and ::1."
    raise OSError(errno.EADDRINUSE, msg)


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # There, others could take the port over otherwise.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
    except BaseException:
        sock.close()
        raise
    return sock
