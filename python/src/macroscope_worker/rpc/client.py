"""A client of the protocol: calls over a connection, and connections over a link that carries many."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any, Self

from connectrpc.code import Code as ConnectCode
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.frame_pb import Code

from macroscope_worker.clock import clock_ns

from .connection_shell import ConnectionShell
from .credit import StreamReturn
from .events import CallEnded, ConnectionDraining, ConnectionEnded, ConnectionOpened, MessageReceived
from .generated_client import C, generated_client
from .status import StatusError, code_of, error_of
from .tail import encode_message
from .validation import decode_valid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from macroscope.rpc.v1.frame_pb import Hello
    from protobuf import Message

    from .connection import Connection
    from .events import Event
    from .frame import Frame
    from .method_policy import Method


class ClientConnection(ConnectionShell):
    """The client's side of one connection. `close_connection` ends it; so does the end of its link."""

    def __init__(
        self, connection: Connection, send: Callable[[Frame], None], on_end: Callable[[ConnectionEnded], None]
    ) -> None:
        super().__init__(connection, send, on_end)
        self.on_draining: Callable[[], None] = _nothing
        """Told when the server takes no new calls."""
        self.on_ended: Callable[[ConnectError], None] = _nothing
        """Told why, when the connection is over, after its calls have ended."""
        self.on_activity: Callable[[], None] = _nothing
        """Told of each frame and each look at the clock."""
        self._opened: asyncio.Future[Hello] = self._loop.create_future()
        self._ended: asyncio.Future[ConnectError] = self._loop.create_future()
        self._unary: dict[int, tuple[Method, asyncio.Future[Message[Any]]]] = {}
        self._streams: dict[int, ClientStream] = {}

    async def opened(self) -> Hello:
        """Wait for the server's hello. Raises the ConnectError that ended the connection instead."""
        return await asyncio.shield(self._opened)

    async def ended(self) -> ConnectError:
        """Wait for the end of the connection, and return why."""
        return await asyncio.shield(self._ended)

    def client(self, client_class: type[C]) -> C:
        """A generated client that calls over this connection."""
        return generated_client(client_class, self)

    async def call(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Message[Any]:
        """Call a unary method. Raises ConnectError; cancelling the task cancels the call."""
        data, tail = encode_message(request)
        call = self.connection.start_call(
            method, data, tail, now_ns=clock_ns(), timeout_ms=timeout_ms, metadata=metadata
        )
        answer: asyncio.Future[Message[Any]] = self._loop.create_future()
        self._unary[call] = (method, answer)
        self.process()
        try:
            return await answer
        finally:
            if self._unary.pop(call, None) is not None:
                self.connection.cancel_call(call, "the caller gave up")
                self.process()

    def stream(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
        credit: tuple[int, int] | None = None,
    ) -> ClientStream:
        """Call a server-streaming method. `credit`: messages and bytes that may be on their way at a time."""
        data, tail = encode_message(request)
        call = self.connection.start_call(
            method, data, tail, now_ns=clock_ns(), timeout_ms=timeout_ms, metadata=metadata, credit=credit
        )
        stream = ClientStream(self, method, call, credit)
        self._streams[call] = stream
        self.process()
        return stream

    def messages(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Message[Any]]:
        """The messages of a server-streaming method, which is called now. Closing the iterator ends the call."""
        return closing(self.stream(method, request, timeout_ms=timeout_ms, metadata=metadata))

    def forget(self, call: int, reason: str) -> None:
        """Give a stream up."""
        if self._streams.pop(call, None) is not None:
            self.connection.cancel_call(call, reason)
            self.process()

    def frame_received(self, frame: Frame) -> None:
        """Take in a frame of this connection."""
        super().frame_received(frame)
        self.on_activity()

    def _tick(self) -> None:
        super()._tick()
        self.on_activity()

    def handle(self, event: Event) -> None:
        """Act on an event."""
        match event:
            case ConnectionOpened():
                self._opened.set_result(event.peer)
            case MessageReceived():
                self._receive(event)
            case CallEnded():
                kind = StatusError if event.answered else ConnectError
                error = kind(code_of(event.code), event.message, event.details) if event.code else None
                self._end(event.call, error)
            case ConnectionDraining():
                self.on_draining()
            case ConnectionEnded():
                error = error_of(event.code or Code.UNAVAILABLE, event.message, event.details)
                if not self._opened.done():
                    self._opened.set_exception(error)
                    self._opened.exception()  # Nobody has to ask.
                if not self._ended.done():
                    self._ended.set_result(error)
                    self.on_ended(error)

    def _receive(self, event: MessageReceived) -> None:
        if (entry := self._unary.get(event.call)) is not None:
            method, answer = entry
            del self._unary[event.call]
            if answer.done():
                return
            try:
                answer.set_result(decode_valid(method.output, event.message, event.tail, ConnectCode.INTERNAL))
            except ConnectError as error:
                answer.set_exception(error)
        elif (stream := self._streams.get(event.call)) is not None:
            stream.put(event)
            if event.last:
                self._end(event.call, None)

    def _end(self, call: int, error: ConnectError | None) -> None:
        if (entry := self._unary.pop(call, None)) is not None:
            if not entry[1].done():
                entry[1].set_exception(error or ConnectError(ConnectCode.INTERNAL, "The call ended without an answer."))
        elif (stream := self._streams.pop(call, None)) is not None:
            stream.end(error)


async def closing(stream: ClientStream) -> AsyncIterator[Message[Any]]:
    """The messages of a stream, which is given up when they are left."""
    async with contextlib.aclosing(stream):
        async for message in stream:
            yield message


class ClientStream:
    """The messages of a server-streaming call. Leaving it early needs `aclose`, or `async with`."""

    def __init__(self, owner: ClientConnection, method: Method, call: int, window: tuple[int, int] | None) -> None:
        self._owner = owner
        self._method = method
        self._call = call
        self._return = StreamReturn(method.lane, window)
        self._arrived: deque[MessageReceived] = deque()
        self._news = asyncio.Event()
        self._ended = False
        self._error: ConnectError | None = None
        self.skipped = 0
        """Messages that the server replaced before they could leave, as of the last one taken."""

    def __aiter__(self) -> AsyncIterator[Message[Any]]:
        return self

    async def __anext__(self) -> Message[Any]:
        while not self._arrived:
            if self._ended:
                if self._error is not None:
                    raise self._error
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        event = self._arrived.popleft()
        self.skipped = event.skipped
        granted = self._return.taken(len(event.message) + len(event.tail))
        if granted is not None and not self._ended:
            self._owner.connection.grant_credit(self._call, *granted)
            self._owner.process()
        try:
            return decode_valid(self._method.output, event.message, event.tail, ConnectCode.INTERNAL)
        except ConnectError:
            await self.aclose()
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Cancel the call when it still runs."""
        self._owner.forget(self._call, "the caller gave up")
        self.end(None)
        self._arrived.clear()

    def put(self, event: MessageReceived) -> None:
        """Take in a message."""
        self._arrived.append(event)
        self._news.set()

    def end(self, error: ConnectError | None) -> None:
        """The call has ended."""
        if not self._ended:
            self._ended = True
            self._error = error
            self._news.set()


def _nothing(*_: object) -> None:
    pass
