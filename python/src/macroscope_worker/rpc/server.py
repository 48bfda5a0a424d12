"""The server: services by their descriptors, and the links that it accepts."""

from __future__ import annotations

import inspect
import logging
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.clock import clock_ns

from .accepted_link import AcceptedLink
from .call_ledger import CallLedger
from .connection import Connection
from .connection_state import Side
from .method_policy import method_of
from .protocol import BARE_CONNECTION, PROTOCOL
from .receivers import Receivers
from .server_connection import ServerConnection
from .traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from connectrpc.errors import ConnectError
    from protobuf import DescService

    from .call_ledger import CallRecord
    from .connection_report import ConnectionReport
    from .events import ConnectionEnded
    from .frame import Frame
    from .greeting import Greeting
    from .link import Link
    from .method_policy import Method
    from .receivers import Receiver

LOG = logging.getLogger(__name__)

Handler: TypeAlias = "Callable[..., Any]"


class Service(Protocol):
    """What the generated Protocols have in common; handlers are subclasses of those."""

    @classmethod
    def desc(cls) -> DescService:
        """The service that it serves."""


class Server:
    """Serves connections of any number of links.

    `translate` turns an exception of a handler into the error that the caller sees; None is a bug and becomes INTERNAL.
    `on_call` is told of each call when it ends; `on_behind` of each receiver of a broadcast that falls behind by more
    than a second.
    """

    def __init__(
        self,
        greeting: Greeting,
        services: Iterable[Service] = (),
        *,
        translate: Callable[[Exception], ConnectError | None] | None = None,
        on_call: Callable[[CallRecord], None] | None = None,
        on_behind: Callable[[Receiver], None] | None = None,
    ) -> None:
        self.greeting = greeting
        self.traffic = Traffic()
        """The calls of all its connections."""
        self._on_call = on_call
        self._on_behind = on_behind
        self._receivers = Receivers()
        self._connections: set[ServerConnection] = set()
        self.methods: dict[str, Method] = {}
        self.handlers: dict[str, Handler] = {}
        self.translate = translate or (lambda _error: None)
        self._links: set[AcceptedLink | _BareLink] = set()
        self._on_links_changed: Callable[[], None] = lambda: None
        for service in services:
            self.add(service)

    @property
    def links(self) -> int:
        """Links that are in use: authenticated, and not closed."""
        return sum(link.in_use for link in self._links)

    def on_links_changed(self, listener: Callable[[], None]) -> None:
        """Have `listener` called whenever `links` may have changed."""
        self._on_links_changed = listener

    def add(self, service: Service) -> None:
        """Serve a service. Raises TypeError when a method of its schema has no handler, or one of the wrong kind."""
        for desc in service.desc().methods:
            method = method_of(desc)
            handler = getattr(service, handler_name(method.name), None)
            if handler is None or inspect.iscoroutinefunction(handler) == method.streams:
                kind = "an async generator" if method.streams else "a coroutine function"
                msg = f"{type(service).__name__}.{handler_name(method.name)} has to be {kind} for {method.path}."
                raise TypeError(msg)
            self.methods[method.path] = method
            self.handlers[method.path] = handler

    def accept(
        self,
        link: Link,
        *,
        tokens: Mapping[str, Role] | None = None,
        token: str = "",
        role: Role = Role.HOST,
        authenticate_within_ms: int = PROTOCOL.hello_within_ms,
    ) -> None:
        """Serve the connections of a link.

        Its dialler has to show one of `tokens` in time, and its connections are given that token's role at the most.
        `token` and `role` are the short form for one. With neither, the link itself is proof, of `role`.
        """
        if tokens is None and token:
            tokens = {token: role}
        accepted = AcceptedLink(
            self,
            link,
            tokens=tokens,
            authenticate_within_ms=authenticate_within_ms,
            role=role,
            on_change=self._links_changed,
        )
        self._links.add(accepted)
        link.start(accepted)

    def accept_bare(self, link: Link, *, role: Role = Role.HOST) -> None:
        """Serve a link that is one connection."""
        bare = _BareLink(self, link, role)
        self._links.add(bare)
        link.start(bare)

    def connection(
        self,
        number: int,
        *,
        role: Role,
        label: str,
        send: Callable[[Frame], None],
        congested: Callable[[], bool],
        on_end: Callable[[ConnectionEnded], None],
    ) -> ServerConnection:
        """The server's side of a connection."""
        greeting = replace(self.greeting, role=role)
        core = Connection(
            Side.SERVER,
            greeting,
            now_ns=clock_ns(),
            number=number,
            methods=self.methods,
            ledger=CallLedger(Side.SERVER, self.traffic, self._on_call, peer=label),
            receivers=self._receivers,
        )

        def forget_and_tell(ended: ConnectionEnded) -> None:
            self._connections.discard(connection)
            on_end(ended)

        connection = ServerConnection(core, self, send=send, congested=congested, on_end=forget_and_tell, label=label)
        self._connections.add(connection)
        return connection

    def connection_reports(self) -> list[ConnectionReport]:
        """The connections that are there."""
        now_ns = clock_ns()
        return [connection.connection.report(now_ns) for connection in self._connections]

    def receivers(self) -> list[Receiver]:
        """Who holds a broadcast open and how far each is, then the last that did, with the reason why no longer."""
        return self._receivers.report(clock_ns())

    def receiver_behind(self, receiver: Receiver) -> None:
        """A receiver fell behind."""
        if self._on_behind is not None:
            self._on_behind(receiver)

    def close(self, message: str = "The server is closing.") -> None:
        """End every connection with UNAVAILABLE and close every link."""
        for link in list(self._links):
            link.go_away(message)

    def link_gone(self, link: AcceptedLink | _BareLink) -> None:
        """Forget a closed link."""
        self._links.discard(link)
        self._on_links_changed()

    def _links_changed(self) -> None:
        self._on_links_changed()

    @property
    def pid(self) -> int:
        """The process, as Authenticated names it."""
        return os.getpid()


class _BareLink:
    """A link that is one connection."""

    def __init__(self, server: Server, link: Link, role: Role) -> None:
        self._server = server
        self._link = link
        self._connection = server.connection(
            BARE_CONNECTION,
            role=role,
            label="",
            send=link.send,
            congested=lambda: link.congested,
            on_end=lambda ended: link.close(ended.message),
        )
        self._connection.process()

    @property
    def in_use(self) -> bool:
        return True

    def frame_received(self, frame: Frame) -> None:
        if frame.connection == BARE_CONNECTION:
            self._connection.frame_received(frame)
        else:
            self._link.abort(f"A frame of connection {frame.connection} came on a link of one connection.")

    def link_writable(self) -> None:
        self._connection.link_writable()

    def link_closed(self, reason: str) -> None:
        self._connection.close(Code.UNAVAILABLE, reason or "The link was closed.")
        self._server.link_gone(self)

    def go_away(self, message: str) -> None:
        self._connection.go_away(Code.UNAVAILABLE, message)


def handler_name(method: str) -> str:
    """The Python name of a method, as the generated Protocols write it: "ListCameras" is "list_cameras"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", method).lower()
