"""The calls of a server's connection: who may call what, limits, deadlines. Each ends exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope.rpc.v1.frame_pb import Cancel, Code, Credit, Message, Open, Status
from macroscope.rpc.v1.options_pb import Delivery, Lane

from .answer_line import Answer, AnswerLine
from .answers import Answers
from .call_numbers import CallNumbers
from .credit import CreditAccount
from .deadlines import Deadlines
from .events import CallCanceled, CallStarted, CreditGranted, HalfClosed, MessageReceived, ReceiverBehind
from .outbox import ProtocolBreak
from .protocol import NS_PER_MS, PROTOCOL
from .refusal import draining, limit_exceeded, role_too_low, unknown_method
from .revision import revision_path
from .status import pack_details

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macroscope.rpc.v1.options_pb import Role
    from protobuf import Message as AnyProto

    from .call_ledger import CallLedger, CountedCall
    from .events import Event
    from .frame import Bytes, Frame
    from .method_policy import Method
    from .outbox import Outbox
    from .receivers import Receivers, ReceiverTrack
    from .refusal import Refusal


# Looked at for every call.
_MOST_CALLS: Final = PROTOCOL.max_open_calls
_MOST_PENDING_BYTES: Final = PROTOCOL.max_pending_bytes
_MOST_REQUEST_BYTES: Final = PROTOCOL.max_request_bytes


class ServerCall(AnswerLine):
    """A call from its Open to its end: its method, what came for it, and what it has to send."""

    __slots__ = ("half_closed", "method", "request_bytes")

    def __init__(
        self,
        call: int,
        method: Method,
        count: CountedCall,
        *,
        credit: CreditAccount | None,
        request_bytes: int,
        half_closed: bool,
    ) -> None:
        super().__init__(call, int(method.lane), credit=credit, count=count)
        self.method = method
        self.request_bytes = request_bytes
        """Length of the frames that it came with, as long as it is open."""
        self.half_closed = half_closed


class ServerCalls:
    """Open calls by number."""

    def __init__(
        self, outbox: Outbox, methods: Mapping[str, Method], *, ledger: CallLedger, receivers: Receivers
    ) -> None:
        self._methods = methods
        self._ledger = ledger
        self._receivers = receivers
        self._behind_ns: int | None = None
        self._open: dict[int, ServerCall] = {}
        self._numbers = CallNumbers()
        self._deadlines = Deadlines()
        self._pending_bytes = 0
        self.answers = Answers(outbox, on_good_end=self._close, on_revision=self._note_revision)
        """What they send."""
        self.draining = False
        """No new calls are taken."""

    def __len__(self) -> int:
        return len(self._open)

    @property
    def next_deadline_ns(self) -> int | None:
        """When to look at the clock again."""
        deadline_ns = self._deadlines.next_ns
        if deadline_ns is None or self._behind_ns is None:
            return self._behind_ns if deadline_ns is None else deadline_ns
        return min(deadline_ns, self._behind_ns)

    def receive_open(self, opening: Open, frame: Frame, role: Role, now_ns: int) -> list[Event]:
        """Begin a call, or answer at once why not: never on a lane of the client's choice."""
        call = opening.call
        if not self._numbers.use(call):
            msg = f"call number {call} was used before, or is out of line."
            raise ProtocolBreak(msg)
        nbytes = frame.nbytes
        refused = draining() if self.draining else self._over_limit(nbytes)
        method = self._methods.get(opening.method)
        if refused is not None or method is None:
            refused = refused or unknown_method(opening.method, self._methods.values())
            if method is not None:
                self._ledger.begin(method).ended(refused.code)
            self._end_line(AnswerLine(call, int(Lane.COMMAND)), refused)
            return []
        count = self._ledger.begin(method)
        if role < method.needed_role:
            refused = role_too_low(method, role)
            count.ended(refused.code)
            self._end_line(AnswerLine(call, int(method.lane)), refused)
            return []
        credit = None
        if method.streams:
            granted = opening.credit
            credit = CreditAccount() if granted is None else CreditAccount(granted.messages, granted.bytes)
        entry = ServerCall(call, method, count, credit=credit, request_bytes=nbytes, half_closed=opening.half_close)
        if method.streams and revision_path(method.output):
            entry.track = self._receivers.began(self._ledger.peer, method.path)
        self._open[call] = entry
        self._pending_bytes += nbytes
        timeout_ms = opening.timeout_ms
        if timeout_ms:
            self._deadlines.add(call, now_ns + timeout_ms * NS_PER_MS, self._open)
        message = None
        if opening.has_message:
            message = opening.message
            count.received(len(message) + len(frame.tail))
        events: list[Event] = [CallStarted(call, method, message, frame.tail, timeout_ms or None, opening.metadata)]
        if message is None and opening.half_close:
            events.append(HalfClosed(call))
        return events

    def receive_message(self, message: Message, frame: Frame) -> list[Event]:
        """Take in a message from the client."""
        entry = self._entry(message.call)
        if entry is None:
            return []
        if entry.half_closed:
            msg = f"a message came for call {message.call} after its half-close."
            raise ProtocolBreak(msg)
        refused = self._too_large(frame.nbytes)
        if refused is not None:
            self._refuse(entry, refused)
            return [CallCanceled(message.call, "too large")]
        entry.request_bytes += frame.nbytes
        self._pending_bytes += frame.nbytes
        assert entry.count is not None  # Every open call is counted.
        entry.count.received(len(message.message) + len(frame.tail))
        return [MessageReceived(message.call, message.message, frame.tail, last=False, skipped=0)]

    def receive_half_close(self, call: int) -> list[Event]:
        """Take in the end of what the client sends."""
        entry = self._entry(call)
        if entry is None or entry.half_closed:
            return []
        entry.half_closed = True
        return [HalfClosed(call)]

    def receive_cancel(self, cancel: Cancel) -> list[Event]:
        """End a call that the client gives up, and drop what waits of it."""
        call = cancel.call
        status = Status(call=call, code=Code.CANCELED, message="The call was cancelled.")
        entry = self._entry(call)
        if entry is None:
            line = self.answers.waiting(call)
            if line is not None:  # It has ended here, and its last frames still wait.
                self.answers.cut_short(line, status)
            return []
        self.answers.cut_short(entry, status)
        self._close(call, Code.CANCELED, cancel.reason or "The receiver left.")
        return [CallCanceled(call, cancel.reason)]

    def receive_credit(self, credit: Credit) -> list[Event]:
        """Take in a grant, of a stream or, for call 0, of the connection; let go what waited for it."""
        if credit.call == 0 and self.answers.limited:
            self.answers.give_back(credit.bytes)
            return []
        entry = self._entry(credit.call)
        if entry is None or entry.credit is None:
            return []
        entry.credit.grant(credit.messages, credit.bytes)
        if entry.track is not None:
            entry.track.acknowledged(credit.messages)
        self.answers.ready(entry)
        return [CreditGranted(credit.call)] if self.answers.may_send(entry) else []

    def may_send(self, call: int) -> bool:
        """A reliable stream may send now; also true when the call has ended, so that nobody waits for ever."""
        entry = self._open.get(call)
        return entry is None or self.answers.may_send(entry)

    def runs(self, call: int) -> bool:
        """The call has not ended."""
        return call in self._open

    def line_up(self, call: int) -> None:
        """Have CreditGranted tell when a reliable stream may send; it has to send then, or to end."""
        if (entry := self._open.get(call)) is not None:
            self.answers.line_up(entry)

    def send(self, call: int, message: bytes, tail: Bytes, *, last: bool, revision: int | None = None) -> None:
        """Send a message of the call, or keep it in the slot of a latest-wins stream; nothing when it has ended."""
        entry = self._open.get(call)
        if entry is None or entry.ending is not None:
            return
        answer = Answer(message, tail, revision)
        if not entry.method.streams or last:
            self.answers.send(entry, answer, last=last)
            if last:
                self._close(call)
        elif entry.method.delivery == Delivery.LATEST_WINS:
            self.answers.offer(entry, answer)
        elif self.answers.may_send(entry):
            self.answers.send(entry, answer)
        else:
            msg = f"Call {call} has no credit; ask may_send first."
            raise RuntimeError(msg)

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
        self.answers.end(entry, status)  # First: what cannot be sent does not end the call.
        self._close(call, code, message)

    def tick(self, now_ns: int) -> list[Event]:
        """End the calls whose time is over, and look who is behind."""
        events: list[Event] = []
        for call in self._deadlines.take_due(now_ns):
            if (entry := self._open.get(call)) is not None:
                sentence = f"{entry.method.name} took longer than its deadline and was stopped."
                self.answers.cut_short(entry, Status(call=call, code=Code.DEADLINE_EXCEEDED, message=sentence))
                self._close(call, Code.DEADLINE_EXCEEDED, sentence)
                events.append(CallCanceled(call, "deadline"))
        if self._behind_ns is not None and self._behind_ns <= now_ns:
            tracks = [entry.track for entry in self._open.values() if entry.track is not None]
            events += [ReceiverBehind(track.report(now_ns)) for track in tracks if track.fell_behind(now_ns)]
            self._behind_ns = min((due for track in tracks if (due := track.due_ns) is not None), default=None)
        return events

    def end_all(self, code: Code, message: str) -> list[Event]:
        """Forget every open call; the client ends them on its side."""
        events: list[Event] = [CallCanceled(call, message) for call in self._open]
        for call in list(self._open):
            self._close(call, code, message)
        self._deadlines.clear()
        self.answers.close()
        return events

    def _entry(self, call: int) -> ServerCall | None:
        if not self._numbers.used(call):
            msg = f"call {call} was never opened."
            raise ProtocolBreak(msg)
        return self._open.get(call)

    def _close(self, call: int, code: Code = Code.UNSPECIFIED, reason: str = "The stream has ended.") -> None:
        """The call has ended: forget and count it. Its last frames may still wait."""
        entry = self._open.pop(call)
        self._pending_bytes -= entry.request_bytes
        assert entry.count is not None  # Every open call is counted.
        entry.count.ended(code)
        if entry.track is not None:
            self._receivers.ended(entry.track, reason, self._ledger.traffic.clock())

    def _over_limit(self, nbytes: int) -> Refusal | None:
        """Why a request of this size is one too many; None when it is not."""
        if len(self._open) >= _MOST_CALLS:
            return limit_exceeded("max_open_calls", _MOST_CALLS, len(self._open) + 1)
        beyond_bytes = self.answers.beyond_credit_bytes + self.answers.slot_bytes
        if beyond_bytes > _MOST_PENDING_BYTES and self.answers.limited:
            return limit_exceeded("max_pending_bytes", _MOST_PENDING_BYTES, beyond_bytes)
        return self._too_large(nbytes)

    def _too_large(self, nbytes: int) -> Refusal | None:
        if nbytes > _MOST_REQUEST_BYTES:
            return limit_exceeded("max_request_bytes", _MOST_REQUEST_BYTES, nbytes)
        if self._pending_bytes + nbytes > _MOST_PENDING_BYTES:
            return limit_exceeded("max_pending_bytes", _MOST_PENDING_BYTES, self._pending_bytes + nbytes)
        return None

    def _refuse(self, entry: ServerCall, refusal: Refusal) -> None:
        self._close(entry.call, refusal.code, refusal.message)
        self._end_line(entry, refusal)

    def _end_line(self, line: AnswerLine, refusal: Refusal) -> None:
        self.answers.end(line, refusal.status(line.call))

    def _note_revision(self, line: AnswerLine, revision: int) -> None:
        if line.track is None:
            return
        line.track.sent(revision, line.skipped, self._ledger.traffic.clock())
        self._note_due(line.track)

    def _note_due(self, track: ReceiverTrack) -> None:
        """Look again when the receiver will be behind."""
        due_ns = track.due_ns
        if due_ns is not None and (self._behind_ns is None or due_ns < self._behind_ns):
            self._behind_ns = due_ns
