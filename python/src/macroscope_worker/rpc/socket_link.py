"""A link over a connected stream socket, without copies: frames leave by scatter-gather and large ones arrive in place.

asyncio's own transports copy what the kernel does not take at once (and join buffers, before Python 3.12), and they
keep it where no more urgent frame can pass. Here the lanes decide about every frame until its first byte has left.
"""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Final

from macroscope.rpc.v1.options_pb import Lane

from .frame import FrameError, encode_head
from .frame_reader import FrameReader
from .queued_link import QueuedLink

if TYPE_CHECKING:
    from .frame import Frame
    from .link import LinkReceiver

KERNEL_BYTES: Final = 1024 * 1024
"""Bytes in the kernel that a more urgent frame cannot pass: under a millisecond of a local socket."""

_READS_PER_TURN: Final = 16
_COMMAND: Final = int(Lane.COMMAND)


class SocketLink(QueuedLink):
    """Owns the socket."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        sock.settimeout(0)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        self._sock = sock
        self._reader = FrameReader()
        self._writing: list[memoryview] = []

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to read."""
        self._receiver = receiver
        self._loop.add_reader(self._sock, self._read)

    def send(self, frame: Frame) -> None:
        """Queue a frame; it leaves at the end of this turn of the event loop, unless others are more urgent.

        An answer to a command leaves at once when nothing else waits: a turn of the loop costs as much as the answer.
        """
        if frame.lane > _COMMAND or self._queue or self._writing or not self._write_at_once(frame):
            super().send(frame)

    def abort(self, reason: str) -> None:
        """Close at once."""
        if self._closed:
            return
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._writing.clear()
        self._sock.close()
        self._tell_closed(reason)

    def _stop_reading(self) -> None:
        self._loop.remove_reader(self._sock)

    def _end(self, reason: str) -> None:
        self.abort(reason)

    def _read(self) -> None:
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
                self._deliver(frame)
                if self._closed or self._closing is not None:
                    return
            if nbytes < len(buffer):
                return

    def _write_at_once(self, frame: Frame) -> bool:
        """Hand the kernel a frame before which nothing waits; false when it is still to be queued.

        Whoever sends is in the middle of something, so nobody is told of a failure here.
        """
        if self._closed or self._closing is not None:
            return True  # It goes nowhere.
        head = encode_head(frame)
        try:
            sent = self._sock.sendmsg((head, frame.tail)) if frame.tail else self._sock.send(head)
        except OSError:
            return False  # The kernel is full, or the next write fails too and tells.
        if sent < len(head) + len(frame.tail):
            self._writing = [memoryview(head)]
            if frame.tail:
                self._writing.append(memoryview(frame.tail).cast("B"))
            self._take_off(sent)
            self._wait_for_room()
        return True

    def _write_waiting(self) -> bool:
        try:
            while self._writing or self._next():
                if not self._send_some():
                    self._wait_for_room()
                    return False
        except OSError as error:
            self.abort(f"The link failed: {error.strerror or error}.")
            return False
        if self._full:
            self._full = False
            self._loop.remove_writer(self._sock)
        return True

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
        self._take_off(sent)
        return True

    def _take_off(self, sent: int) -> None:
        """Keep of `_writing` what the kernel has not taken."""
        while self._writing and sent >= len(self._writing[0]):
            sent -= len(self._writing.pop(0))
        if sent:
            self._writing[0] = self._writing[0][sent:]

    def _wait_for_room(self) -> None:
        if not self._full:
            self._full = True
            self._loop.add_writer(self._sock, self._write)
