"""The calls of a client's connection. Each ends exactly once; frames of ended calls are ignored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Cancel, Code, Credit, HalfClose, Message, Open, Part, Status
from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof

from .credit import ConnectionReturn, CreditAccount
from .deadlines import Deadlines
from .envelope import read_envelope
from .events import CallEnded, MessageReceived
from .outbox import ProtocolBreak
from .parts import Assembly
from .protocol import NS_PER_MS, PROTOCOL
from .refusal import limit_exceeded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

    from .call_ledger import CallLedger, CountedCall
    from .events import Event
    from .frame import Bytes, Frame
    from .method_policy import Method
    from .outbox import Outbox


@dataclass(slots=True)
class _ClientCall:
    method: Method
    count: CountedCall
    request_bytes: int
    # Of a stream: what the server may still send.
    credit: CreditAccount | None = None
    assembly: Assembly | None = None


class ClientCalls:
    """Open calls by number, and their deadlines."""

    def __init__(self, outbox: Outbox, *, ledger: CallLedger) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._open: dict[int, _ClientCall] = {}
        self._last_number = 0
        self._deadlines = Deadlines()
        self._pending_bytes = 0
        self._return = ConnectionReturn()
        # The call whose frame arrives in parts, by lane.
        self._unfinished: dict[int, int] = {}
        self.limited = False
        """The server cuts long frames, and wants the connection's credit back, as of protocol 1.1."""

    def __len__(self) -> int:
        return len(self._open)

    @property
    def next_deadline_ns(self) -> int | None:
        """When to look at the clock again."""
        return self._deadlines.next_ns

    def start(
        self,
        method: Method,
        message: bytes | None,
        tail: Bytes,
        *,
        now_ns: int,
        timeout_ms: int | None,
        metadata: Mapping[str, str],
        credit: tuple[int, int] | None,
    ) -> int:
        """Begin a call and return its number. With `message` None the request follows in `send`."""
        timeout_ms = method.default_deadline_ms if timeout_ms is None else timeout_ms
        number = self._last_number + 1
        opening = Open(
            call=number,
            method=method.path,
            timeout_ms=timeout_ms,
            metadata=dict(metadata),
            message=message or b"",
            has_message=message is not None,
            half_close=message is not None,
        )
        if credit is not None:
            opening.credit = Credit(messages=credit[0], bytes=credit[1])
        frame = self._outbox.make(method.lane, Oneof("open", opening), tail, most_bytes=PROTOCOL.max_request_bytes)
        _check("max_open_calls", PROTOCOL.max_open_calls, len(self._open) + 1)
        self._check_pending(frame.nbytes)
        self._outbox.add(frame)
        self._last_number = number
        self._pending_bytes += frame.nbytes
        self._open[number] = entry = _ClientCall(method, self._ledger.begin(method), frame.nbytes)
        if method.streams:
            entry.credit = CreditAccount() if credit is None else CreditAccount(*credit)
        if message is not None:
            entry.count.sent(len(message) + len(tail))
        if timeout_ms:
            self._deadlines.add(number, now_ns + timeout_ms * NS_PER_MS, self._open)
        return number

    def send(self, call: int, message: bytes, tail: Bytes) -> None:
        """Send a message of the call; nothing when it has ended."""
        if (entry := self._open.get(call)) is not None:
            kind = Oneof("message", Message(call=call, message=message))
            frame = self._outbox.make(entry.method.lane, kind, tail, most_bytes=PROTOCOL.max_request_bytes)
            self._check_pending(frame.nbytes)
            self._outbox.add(frame)
            entry.request_bytes += frame.nbytes
            self._pending_bytes += frame.nbytes
            entry.count.sent(len(message) + len(tail))

    def half_close(self, call: int) -> None:
        """Say that nothing more comes."""
        if (entry := self._open.get(call)) is not None:
            self._outbox.put(entry.method.lane, Oneof("half_close", HalfClose(call=call)))

    def cancel(self, call: int, reason: str, code: Code = Code.CANCELED) -> None:
        """Give the call up. It has ended for this side at once; there is no event."""
        if (entry := self._open.get(call)) is not None:
            self._close(call, code)
            self._outbox.put(entry.method.lane, Oneof("cancel", Cancel(call=call, reason=reason[:1000])))

    def grant(self, call: int, messages: int, nbytes: int) -> None:
        """Let the server send more of the stream."""
        if (entry := self._open.get(call)) is not None and entry.credit is not None:
            entry.credit.grant(messages, nbytes)
            self._outbox.put(entry.method.lane, Oneof("credit", Credit(call=call, messages=messages, bytes=nbytes)))

    def receive_message(self, message: Message, frame: Frame) -> list[Event]:
        """Take in a message from the server."""
        self._give_back(frame)
        return self._take_message(message, frame.tail)

    def _take_message(self, message: Message, tail: Bytes) -> list[Event]:
        entry = self._entry(message.call)
        if entry is None:
            return []
        if entry.assembly is not None:
            msg = f"a message of call {message.call} came between the parts of another."
            raise ProtocolBreak(msg)
        nbytes = len(message.message) + len(tail)
        if entry.credit is not None:
            if not entry.credit.open:
                msg = f"a message of call {message.call} came beyond its credit."
                raise ProtocolBreak(msg)
            entry.credit.spend(nbytes)
        entry.count.received(nbytes)
        entry.count.skip(message.skipped)
        if message.last:
            self._close(message.call, Code.UNSPECIFIED)
        return [MessageReceived(message.call, message.message, tail, message.last, message.skipped)]

    def receive_part(self, part: Part, frame: Frame) -> list[Event]:
        """Take in a piece of a long message; the last one makes it a message."""
        if not self.limited:
            msg = "a server of protocol 1.0 sends no parts."
            raise ProtocolBreak(msg)
        self._give_back(frame)
        entry = self._entry(part.call)
        if entry is None:
            return []
        if entry.assembly is None:
            if (other := self._unfinished.get(frame.lane)) is not None:
                msg = f"a part of call {part.call} came between those of call {other}."
                raise ProtocolBreak(msg)
            entry.assembly = Assembly(part, frame.lane)
            self._unfinished[frame.lane] = part.call
        whole = entry.assembly.add(part, frame)
        if whole is None:
            return []
        entry.assembly = None
        del self._unfinished[whole.lane]
        message = read_envelope(whole, PROTOCOL.major).value
        if not isinstance(message, Message) or message.call != part.call:
            msg = f"the parts of call {part.call} are no message of it."
            raise ProtocolBreak(msg)
        return self._take_message(message, whole.tail)

    def receive_status(self, status: Status, frame: Frame) -> list[Event]:
        """Take in the end of a call."""
        self._give_back(frame)
        entry = self._entry(status.call)
        if entry is None:
            return []
        self._close(status.call, status.code)
        return [CallEnded(status.call, status.code, status.message, status.details, status.metadata, answered=True)]

    def tick(self, now_ns: int) -> list[Event]:
        """End the calls whose time is over."""
        events: list[Event] = []
        for call in self._deadlines.take_due(now_ns):
            if (entry := self._open.get(call)) is not None:
                self.cancel(call, "deadline", Code.DEADLINE_EXCEEDED)
                sentence = f"{entry.method.name} took longer than its deadline. Try again, or look at the worker's log."
                events.append(CallEnded(call, Code.DEADLINE_EXCEEDED, sentence))
        return events

    def end_all(self, code: Code, message: str, details: Sequence[AnyMessage]) -> list[Event]:
        """End every open call."""
        events: list[Event] = [CallEnded(call, code, message, details) for call in self._open]
        for call in list(self._open):
            self._close(call, code)
        self._deadlines.clear()
        return events

    def _give_back(self, frame: Frame) -> None:
        """What has arrived no longer counts against the connection's credit, whoever it is for."""
        if self.limited and (nbytes := self._return.arrived(frame.nbytes)):
            self._outbox.put(Lane.COMMAND, Oneof("credit", Credit(bytes=nbytes)))

    def _close(self, call: int, code: int) -> None:
        entry = self._open.pop(call)
        if entry.assembly is not None:
            del self._unfinished[entry.assembly.lane]
        self._pending_bytes -= entry.request_bytes
        entry.count.ended(code)

    def _check_pending(self, nbytes: int) -> None:
        _check("max_pending_bytes", PROTOCOL.max_pending_bytes, self._pending_bytes + nbytes)

    def _entry(self, call: int) -> _ClientCall | None:
        if call > self._last_number:
            msg = f"call {call} was never opened."
            raise ProtocolBreak(msg)
        return self._open.get(call)


def _check(limit: str, allowed: int, found: int) -> None:
    """Raise ConnectError RESOURCE_EXHAUSTED when a limit would be passed; the server would refuse the call."""
    if found > allowed:
        raise limit_exceeded(limit, allowed, found).error()
