"""One connection between a client and a server, without input or output.

Frames and the time go in, events and frames come out.

Whoever drives it hands over every frame with `receive`, looks at the clock with `tick` not later than `next_tick_ns`,
and after each of these, and after every verb, acts on `take_events` and sends what `take_frames` gives.
Times are monotonic nanoseconds, always passed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectrpc.code import Code as ConnectCode
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.frame_pb import (
    Cancel,
    Code,
    Credit,
    GoAway,
    HalfClose,
    Hello,
    Message,
    Open,
    Part,
    Ping,
    Pong,
    Status,
)
from macroscope.rpc.v1.options_pb import Lane, Role
from protobuf import Oneof

from .answers import MOST_BEYOND_BYTES
from .call_ledger import CallLedger
from .client_calls import ClientCalls
from .connection_report import ConnectionReport
from .connection_state import ConnectionState, Side
from .envelope import read_envelope
from .events import ConnectionDraining, ConnectionEnded, ConnectionOpened, CreditGranted
from .outbox import Outbox, ProtocolBreak
from .protocol import BARE_CONNECTION, NS_PER_MS, PARTS_SINCE_MINOR, PROTOCOL
from .pulse import Pulse
from .receivers import Receivers
from .server_calls import ServerCalls
from .status import pack_details

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protobuf import Message as AnyProto
    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

    from .events import Event
    from .frame import Bytes, Frame
    from .greeting import Greeting
    from .method_policy import Method


class Connection:
    """Either side of a connection. A client sends its hello at once; calls started before the answer wait for it."""

    def __init__(
        self,
        side: Side,
        greeting: Greeting,
        *,
        now_ns: int,
        number: int = BARE_CONNECTION,
        methods: Mapping[str, Method] | None = None,
        ledger: CallLedger | None = None,
        receivers: Receivers | None = None,
    ) -> None:
        self._ledger = ledger or CallLedger(side)
        self._began_ns = now_ns
        self.side = side
        self.number = number
        self.role = Role.UNSPECIFIED
        self._greeting = greeting
        self._state = ConnectionState.GREETING
        self._peer: Hello | None = None
        self._greet_by_ns = now_ns + PROTOCOL.hello_within_ms * NS_PER_MS
        self._outbox = Outbox(number)
        self._pulse = Pulse(self._outbox, now_ns)
        self._client = ClientCalls(self._outbox, ledger=self._ledger)
        self._server = ServerCalls(self._outbox, methods or {}, ledger=self._ledger, receivers=receivers or Receivers())
        self._events: list[Event] = []
        self._calls: ClientCalls | ServerCalls = self._client if side is Side.CLIENT else self._server
        if side is Side.CLIENT:
            hello = greeting.hello(greeting.role, token=greeting.token)
            self._outbox.put(Lane.COMMAND, Oneof("hello", hello))
            self._outbox.hold()

    @property
    def state(self) -> ConnectionState:
        """Where the connection stands."""
        return self._state

    @property
    def peer(self) -> Hello | None:
        """What the other side said of itself; None while greeting."""
        return self._peer

    @property
    def pulse(self) -> Pulse:
        """How long the other side is silent, and how its clock stands."""
        return self._pulse

    def report(self, now_ns: int) -> ConnectionReport:
        """The connection as of now."""
        return ConnectionReport(
            label=self._ledger.peer,
            build=self._peer.build if self._peer is not None else "",
            side=self.side,
            role=self.role,
            state=self._state,
            connected_ms=(now_ns - self._began_ns) / NS_PER_MS,
            open_calls=len(self._calls),
            bytes_in_flight=self._server.answers.bytes_in_flight,
            silence_ms=self._pulse.silence_ns(now_ns) / NS_PER_MS,
            clock=self._pulse.clock(now_ns),
        )

    def next_tick_ns(self) -> int:
        """When `tick` is due at the latest."""
        due_ns = self._greet_by_ns if self._state is ConnectionState.GREETING else self._pulse.due_ns
        deadline_ns = self._calls.next_deadline_ns
        return due_ns if deadline_ns is None else min(due_ns, deadline_ns)

    def take_frames(self) -> list[Frame]:
        """The frames to send now, in order."""
        return self._outbox.take()

    # Verbs of the client.

    def start_call(
        self,
        method: Method,
        message: bytes | None,
        tail: Bytes = b"",
        *,
        now_ns: int,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
        credit: tuple[int, int] | None = None,
    ) -> int:
        """Begin a call and return its number.

        `timeout_ms` None is the method's own deadline and 0 none; `credit` is the first grant of a stream, in messages
        and bytes.
        Raises ConnectError UNAVAILABLE when the connection is over, RESOURCE_EXHAUSTED when the request is too large.
        """
        if self._state not in (ConnectionState.GREETING, ConnectionState.OPEN):
            raise ConnectError(ConnectCode.UNAVAILABLE, "The connection is over. Open another one.")
        return self._client.start(
            method, message, tail, now_ns=now_ns, timeout_ms=timeout_ms, metadata=metadata or {}, credit=credit
        )

    def half_close(self, call: int) -> None:
        """Client: nothing more comes in this call."""
        self._client.half_close(call)

    def cancel_call(self, call: int, reason: str = "") -> None:
        """Client: give the call up. It has ended at once; no event follows."""
        self._client.cancel(call, reason)

    def grant_credit(self, call: int, messages: int, nbytes: int) -> None:
        """Client: let the server send more of a stream."""
        self._client.grant(call, messages, nbytes)

    # Verbs of the server.

    def may_send(self, call: int) -> bool:
        """Server: a reliable stream has credit, its own and the connection's, and nobody waits before it."""
        return self._server.may_send(call)

    def runs(self, call: int) -> bool:
        """Server: the call has not ended."""
        return self._server.runs(call)

    def line_up(self, call: int) -> None:
        """Server: have CreditGranted tell when a reliable stream may send. Then it has to send, or to end."""
        self._server.line_up(call)

    def end_call(
        self,
        call: int,
        code: Code = Code.UNSPECIFIED,
        message: str = "",
        details: Sequence[AnyProto] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Server: end a call; 0 is success. Nothing when it has ended."""
        self._server.end(call, code, message, details, metadata or {})

    def hold_streams(self, *, held: bool) -> None:
        """Server: keep streams back while the link has enough to write."""
        self._server.answers.hold(held=held)

    # Verbs of both.

    def send_message(
        self, call: int, message: bytes, tail: Bytes = b"", *, last: bool = False, revision: int | None = None
    ) -> None:
        """Send a message. Server: `last` ends the call well; of a latest-wins stream it may replace the one that waits.

        `revision`: of a broadcast, which state the message carries.
        Raises ConnectError RESOURCE_EXHAUSTED when it is larger than what may travel; the call is still open then.
        """
        if self.side is Side.CLIENT:
            self._client.send(call, message, tail)
        else:
            self._server.send(call, message, tail, last=last, revision=revision)

    def drain(self, message: str = "The connection ends after its calls.") -> None:
        """Take no new calls, tell the other side, and end with the last open call. Events are in `take_events`."""
        if self._state is ConnectionState.OPEN:
            self._outbox.put(Lane.COMMAND, Oneof("go_away", GoAway(message=message)))
            self._drain(message)

    def go_away(self, code: Code, message: str, details: Sequence[AnyProto] = ()) -> list[Event]:
        """End the connection and all its calls, and tell the other side why. The GoAway is in `take_frames`."""
        self._go_away(code, message, details)
        return self.take_events()

    def close(
        self,
        code: Code = Code.UNAVAILABLE,
        message: str = "The connection was closed.",
        details: Sequence[AnyMessage] = (),
    ) -> list[Event]:
        """The link is gone, or the other side closed the connection. Open calls end with the code."""
        self._end(ConnectionEnded(code, message, details))
        return self.take_events()

    def receive(self, frame: Frame, now_ns: int) -> list[Event]:
        """Take in a frame of this connection."""
        if self._state is ConnectionState.CLOSED:
            return []
        self._pulse.heard(now_ns)
        try:
            events = self._receive(frame, now_ns)
            self._events += events
        except ProtocolBreak as error:
            sentence = f"The protocol was broken: {error}"
            if self.side is Side.CLIENT:  # Not the callers' fault.
                self._events += self._client.end_all(Code.INTERNAL, sentence, ())
            return self.go_away(Code.INVALID_ARGUMENT, sentence)
        return self.take_events()

    def tick(self, now_ns: int) -> list[Event]:
        """Look at the clock: pings, deadlines, silence."""
        if self._state is ConnectionState.CLOSED:
            return []
        self._events += self._calls.tick(now_ns)
        if self._state is ConnectionState.GREETING:
            if now_ns >= self._greet_by_ns:
                return self.go_away(Code.UNAVAILABLE, f"There was no hello within {PROTOCOL.hello_within_ms} ms.")
            return self.take_events()
        if not self._pulse.look(now_ns):
            message = f"Nothing was heard for {PROTOCOL.lost_after_silence_ms} ms; the other end is gone or stuck."
            self._end(ConnectionEnded(Code.UNAVAILABLE, message))
        return self.take_events()

    def take_events(self) -> list[Event]:
        """What the last verb brought about. `receive`, `tick`, `close` and `go_away` return it themselves."""
        answers = self._server.answers
        if answers.turns_given:
            self._events += [CreditGranted(call) for call in answers.take_turns()]
        if answers.overdrawn:
            self._drop_client()
        if self._state is ConnectionState.DRAINING and not len(self._calls) and answers.idle:
            self._end(ConnectionEnded(Code.UNAVAILABLE, "The connection has ended, as was announced."))
        events, self._events = self._events, []
        return events

    def _go_away(self, code: Code, message: str, details: Sequence[AnyProto]) -> None:
        if self._state is not ConnectionState.CLOSED:
            packed = pack_details(details)
            self._outbox.discard_held()
            self._outbox.put(Lane.COMMAND, Oneof("go_away", GoAway(code=code, message=message, details=packed)))
            self._end(ConnectionEnded(code, message, packed))

    def _drop_client(self) -> None:
        """End the connection of a client that lets far more answers wait than it may."""
        found_bytes = self._server.answers.beyond_credit_bytes
        limit = LimitExceeded(limit="max_pending_bytes", allowed=MOST_BEYOND_BYTES, found=found_bytes)
        sentence = f"The client does not read: {found_bytes} bytes of answers wait for it."
        self._go_away(Code.RESOURCE_EXHAUSTED, sentence, [limit])

    def _receive(self, frame: Frame, now_ns: int) -> list[Event]:
        kind = read_envelope(frame, self._greeting.protocol_major)
        value = kind.value
        match value:
            case GoAway():
                if value.code == Code.UNSPECIFIED and self._state is not ConnectionState.GREETING:
                    self._drain(value.message)
                else:
                    self._end(ConnectionEnded(value.code, value.message, value.details))
                return []
            case Hello():
                return self._receive_hello(value, now_ns)
        if self._state is ConnectionState.GREETING:
            msg = f"a {kind.field} came before the hello."
            raise ProtocolBreak(msg)
        match value:
            case Ping() | Pong():
                self._pulse.receive(value, now_ns)
                return []
        if self.side is Side.CLIENT:
            return self._receive_answer(kind.field, value, frame)
        return self._receive_request(kind.field, value, frame, now_ns)

    def _receive_answer(self, field: str, value: object, frame: Frame) -> list[Event]:
        match value:
            case Message():
                return self._client.receive_message(value, frame)
            case Status():
                return self._client.receive_status(value, frame)
            case Part():
                return self._client.receive_part(value, frame)
        msg = f"a server does not send a {field}."
        raise ProtocolBreak(msg)

    def _receive_request(self, field: str, value: object, frame: Frame, now_ns: int) -> list[Event]:
        match value:
            case Open():
                return self._server.receive_open(value, frame, self.role, now_ns)
            case Message():
                return self._server.receive_message(value, frame)
            case HalfClose():
                return self._server.receive_half_close(value.call)
            case Cancel():
                return self._server.receive_cancel(value)
            case Credit():
                return self._server.receive_credit(value)
        msg = f"a client does not send a {field}."
        raise ProtocolBreak(msg)

    def _receive_hello(self, hello: Hello, now_ns: int) -> list[Event]:
        if self._state is not ConnectionState.GREETING:
            msg = "a second hello."
            raise ProtocolBreak(msg)
        if (refusal := self._greeting.refusal(hello, self.side)) is not None:
            self._go_away(refusal.code, refusal.message, refusal.details)
            return []
        limited = min(self._greeting.protocol_minor, hello.protocol_minor) >= PARTS_SINCE_MINOR
        if self.side is Side.SERVER:
            self.role = self._greeting.role_for(hello.role)
            self._server.answers.limited = limited
            self._outbox.put(Lane.COMMAND, Oneof("hello", self._greeting.hello(self.role)))
        else:
            self.role = hello.role
            self._client.limited = limited
            self._outbox.release()
        self._peer = hello
        self._ledger.peer = self._ledger.peer or hello.label  # A switch names its windows better than they do.
        self._state = ConnectionState.OPEN
        self._pulse.begin(now_ns)
        return [ConnectionOpened(hello, self.role)]

    def _drain(self, message: str) -> None:
        if self._state is ConnectionState.OPEN:
            self._state = ConnectionState.DRAINING
            self._server.draining = True
            self._events.append(ConnectionDraining(message))

    def _end(self, ended: ConnectionEnded) -> None:
        if self._state is ConnectionState.CLOSED:
            return
        self._state = ConnectionState.CLOSED
        code = ended.code or Code.UNAVAILABLE
        if self.side is Side.CLIENT:
            self._events += self._client.end_all(code, ended.message, ended.details)
        else:
            self._events += self._server.end_all(code, ended.message)
        self._events.append(ended)
