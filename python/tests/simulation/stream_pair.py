"""Two ends of a stream of bytes in virtual time, and the hand that breaks it. The real StreamLink runs over it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tests.simulation.written_frames import WrittenFrames

from macroscope_worker.rpc.stream_link import StreamLink

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.simulation.trace import Trace


@dataclass
class Manner:
    """How the streams of a world are."""

    least_delay_s: float
    most_delay_s: float
    bytes_per_s: float
    tiny_reads: float
    large_reads: float


class StreamPair:
    """A link between two programs; `links` are its ends."""

    def __init__(self, name: str, manner: Manner, random: Random, trace: Trace) -> None:
        self.name = name
        self.manner = manner
        self.random = random
        self.trace = trace
        self.falsified = False
        links: list[StreamLink] = []
        self.ends = (StreamEnd(self, 0), StreamEnd(self, 1))
        for end, other in (self.ends, self.ends[::-1]):
            end.peer = other
            link = WatchedLink(links.append, end.written)
            end.protocol = link
            link.connection_made(end)
        self.links = (links[0], links[1])

    @property
    def broken(self) -> bool:
        """Nothing passes any more."""
        return any(end.severed or end.closed for end in self.ends)

    def sever(self, *tell_after_s: float | None) -> None:
        """Let nothing pass any more; tell the ends after these times, None is never."""
        for end, after_s in zip(self.ends, tell_after_s, strict=True):
            end.severed = True
            if after_s is not None:
                asyncio.get_running_loop().call_later(after_s, end.hang_up, ConnectionResetError("connection reset"))


class WatchedLink(StreamLink):
    """The real link, with every frame that is given to it told of."""

    def __init__(self, on_connected: Callable[[StreamLink], None], written: WrittenFrames) -> None:
        super().__init__(on_connected)
        self._written = written

    def send(self, frame: Any) -> None:
        if not self._closed and self._closing is None:
            self._written.given(frame)
        super().send(frame)

    def forget(self, connection: int) -> None:
        self._written.dropped(connection)
        super().forget(connection)


class StreamEnd(asyncio.Transport):
    """One end, as asyncio's transports are."""

    _never: ClassVar[float] = 0.0

    def __init__(self, pair: StreamPair, index: int) -> None:
        super().__init__()
        self._pair = pair
        self._index = index
        self._loop = asyncio.get_running_loop()
        self.written = WrittenFrames(f"{pair.name}.{index}", pair.trace.object)
        self.peer: StreamEnd | None = None
        self.protocol: Any = None
        self.severed = False
        self.closed = False
        self.dead = False
        """Its program is gone."""
        self.hold_until_s = 0.0
        self.duplicates = 0
        self._coming = bytearray()
        self._ending = False
        self._reading = False
        self._high = 64 * 1024
        self._paused = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = high or self._high

    def write(self, data: Any) -> None:
        if self.closed or self.dead or self.peer is None:
            return
        self.written.wrote(data)
        self.peer.comes(bytes(data))
        if self.peer.unread > self._high and not self._paused:
            self._paused = True
            self.protocol.pause_writing()

    @property
    def unread(self) -> int:
        """Bytes that wait to be read here."""
        return len(self._coming)

    def close(self) -> None:
        self._finish(None, after_writes=True)

    def abort(self) -> None:
        self._finish(None, after_writes=False)

    def is_closing(self) -> bool:
        return self.closed

    def hang_up(self, error: Exception) -> None:
        """The medium says that it broke."""
        if not self.closed and not self.dead:
            self.closed = True
            self.protocol.connection_lost(error)

    def comes(self, data: bytes) -> None:
        """The other end has written."""
        if not self.closed:
            self._coming += data
            self._read_later()

    def ends(self, *, after_writes: bool) -> None:
        """The other end has closed."""
        self._ending = True
        if not after_writes:
            self._coming.clear()
        self._read_later()

    def _finish(self, error: Exception | None, *, after_writes: bool) -> None:
        if self.closed:
            return
        self.closed = True
        if self.peer is not None and not self.dead:
            self.peer.ends(after_writes=after_writes)
        self._loop.call_soon(self.protocol.connection_lost, error)

    def _read_later(self, just_read: int = 0) -> None:
        if not self._reading:
            self._reading = True
            manner = self._pair.manner
            delay_s = self._pair.random.uniform(manner.least_delay_s, manner.most_delay_s)
            self._loop.call_later(delay_s + just_read / manner.bytes_per_s, self._read)

    def _read(self) -> None:
        held_s = self.hold_until_s - self._loop.time()
        if held_s > 0:
            self._loop.call_later(held_s, self._read)
            return
        self._reading = False
        if self.severed or self.closed or self.dead:
            return
        if not self._coming:
            if self._ending:
                self.closed = True
                self.protocol.eof_received()
                self.protocol.connection_lost(None)
            return
        chunk = bytes(self._coming[: self._read_bytes()])
        del self._coming[: len(chunk)]
        self._pair.trace.add(f"{self._pair.name}.{self._index} reads {len(chunk)} B")
        self._give(chunk)
        if self.duplicates:
            self.duplicates -= 1
            self._pair.falsified = True
            self._pair.trace.counts["fault: bytes came twice"] += 1
            self._give(chunk)
        if self.peer is not None:
            self.peer.drained()
        if self._coming or self._ending:
            self._read_later(len(chunk))

    def _give(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view and not self.closed:
            buffer = self.protocol.get_buffer(-1)
            nbytes = min(len(buffer), len(view))
            buffer[:nbytes] = view[:nbytes]
            self.protocol.buffer_updated(nbytes)
            view = view[nbytes:]

    def drained(self) -> None:
        """The other end has read."""
        if self._paused and self.peer is not None and self.peer.unread == 0 and not self.closed and not self.dead:
            self._paused = False
            self.protocol.resume_writing()

    def _read_bytes(self) -> int:
        random, manner = self._pair.random, self._pair.manner
        kind = random.random()
        waiting = len(self._coming)
        if kind < manner.tiny_reads and waiting < 65_536:
            self._pair.trace.counts["fault: read split"] += 1
            return random.randint(1, 24)
        if kind < manner.tiny_reads + manner.large_reads:
            self._pair.trace.counts["fault: reads joined"] += 1
            return 1 << 20
        return random.randint(16, 65_536) if waiting < 65_536 else random.randint(65_536, 1 << 19)
