"""The calls of a client's connection. Each ends exactly once; frames of ended calls are ignored."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Cancel, Code, Credit, HalfClose, Message, Open, Status
from protobuf import Oneof

from .events import CallEnded, MessageReceived
from .outbox import ProtocolBreak
from .protocol import NS_PER_MS, PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

    from .call_ledger import CallLedger, CountedCall
    from .events import Event
    from .frame import Bytes
    from .method_policy import Method
    from .outbox import Outbox


@dataclass(slots=True)
class _ClientCall:
    method: Method
    count: CountedCall


class ClientCalls:
    """Open calls by number, and their deadlines."""

    def __init__(self, outbox: Outbox, *, ledger: CallLedger) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._open: dict[int, _ClientCall] = {}
        self._last_number = 0
        self._deadlines: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._open)

    @property
    def next_deadline_ns(self) -> int | None:
        """When to look at the clock again."""
        return self._deadlines[0][0] if self._deadlines else None

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
        self._outbox.put(method.lane, Oneof("open", opening), tail, most_bytes=PROTOCOL.max_request_bytes)
        self._last_number = number
        self._open[number] = entry = _ClientCall(method, self._ledger.begin(method))
        if message is not None:
            entry.count.sent(len(message) + len(tail))
        if timeout_ms:
            heapq.heappush(self._deadlines, (now_ns + timeout_ms * NS_PER_MS, number))
        return number

    def send(self, call: int, message: bytes, tail: Bytes) -> None:
        """Send a message of the call; nothing when it has ended."""
        if (entry := self._open.get(call)) is not None:
            kind = Oneof("message", Message(call=call, message=message))
            self._outbox.put(entry.method.lane, kind, tail, most_bytes=PROTOCOL.max_request_bytes)
            entry.count.sent(len(message) + len(tail))

    def half_close(self, call: int) -> None:
        """Say that nothing more comes."""
        if (entry := self._open.get(call)) is not None:
            self._outbox.put(entry.method.lane, Oneof("half_close", HalfClose(call=call)))

    def cancel(self, call: int, reason: str, code: Code = Code.CANCELED) -> None:
        """Give the call up. It has ended for this side at once; there is no event."""
        if (entry := self._open.pop(call, None)) is not None:
            self._outbox.put(entry.method.lane, Oneof("cancel", Cancel(call=call, reason=reason[:1000])))
            entry.count.ended(code)

    def grant(self, call: int, messages: int, nbytes: int) -> None:
        """Let the server send more of the stream."""
        if (entry := self._open.get(call)) is not None:
            self._outbox.put(entry.method.lane, Oneof("credit", Credit(call=call, messages=messages, bytes=nbytes)))

    def receive_message(self, message: Message, tail: Bytes) -> list[Event]:
        """Take in a message from the server."""
        entry = self._entry(message.call)
        if entry is None:
            return []
        entry.count.received(len(message.message) + len(tail))
        entry.count.skip(message.skipped)
        if message.last:
            del self._open[message.call]
            entry.count.ended(Code.UNSPECIFIED)
        return [MessageReceived(message.call, message.message, tail, message.last, message.skipped)]

    def receive_status(self, status: Status) -> list[Event]:
        """Take in the end of a call."""
        entry = self._entry(status.call)
        if entry is None:
            return []
        del self._open[status.call]
        entry.count.ended(status.code)
        return [CallEnded(status.call, status.code, status.message, status.details, status.metadata)]

    def tick(self, now_ns: int) -> list[Event]:
        """End the calls whose time is over."""
        events: list[Event] = []
        while self._deadlines and self._deadlines[0][0] <= now_ns:
            _, call = heapq.heappop(self._deadlines)
            if (entry := self._open.get(call)) is not None:
                self.cancel(call, "deadline", Code.DEADLINE_EXCEEDED)
                sentence = f"{entry.method.name} took longer than its deadline. Try again, or look at the worker's log."
                events.append(CallEnded(call, Code.DEADLINE_EXCEEDED, sentence))
        return events

    def end_all(self, code: Code, message: str, details: Sequence[AnyMessage]) -> list[Event]:
        """End every open call."""
        events: list[Event] = [CallEnded(call, code, message, details) for call in self._open]
        for entry in self._open.values():
            entry.count.ended(code)
        self._open.clear()
        self._deadlines.clear()
        return events

    def _entry(self, call: int) -> _ClientCall | None:
        if call > self._last_number:
            msg = f"call {call} was never opened."
            raise ProtocolBreak(msg)
        return self._open.get(call)
