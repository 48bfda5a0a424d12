"""A link over a connected stream socket, without copies: frames leave by scatter-gather and large ones arrive in place.

asyncio's own transports copy what the kernel does not take at once (and join buffers, before Python 3.12), and they
keep it where no more urgent frame can pass. Here the lanes decide about every frame until its first byte has left.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Final

from macroscope.rpc.v1.options_pb import Lane

from .frame import FrameError, encode_head
from .frame_reader import FrameReader
from .lanes import LaneQueue
from .link import CLOSE_WITHIN_S, ENOUGH_QUEUED_BYTES, MOST_QUEUED_BYTES

if TYPE_CHECKING:
    from .frame import Frame
    from .link import LinkReceiver

KERNEL_BYTES: Final = 1024 * 1024
"""Bytes in the kernel that a more urgent frame cannot pass: under a millisecond of a local socket."""

_READS_PER_TURN: Final = 16


class SocketLink:
    """Owns the socket."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(0)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._receiver: LinkReceiver | None = None
        self._reader = FrameReader()
        self._queue = LaneQueue()
        self._writing: list[memoryview] = []
        self._waits_for_room = False
        self._scheduled = False
        self._was_congested = False
        self._closing: str | None = None
        self._closed = False

    @property
    def congested(self) -> bool:
        """Enough waits to be written."""
        return self._queue.nbytes >= ENOUGH_QUEUED_BYTES

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to read."""
        self._receiver = receiver
        self._loop.add_reader(self._sock, self._read)

    def send(self, frame: Frame) -> None:
        """Queue a frame; it leaves at the end of this turn of the event loop, unless others are more urgent.

        An answer to a command leaves at once when nothing else waits: a turn of the loop costs as much as the answer.
        """
        if self._closed or self._closing is not None:
            return
        self._queue.push(frame)
        if self.congested:
            self._was_congested = True
            if self._queue.nbytes > MOST_QUEUED_BYTES:
                self.abort("The other side does not read.")
                return
        if not self._scheduled and not self._waits_for_room:
            if frame.lane <= Lane.COMMAND and self._write_at_once():
                return
            self._scheduled = True
            self._loop.call_soon(self._write)

    def close(self, reason: str = "") -> None:
        """Write what waits, but not for ever, then close."""
        if self._closed or self._closing is not None:
            return
        self._closing = reason
        self._loop.remove_reader(self._sock)
        self._loop.call_later(CLOSE_WITHIN_S, self.abort, reason)
        if not self._waits_for_room:
            self._write()

    def abort(self, reason: str) -> None:
        """Close at once."""
        if self._closed:
            return
        self._closed = True
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._queue.clear()
        self._writing.clear()
        self._sock.close()
        if self._receiver is not None:
            self._receiver.link_closed(reason)

    def _read(self) -> None:
        receiver = self._receiver
        assert receiver is not None  # Reading begins with the receiver.
        for _ in range(_READS_PER_TURN):
            buffer = self._reader.buffer()
            try:
                nbytes = self._sock.recv_into(buffer)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self.abort(f"The link failed: {error.strerror or error}.")
                return
            if nbytes == 0:
                self.abort("The other side closed the link." if self._reader.idle else "The link ended within a frame.")
                return
            try:
                frames = self._reader.filled(nbytes)
            except FrameError as error:
                self.abort(f"The other side breaks framing: {error}")
                return
            for frame in frames:
                receiver.frame_received(frame)
                if self._closed or self._closing is not None:
                    return
            if nbytes < len(buffer):
                return

    def _write_at_once(self) -> bool:
        """Hand the kernel all that waits; false when something is left for `_write`, a failure too.

        Whoever sends is in the middle of something, so nobody is told of anything here.
        """
        try:
            while self._writing or self._next():
                if not self._send_some():
                    return False
        except OSError:
            return False
        return not self._was_congested

    def _write(self) -> None:
        self._scheduled = False
        if self._closed:
            return
        try:
            while self._writing or self._next():
                if not self._send_some():
                    self._wait_for_room()
                    break
        except OSError as error:
            self.abort(f"The link failed: {error.strerror or error}.")
            return
        if self._waits_for_room and not self._writing:
            self._waits_for_room = False
            self._loop.remove_writer(self._sock)
        if self._was_congested and not self.congested:
            self._was_congested = False
            if self._receiver is not None and self._closing is None:
                self._receiver.link_writable()
        if self._closing is not None and not self._writing and not self._queue:
            self.abort(self._closing)

    def _next(self) -> bool:
        frame = self._queue.pop()
        if frame is None:
            return False
        self._writing.append(memoryview(encode_head(frame)))
        if frame.tail:
            self._writing.append(memoryview(frame.tail).cast("B"))
        return True

    def _send_some(self) -> bool:
        """Hand the kernel what it takes; false when it is full."""
        try:
            sent = self._sock.sendmsg(self._writing)
        except (BlockingIOError, InterruptedError):
            return False
        while self._writing and sent >= len(self._writing[0]):
            sent -= len(self._writing.pop(0))
        if sent:
            self._writing[0] = self._writing[0][sent:]
        return True

    def _wait_for_room(self) -> None:
        if not self._waits_for_room:
            self._waits_for_room = True
            self._loop.add_writer(self._sock, self._write)
