"""A link over any asyncio byte-stream transport: named pipes on Windows. On sockets `socket_link` copies less."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from .frame import FrameError, encode_head
from .frame_reader import FrameReader
from .queued_link import QueuedLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from .link import LinkReceiver

IN_TRANSPORT_BYTES: Final = 64 * 1024
"""With more than this in the transport the next frame waits: what the transport holds, no urgent frame passes."""


class StreamLink(QueuedLink, asyncio.BufferedProtocol):
    """A protocol for `create_connection`, `start_serving_pipe` and their like. Owns the transport.

    `on_connected` is told when there is a transport; it starts the link.
    """

    def __init__(self, on_connected: Callable[[StreamLink], None]) -> None:
        super().__init__()
        self._on_connected = on_connected
        self._transport: asyncio.Transport | None = None
        self._reader = FrameReader()
        self._reason = ""

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to deliver. Called from `on_connected`, before anything can have arrived."""
        self._receiver = receiver

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
            self._deliver(frame)

    def eof_received(self) -> bool:
        """Asyncio: the other side writes no more. The link closes."""
        self._reason = "The other side closed the link." if self._reader.idle else "The link ended within a frame."
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio: the transport is gone."""
        if not self._closed:
            failed = f"The link failed: {exc}." if exc is not None else "The link was closed."
            self._tell_closed(self._reason or self._closing or failed)

    def pause_writing(self) -> None:
        """Asyncio: enough waits in the transport."""
        self._full = True

    def resume_writing(self) -> None:
        """Asyncio: the transport is empty."""
        self._full = False
        self._write()

    def _stop_reading(self) -> None:
        """Nothing: what still comes is not delivered."""

    def _write_waiting(self) -> bool:
        transport = self._transport
        if transport is None:
            return False
        while not self._full and (frame := self._queue.pop()) is not None:
            transport.write(encode_head(frame))
            if frame.tail:
                transport.write(frame.tail)
        return not self._queue

    def _end(self, reason: str) -> None:
        del reason  # It stands in `_closing` until the transport is gone.
        if self._transport is not None:
            self._transport.close()
