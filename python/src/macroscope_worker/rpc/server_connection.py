"""The server's side of one connection: runs a handler for every call, in a task of its own."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from connectrpc.errors import ConnectError
from connectrpc.request import Headers, RequestContext
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Delivery, Role

from macroscope_worker.clock import clock_ns

from .connection_shell import ConnectionShell
from .eager_task import start_eagerly
from .events import (
    CallCanceled,
    CallStarted,
    ConnectionEnded,
    ConnectionOpened,
    CreditGranted,
    HalfClosed,
    MessageReceived,
    ReceiverBehind,
)
from .protocol import NS_PER_MS
from .revision import revision_of
from .status import WIRE_CODES, error_details
from .stream_gate import StreamGate
from .tail import encode_message
from .validation import decode_valid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from protobuf import Message

    from .connection import Connection
    from .events import Event
    from .frame import Bytes, Frame
    from .server import Server

LOG = logging.getLogger(__name__)

_GIVE_WAY_AFTER_NS: Final = 2 * NS_PER_MS
"""How long a stream may keep the event loop before others have their turn."""


class CallContext(RequestContext[Any, Any]):
    """What a handler knows of its call, beyond the request."""

    def __init__(self, started: CallStarted, *, role: Role, label: str, connection: ServerConnection) -> None:
        super().__init__(
            method=started.method.info,
            http_method="POST",
            request_headers=Headers(started.metadata),
            timeout_ms=started.timeout_ms,
        )
        self.role = role
        self.label = label
        self._connection = connection

    @property
    def connection(self) -> object:
        """The same for all calls of a connection."""
        return self._connection

    @property
    def caller(self) -> str:
        """Who calls, for people: the name that the host gave the connection, else what the client calls itself."""
        peer = self._connection.connection.peer
        return self.label or (peer.label if peer is not None else "")

    def on_connection_end(self, listener: Callable[[], None]) -> None:
        """Have `listener` called once when the connection of this call has ended: at once when it has.

        It is kept until then: one for a connection, not one for each of its calls.
        """
        self._connection.on_connection_end(listener)


class ServerConnection(ConnectionShell):
    """Tasks by call number. A call that has ended has its task cancelled, and its generator closed."""

    def __init__(
        self,
        connection: Connection,
        server: Server,
        *,
        send: Callable[[Frame], None],
        congested: Callable[[], bool],
        on_end: Callable[[ConnectionEnded], None],
        label: str,
    ) -> None:
        super().__init__(connection, send, on_end)
        self._server = server
        self._congested = congested
        self._label = label
        self._waiting: dict[int, CallStarted] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._wakers: dict[int, asyncio.Future[None]] = {}
        self._gate = StreamGate(self._loop, connection.may_send)
        self._starting = False
        self._end_listeners: list[Callable[[], None]] | None = []

    def handle(self, event: Event) -> None:
        """Act on an event."""
        match event:
            case CallStarted():
                if event.message is None:
                    self._waiting[event.call] = event
                else:
                    self._start(event, event.message, event.tail)
            case CreditGranted():
                self._wake(event.call)
            case CallCanceled():
                self._waiting.pop(event.call, None)
                self._stop(event.call)
            case MessageReceived():
                self._receive_request(event)
            case HalfClosed():
                if self._waiting.pop(event.call, None) is not None:
                    self.connection.end_call(event.call, Code.INVALID_ARGUMENT, "The call ended without a request.")
            case ConnectionEnded():
                self._tell_ended()
            case ReceiverBehind():
                self._server.receiver_behind(event.receiver)
            case ConnectionOpened():
                self._log_opened(event)

    def _receive_request(self, event: MessageReceived) -> None:
        if (started := self._waiting.pop(event.call, None)) is not None:
            self._start(started, event.message, event.tail)
        else:
            self.connection.end_call(event.call, Code.UNIMPLEMENTED, "The method takes one request; a second came.")
            self._stop(event.call)

    def _stop(self, call: int) -> None:
        """The call has ended before its handler."""
        if (task := self._tasks.get(call)) is not None:
            task.cancel()

    def process(self, events: Iterable[Event] = ()) -> None:
        """Act on events, send what is to be sent, and let streams go on."""
        super().process(events)
        if self._gate:
            self._gate.open()

    def link_writable(self) -> None:
        """The link has room again."""
        self.connection.hold_streams(held=False)
        self.process()

    def on_connection_end(self, listener: Callable[[], None]) -> None:
        """Have `listener` called once when the connection has ended: at once when it has."""
        if self._end_listeners is None:
            listener()
        else:
            self._end_listeners.append(listener)

    def _tell_ended(self) -> None:
        listeners, self._end_listeners = self._end_listeners or [], None
        for listener in listeners:
            try:
                listener()
            except Exception:
                LOG.exception("a listener to the end of a connection failed")

    def _log_opened(self, event: ConnectionOpened) -> None:
        LOG.info(
            "connection open",
            extra={
                "label": self._label or event.peer.label,
                "build": event.peer.build,
                "role": event.role.name,
                "same_schema": event.peer.schema_digest == self._server.greeting.schema_digest,
            },
        )

    def _wake(self, call: int) -> None:
        waker = self._wakers.get(call)
        if waker is not None and not waker.done() and self.connection.may_send(call):
            waker.set_result(None)

    def _start(self, started: CallStarted, message: Bytes, tail: Bytes) -> None:
        before, self._starting = self._starting, True
        try:
            task = start_eagerly(self._loop, self._run(started, message, tail))
        finally:
            self._starting = before
        if task.done():
            return
        self._tasks[started.call] = task
        task.add_done_callback(lambda _task: self._tasks.pop(started.call, None))
        if not self.connection.runs(started.call):
            task.cancel()  # Its own first step has ended the call, or the connection.

    async def _run(self, started: CallStarted, message: Bytes, tail: Bytes) -> None:
        call, method = started.call, started.method
        try:
            request = decode_valid(method.input, message, tail)
            context = CallContext(started, role=self.connection.role, label=self._label, connection=self)
            handler = self._server.handlers[method.path]
            if method.streams:
                await self._stream(started, handler(request, context))
                self.connection.end_call(call)
            else:
                response = await handler(request, context)
                self._send_message(call, response, last=True)
        except asyncio.CancelledError:
            self.connection.end_call(call, Code.CANCELED, "The call was stopped.")
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises ends its call, and nothing else.
            self._fail(started, error)
        finally:
            if not self._starting:  # Else whoever handed the call over sends what it has brought about.
                self.process()

    async def _stream(self, started: CallStarted, stream: AsyncIterator[Message[Any]]) -> None:
        call = started.call
        give_way_ns = clock_ns() + _GIVE_WAY_AFTER_NS
        reliable = started.method.delivery != Delivery.LATEST_WINS
        try:
            while True:
                if reliable and not self.connection.may_send(call):
                    await self._gate.wait(call)  # Before the next message is made: nobody holds what cannot leave.
                try:
                    response = await anext(stream)
                except StopAsyncIteration:
                    return
                self.connection.hold_streams(held=self._congested())
                if reliable and not self.connection.may_send(call):
                    await self._sendable(call)
                self._send_message(call, response, last=False)
                self.process()
                if clock_ns() >= give_way_ns:
                    # Where source and credit never make it wait, nobody else would have a turn: not even a stop.
                    await asyncio.sleep(0)
                    give_way_ns = clock_ns() + _GIVE_WAY_AFTER_NS
        finally:
            # A generator that is left in the middle runs its `finally` only when it is closed.
            aclose = getattr(stream, "aclose", None)
            if aclose is not None:
                await aclose()

    async def _sendable(self, call: int) -> None:
        while not self.connection.may_send(call):
            waker = self._loop.create_future()
            self._wakers[call] = waker
            self.connection.line_up(call)
            self.process()  # Its turn, or another's, may have come at once.
            try:
                await waker
            finally:
                del self._wakers[call]

    def _send_message(self, call: int, response: Message[Any], *, last: bool) -> None:
        data, tail = encode_message(response)
        revision = None if last else revision_of(response)
        self.connection.send_message(call, data, tail, last=last, revision=revision)

    def _fail(self, started: CallStarted, error: Exception) -> None:
        try:
            known = error if isinstance(error, ConnectError) else self._server.translate(error)
            if known is not None:
                details = error_details(known)
                self.connection.end_call(started.call, WIRE_CODES[known.code], known.message, details)
                return
        except Exception:  # The call has to end whatever is wrong with its error.
            LOG.exception("an error could not be told", extra={"method": started.method.path})
        LOG.error("handler failed", exc_info=error, extra={"method": started.method.path})
        sentence = (
            f"{started.method.name} failed by a mistake in the program. Its log has the details; please report it."
        )
        self.connection.end_call(started.call, Code.INTERNAL, sentence)
