"""Two connections face to face, with the time in the test's hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.diagnostics.v1 import diagnostics_pb
from macroscope.rpc.v1.options_pb import Delivery, Lane, Role

from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.frame import Frame, decode_frame, encode_frame
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.method_policy import Method, methods_of
from macroscope_worker.rpc.protocol import NS_PER_MS

if TYPE_CHECKING:
    from macroscope_worker.rpc.events import Event

CLIENT = Greeting(build="client 1", role=Role.UNSPECIFIED, label="test")
SERVER = Greeting(build="server 1", role=Role.HOST, session="s", epoch=7)

METHODS = methods_of(diagnostics_pb.desc().services)
ECHO = METHODS["/macroscope.diagnostics.v1.DiagnosticsService/Echo"]
FLOOD = METHODS["/macroscope.diagnostics.v1.DiagnosticsService/Flood"]
LATEST = Method(
    path="/test/Latest",
    service="test",
    name="Latest",
    streams=True,
    lane=Lane.STATE,
    delivery=Delivery.LATEST_WINS,
    needed_role=Role.VIEWER,
    default_deadline_ms=0,
    input=FLOOD.input,
    output=FLOOD.output,
    info=FLOOD.info,
)
HOST_ONLY = Method(
    path="/test/HostOnly",
    service="test",
    name="HostOnly",
    streams=False,
    lane=Lane.COMMAND,
    delivery=Delivery.RELIABLE,
    needed_role=Role.HOST,
    default_deadline_ms=0,
    input=ECHO.input,
    output=ECHO.output,
    info=ECHO.info,
)
ALL = {**METHODS, LATEST.path: LATEST, HOST_ONLY.path: HOST_ONLY}


class Pair:
    """A client and a server. `pump` carries frames until none are left."""

    def __init__(self, client: Greeting = CLIENT, server: Greeting = SERVER) -> None:
        self.now_ns = 0
        self.client = Connection(Side.CLIENT, client, now_ns=0)
        self.server = Connection(Side.SERVER, server, now_ns=0, methods=ALL)
        self.at_client: list[Event] = []
        self.at_server: list[Event] = []
        self.carried: list[Frame] = []

    @classmethod
    def opened(cls, client: Greeting = CLIENT, server: Greeting = SERVER) -> Pair:
        """A pair that has said hello, with no events left."""
        pair = cls(client, server)
        pair.pump()
        pair.clear()
        return pair

    def clear(self) -> None:
        self.at_client.clear()
        self.at_server.clear()
        self.carried.clear()

    def pump(self) -> None:
        while True:
            to_server = self.client.take_frames()
            to_client = self.server.take_frames()
            for frame in to_server:
                self.at_server += self.server.receive(self._carry(frame), self.now_ns)
            for frame in to_client:
                self.at_client += self.client.receive(self._carry(frame), self.now_ns)
            self.at_client += self.client.take_events()
            self.at_server += self.server.take_events()
            if not to_server and not to_client:
                return

    def pass_ms(self, ms: int) -> None:
        """Let time pass, and both look at the clock as often as they ask for."""
        end_ns = self.now_ns + ms * NS_PER_MS
        while self.now_ns < end_ns:
            self.now_ns = min(end_ns, max(self.now_ns + 1, min(self.client.next_tick_ns(), self.server.next_tick_ns())))
            self.at_client += self.client.tick(self.now_ns)
            self.at_server += self.server.tick(self.now_ns)
            self.pump()

    def _carry(self, frame: Frame) -> Frame:
        carried = decode_frame(encode_frame(frame))
        self.carried.append(carried)
        return carried
