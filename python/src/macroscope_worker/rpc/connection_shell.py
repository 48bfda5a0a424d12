"""What drives a connection in asyncio, the same for both sides: frames in, frames out, and one timer."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Code

from macroscope_worker.clock import clock_ns

from .connection_state import ConnectionState
from .events import ConnectionEnded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

    from .connection import Connection
    from .events import Event
    from .frame import Frame

NS_PER_S = 1_000_000_000


class ConnectionShell(ABC):
    """Owns a connection. `send` puts a frame on the link; `on_end` is told once, when the connection is over."""

    def __init__(
        self, connection: Connection, send: Callable[[Frame], None], on_end: Callable[[ConnectionEnded], None]
    ) -> None:
        self.connection = connection
        self._send = send
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = 0

    @abstractmethod
    def handle(self, event: Event) -> None:
        """Act on an event."""

    def frame_received(self, frame: Frame) -> None:
        """Take in a frame of this connection."""
        self.process(self.connection.receive(frame, clock_ns()))

    def close(
        self,
        code: Code = Code.UNAVAILABLE,
        message: str = "The connection was closed.",
        details: Sequence[AnyMessage] = (),
    ) -> None:
        """The link is gone or the other side closed the connection: end open calls without a word to the other side."""
        self.process(self.connection.close(code, message, details))

    def go_away(self, code: Code, message: str) -> None:
        """End the connection and tell the other side why."""
        self.process(self.connection.go_away(code, message))

    def process(self, events: Iterable[Event] = ()) -> None:
        """Act on events, and send what the connection wants sent. To be called after every verb."""
        ended: ConnectionEnded | None = None
        for event in events:
            if isinstance(event, ConnectionEnded):
                ended = event
            self.handle(event)
        while events := self.connection.take_events():
            for event in events:
                if isinstance(event, ConnectionEnded):
                    ended = event
                self.handle(event)
        for frame in self.connection.take_frames():
            self._send(frame)
        if self.connection.state is ConnectionState.CLOSED:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if ended is not None:
                self._on_end(ended)
            return
        self._arm()

    def _arm(self) -> None:
        due_ns = self.connection.next_tick_ns()
        if self._timer is not None:
            if self._timer_ns <= due_ns:
                return
            self._timer.cancel()
        self._timer_ns = due_ns
        self._timer = self._loop.call_at(due_ns / NS_PER_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.process(self.connection.tick(max(clock_ns(), self._timer_ns)))
