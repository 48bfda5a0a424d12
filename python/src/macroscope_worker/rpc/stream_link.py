"""A link over any asyncio byte-stream transport: named pipes on Windows. On sockets `socket_link` copies less."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from .frame import FrameError, encode_head
from .frame_reader import FrameReader
from .lanes import LaneQueue
from .link import CLOSE_WITHIN_S, ENOUGH_QUEUED_BYTES, MOST_QUEUED_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame
    from .link import LinkReceiver

IN_TRANSPORT_BYTES: Final = 64 * 1024
"""With more than this in the transport the next frame waits: what the transport holds, no urgent frame passes."""


class StreamLink(asyncio.BufferedProtocol):
    """A protocol for `create_connection`, `start_serving_pipe` and their like. Owns the transport.

    `on_connected` is told when there is a transport; it starts the link.
    """

    def __init__(self, on_connected: Callable[[StreamLink], None]) -> None:
        self._on_connected = on_connected
        self._transport: asyncio.Transport | None = None
        self._receiver: LinkReceiver | None = None
        self._reader = FrameReader()
        self._queue = LaneQueue()
        self._paused = False
        self._scheduled = False
        self._was_congested = False
        self._closing: str | None = None
        self._reason = ""
        self._closed = False

    @property
    def congested(self) -> bool:
        """Enough waits to be written."""
        return self._queue.nbytes >= ENOUGH_QUEUED_BYTES

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to deliver. Called from `on_connected`, before anything can have arrived."""
        self._receiver = receiver

    def send(self, frame: Frame) -> None:
        """Queue a frame; it leaves at the end of this turn of the event loop, unless others are more urgent."""
        if self._closed or self._closing is not None:
            return
        self._queue.push(frame)
        if self.congested:
            self._was_congested = True
            if self._queue.nbytes > MOST_QUEUED_BYTES:
                self.abort("The other side does not read.")
                return
        if not self._scheduled and not self._paused:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._write)

    def close(self, reason: str = "") -> None:
        """Write what waits, but not for ever, then close."""
        if self._closed or self._closing is not None:
            return
        self._closing = reason
        asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self.abort, reason)
        self._write()

    def abort(self, reason: str) -> None:
        """Close at once."""
        if self._closed:
            return
        self._reason = reason
        if self._transport is not None:
            self._transport.abort()
        self.connection_lost(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: the transport is there."""
        assert isinstance(transport, asyncio.Transport)  # A byte stream in both directions.
        self._transport = transport
        transport.set_write_buffer_limits(high=IN_TRANSPORT_BYTES, low=0)
        self._on_connected(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Asyncio: where to read to."""
        del sizehint
        return self._reader.buffer()

    def buffer_updated(self, nbytes: int) -> None:
        """Asyncio: so much was read."""
        try:
            frames = self._reader.filled(nbytes)
        except FrameError as error:
            self.abort(f"The other side breaks framing: {error}")
            return
        for frame in frames:
            if self._closed or self._closing is not None or self._receiver is None:
                return
            self._receiver.frame_received(frame)

    def eof_received(self) -> bool:
        """Asyncio: the other side writes no more. The link closes."""
        self._reason = "The other side closed the link." if self._reader.idle else "The link ended within a frame."
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio: the transport is gone."""
        if self._closed:
            return
        self._closed = True
        self._queue.clear()
        if self._receiver is not None:
            failed = f"The link failed: {exc}." if exc is not None else "The link was closed."
            self._receiver.link_closed(self._reason or self._closing or failed)

    def pause_writing(self) -> None:
        """Asyncio: enough waits in the transport."""
        self._paused = True

    def resume_writing(self) -> None:
        """Asyncio: the transport is empty."""
        self._paused = False
        self._write()

    def _write(self) -> None:
        self._scheduled = False
        transport = self._transport
        if self._closed or transport is None:
            return
        while not self._paused and (frame := self._queue.pop()) is not None:
            transport.write(encode_head(frame))
            if frame.tail:
                transport.write(frame.tail)
        if self._was_congested and not self.congested:
            self._was_congested = False
            if self._receiver is not None and self._closing is None:
                self._receiver.link_writable()
        if self._closing is not None and not self._queue:
            transport.close()
