"""The calls of a server's connection: who may call what, credit, the slot of latest-wins streams, deadlines.

Each ends exactly once.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macroscope.rpc.v1.errors_pb import LimitExceeded, RoleNeeded, UnknownMethod
from macroscope.rpc.v1.frame_pb import Cancel, Code, Credit, Message, Open, Status
from macroscope.rpc.v1.options_pb import Delivery, Lane
from protobuf import Oneof

from .call_numbers import CallNumbers
from .credit import CreditAccount
from .events import CallCanceled, CallStarted, CreditGranted, HalfClosed, MessageReceived, ReceiverBehind
from .outbox import ProtocolBreak, check_message_fits
from .protocol import NS_PER_MS, PROTOCOL
from .revision import revision_path
from .status import pack_details

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macroscope.rpc.v1.options_pb import Role
    from protobuf import Message as AnyProto
    from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

    from .call_ledger import CallLedger, CountedCall
    from .events import Event
    from .frame import Bytes, Frame
    from .method_policy import Method
    from .outbox import Outbox
    from .receivers import Receivers, ReceiverTrack


@dataclass(slots=True)
class _ServerCall:
    method: Method
    half_closed: bool
    count: CountedCall
    credit: CreditAccount = field(default_factory=CreditAccount)
    slot: tuple[bytes, Bytes, int | None] | None = None
    skipped: int = 0
    # The end waits behind the slot, and the slot for credit.
    ending: Status | None = None
    # Of a broadcast: how far its receiver is.
    track: ReceiverTrack | None = None


class ServerCalls:
    """Open calls by number."""

    def __init__(
        self, outbox: Outbox, methods: Mapping[str, Method], *, ledger: CallLedger, receivers: Receivers
    ) -> None:
        self._outbox = outbox
        self._methods = methods
        self._ledger = ledger
        self._receivers = receivers
        self._behind_ns: int | None = None
        self._open: dict[int, _ServerCall] = {}
        self._numbers = CallNumbers()
        self._deadlines: list[tuple[int, int]] = []
        self._held = False
        self.draining = False
        """No new calls are taken."""

    def __len__(self) -> int:
        return len(self._open)

    @property
    def next_deadline_ns(self) -> int | None:
        """When to look at the clock again."""
        deadline_ns = self._deadlines[0][0] if self._deadlines else None
        if deadline_ns is None or self._behind_ns is None:
            return self._behind_ns if deadline_ns is None else deadline_ns
        return min(deadline_ns, self._behind_ns)

    def receive_open(self, opening: Open, frame: Frame, role: Role, now_ns: int) -> list[Event]:
        """Begin a call, or answer at once why not: never on a lane of the client's choice."""
        call = opening.call
        if not self._numbers.use(call):
            msg = f"call number {call} was used before, or is out of line."
            raise ProtocolBreak(msg)
        if self.draining:
            self._refuse(call, Lane.COMMAND, Code.UNAVAILABLE, "The server takes no new calls: it is about to end.")
            return []
        method = self._methods.get(opening.method)
        if method is None:
            self._refuse_unknown(call, Lane.COMMAND, opening.method)
            return []
        if role < method.needed_role:
            needed, given = method.needed_role.name.lower(), role.name.lower()
            sentence = f"{method.name} needs the role {needed}; this connection has {given}."
            detail = RoleNeeded(method=method.path, needed=method.needed_role, given=role)
            self._ledger.begin(method).ended(Code.PERMISSION_DENIED)
            self._refuse(call, method.lane, Code.PERMISSION_DENIED, sentence, [detail])
            return []
        if frame.nbytes > PROTOCOL.max_request_bytes:
            self._ledger.begin(method).ended(Code.RESOURCE_EXHAUSTED)
            self._refuse_limit(call, method.lane, "max_request_bytes", PROTOCOL.max_request_bytes, frame.nbytes)
            return []
        if len(self._open) >= PROTOCOL.max_open_calls:
            self._ledger.begin(method).ended(Code.RESOURCE_EXHAUSTED)
            self._refuse_limit(call, method.lane, "max_open_calls", PROTOCOL.max_open_calls, len(self._open) + 1)
            return []
        entry = _ServerCall(method, opening.half_close, self._ledger.begin(method))
        if method.streams and revision_path(method.output):
            entry.track = self._receivers.began(self._ledger.peer, method.path)
        if opening.has_message:
            entry.count.received(len(opening.message) + len(frame.tail))
        if opening.credit is not None:
            entry.credit = CreditAccount(opening.credit.messages, opening.credit.bytes)
        self._open[call] = entry
        timeout_ms = opening.timeout_ms or method.default_deadline_ms
        if timeout_ms:
            heapq.heappush(self._deadlines, (now_ns + timeout_ms * NS_PER_MS, call))
        message = opening.message if opening.has_message else None
        return [CallStarted(call, method, message, frame.tail, timeout_ms or None, opening.metadata)]

    def receive_message(self, message: Message, frame: Frame) -> list[Event]:
        """Take in a message from the client."""
        entry = self._entry(message.call)
        if entry is None:
            return []
        if entry.half_closed:
            msg = f"a message came for call {message.call} after its half-close."
            raise ProtocolBreak(msg)
        if frame.nbytes > PROTOCOL.max_request_bytes:
            self._refuse_limit(
                message.call, entry.method.lane, "max_request_bytes", PROTOCOL.max_request_bytes, frame.nbytes
            )
            self._close(message.call, Code.RESOURCE_EXHAUSTED, "The request was too large.")
            return [CallCanceled(message.call, "too large")]
        entry.count.received(len(message.message) + len(frame.tail))
        return [MessageReceived(message.call, message.message, frame.tail, last=False, skipped=0)]

    def receive_half_close(self, call: int) -> list[Event]:
        """Take in the end of what the client sends."""
        entry = self._entry(call)
        if entry is None:
            return []
        entry.half_closed = True
        return [HalfClosed(call)]

    def receive_cancel(self, cancel: Cancel) -> list[Event]:
        """End a call that the client gives up."""
        call = cancel.call
        entry = self._entry(call)
        if entry is None:
            return []
        self._close(call, Code.CANCELED, cancel.reason or "The receiver left.")
        self._refuse(call, entry.method.lane, Code.CANCELED, "The call was cancelled.")
        return [CallCanceled(call, cancel.reason)]

    def receive_credit(self, credit: Credit) -> list[Event]:
        """Take in a grant, and let the slot go."""
        entry = self._entry(credit.call)
        if entry is None:
            return []
        entry.credit.grant(credit.messages, credit.bytes)
        if entry.track is not None:
            entry.track.acknowledged(credit.messages)
        self._flush(credit.call, entry)
        return [CreditGranted(credit.call)] if entry.credit.open else []

    def may_send(self, call: int) -> bool:
        """A reliable stream may send now; also true when the call has ended, so that nobody waits for ever."""
        entry = self._open.get(call)
        return entry is None or (entry.credit.open and not self._held)

    def send(self, call: int, message: bytes, tail: Bytes, *, last: bool, revision: int | None = None) -> None:
        """Send a message of the call, or keep it in the slot of a latest-wins stream; nothing when it has ended."""
        entry = self._open.get(call)
        if entry is None or entry.ending is not None:
            return
        check_message_fits(len(message), len(tail))  # Also of what waits in the slot: nobody could be told later.
        if not entry.method.streams or last:
            self._outbox.put(
                entry.method.lane,
                Oneof("message", Message(call=call, message=message, last=last, skipped=entry.skipped)),
                tail,
            )
            entry.count.sent(len(message) + len(tail))
            if last:
                self._close(call)
            return
        if entry.method.delivery == Delivery.LATEST_WINS:
            if entry.slot is not None:
                entry.skipped += 1
            entry.slot = (message, tail, revision)
            self._flush(call, entry)
            return
        if not entry.credit.open:
            msg = f"Call {call} has no credit; ask may_send first."
            raise RuntimeError(msg)
        self._put_message(call, entry, message, tail, revision)

    def end(
        self, call: int, code: Code, message: str, details: Sequence[AnyProto], metadata: Mapping[str, str]
    ) -> None:
        """End the call; nothing when it has ended. Success waits behind a picture in the slot, an error does not."""
        entry = self._open.get(call)
        if entry is None:
            return
        status = Status(call=call, code=code, message=message, details=pack_details(details), metadata=dict(metadata))
        if code == Code.UNSPECIFIED and entry.slot is not None:
            entry.ending = status
            return
        self._close(call, code, message)
        self._outbox.put(entry.method.lane, Oneof("status", status))

    def hold_streams(self, *, held: bool) -> None:
        """Keep streams back while the link has enough to write, or let them go."""
        if self._held == held:
            return
        self._held = held
        if not held:
            for call, entry in list(self._open.items()):
                self._flush(call, entry)

    def tick(self, now_ns: int) -> list[Event]:
        """End the calls whose time is over."""
        events: list[Event] = []
        while self._deadlines and self._deadlines[0][0] <= now_ns:
            _, call = heapq.heappop(self._deadlines)
            if (entry := self._open.get(call)) is not None:
                sentence = f"{entry.method.name} took longer than its deadline and was stopped."
                self._close(call, Code.DEADLINE_EXCEEDED, sentence)
                self._refuse(call, entry.method.lane, Code.DEADLINE_EXCEEDED, sentence)
                events.append(CallCanceled(call, "deadline"))
        if self._behind_ns is not None and self._behind_ns <= now_ns:
            tracks = [entry.track for entry in self._open.values() if entry.track is not None]
            events += [ReceiverBehind(track.report(now_ns)) for track in tracks if track.fell_behind(now_ns)]
            self._behind_ns = min((due for track in tracks if (due := track.due_ns) is not None), default=None)
        return events

    def end_all(self, code: Code, message: str, details: Sequence[AnyMessage]) -> list[Event]:
        """Forget every open call; the client ends them on its side."""
        del details
        events: list[Event] = [CallCanceled(call, message) for call in self._open]
        for call in list(self._open):
            self._close(call, code, message)
        self._deadlines.clear()
        return events

    def _entry(self, call: int) -> _ServerCall | None:
        if not self._numbers.used(call):
            msg = f"call {call} was never opened."
            raise ProtocolBreak(msg)
        return self._open.get(call)

    def _flush(self, call: int, entry: _ServerCall) -> None:
        if entry.slot is None or self._held or not entry.credit.open:
            return
        (message, tail, revision), entry.slot = entry.slot, None
        self._put_message(call, entry, message, tail, revision)
        if entry.ending is not None:
            self._close(call)
            self._outbox.put(entry.method.lane, Oneof("status", entry.ending))

    def _close(self, call: int, code: Code = Code.UNSPECIFIED, reason: str = "The stream has ended.") -> None:
        """The call has ended: forget and count it."""
        entry = self._open.pop(call)
        entry.count.ended(code)
        if entry.track is not None:
            self._receivers.ended(entry.track, reason, self._ledger.traffic.clock())

    def _put_message(self, call: int, entry: _ServerCall, message: bytes, tail: Bytes, revision: int | None) -> None:
        self._outbox.put(
            entry.method.lane, Oneof("message", Message(call=call, message=message, skipped=entry.skipped)), tail
        )
        entry.credit.spend(len(message) + len(tail))
        entry.count.sent(len(message) + len(tail))
        entry.count.skip(entry.skipped)
        if entry.track is not None and revision is not None:
            entry.track.sent(revision, entry.skipped, self._ledger.traffic.clock())
            due_ns = entry.track.due_ns
            if due_ns is not None and (self._behind_ns is None or due_ns < self._behind_ns):
                self._behind_ns = due_ns

    def _refuse(self, call: int, lane: int, code: Code, message: str, details: Sequence[AnyProto] = ()) -> None:
        self._outbox.put(
            lane, Oneof("status", Status(call=call, code=code, message=message, details=pack_details(details)))
        )

    def _refuse_limit(self, call: int, lane: int, limit: str, allowed: int, found: int) -> None:
        sentence = f"The limit {limit} is {allowed}, and this makes {found}. The connection goes on; ask for less."
        self._refuse(
            call, lane, Code.RESOURCE_EXHAUSTED, sentence, [LimitExceeded(limit=limit, allowed=allowed, found=found)]
        )

    def _refuse_unknown(self, call: int, lane: int, path: str) -> None:
        service = path.rpartition("/")[0].lstrip("/")
        known = sorted(method.path for method in self._methods.values() if method.service == service)
        known = known or sorted({method.service for method in self._methods.values()})
        sentence = f"Nobody here serves {path!r}. There are: {', '.join(known) or 'no services'}."
        self._refuse(call, lane, Code.UNIMPLEMENTED, sentence, [UnknownMethod(method=path, known=known)])
