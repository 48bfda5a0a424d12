"""What a server sends on one connection: in the bounds of its credit, the lanes in their order, the streams in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof

from .outbox import check_message_fits
from .parts import CutFrame
from .protocol import PROTOCOL
from .refusal import limit_exceeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope.rpc.v1.frame_pb import Status

    from .answer_line import Answer, AnswerLine
    from .frame import Frame
    from .outbox import Outbox

_COMMAND: Final = int(Lane.COMMAND)
_CREDIT_BYTES: Final = PROTOCOL.connection_credit_bytes
_WHOLE_BYTES: Final = PROTOCOL.max_whole_frame_bytes
_MOST_MESSAGES_BYTES: Final = 2 * PROTOCOL.max_pending_bytes
MOST_BEYOND_BYTES: Final = 3 * PROTOCOL.max_pending_bytes
"""A client that lets more answers wait beyond its connection's credit is dropped."""


class Answers:
    """The messages and statuses of a server's calls.

    `limited`: the client knows parts and gives back the connection's credit, as of protocol 1.1.
    `on_good_end` is told of a call whose good end, behind the slot, has left.
    `on_revision` is told of each message of a broadcast that leaves.
    """

    def __init__(
        self, outbox: Outbox, *, on_good_end: Callable[[int], None], on_revision: Callable[[AnswerLine, int], None]
    ) -> None:
        self._outbox = outbox
        self._on_good_end = on_good_end
        self._on_revision = on_revision
        self.limited = False
        self._rest = _CREDIT_BYTES
        self._waiting_bytes = 0
        self._held = False
        # Calls that have something to send, of the lanes of states and of frames; the first is the next.
        self._rotations: dict[int, dict[int, AnswerLine]] = {int(Lane.STATE): {}, int(Lane.FRAME): {}}
        # The reliable stream whose turn it is; nobody else sends on these lanes until it has.
        self._turn: AnswerLine | None = None
        self.turns_given: list[int] = []
        """The calls whose turn has come; `take_turns` takes them."""
        self.slot_bytes = 0
        """Bytes of messages that wait in slots."""
        self.overdrawn = False
        """The client does not read: far more than it may was sent to it or waits for it."""

    @property
    def bytes_in_flight(self) -> int:
        """Bytes that the client has not given back; 0 when it does not give any."""
        return _CREDIT_BYTES - self._rest

    @property
    def beyond_credit_bytes(self) -> int:
        """Bytes of answers that went out or wait beyond the connection's credit."""
        return max(0, self._waiting_bytes - self._rest)

    @property
    def idle(self) -> bool:
        """Nothing waits."""
        return not any(self._rotations.values())

    def may_send(self, line: AnswerLine) -> bool:
        """A reliable stream may send a message now."""
        if line.credit is None or not line.credit.open:
            return False
        if line.lane <= _COMMAND:
            return True
        if self._turn is not None:
            return self._turn is line
        return self._open and self.idle

    def line_up(self, line: AnswerLine) -> None:
        """A reliable stream waits for its turn. `take_turns` tells when it has come; then it has to send or to end."""
        line.wants_turn = True
        self.ready(line)

    def take_turns(self) -> list[int]:
        """The calls whose turn has come since the last time."""
        given, self.turns_given = self.turns_given, []
        return given

    def send(self, line: AnswerLine, answer: Answer, *, last: bool = False) -> None:
        """Send a message, or let it wait for the connection's credit.

        Raises ConnectError RESOURCE_EXHAUSTED when it is too large, or when far too much waits for the client.
        """
        check_message_fits(len(answer.message), len(answer.tail))
        frame = self._outbox.make(line.lane, line.message(answer, last=last), answer.tail)
        found_bytes = self._waiting_bytes - self._rest + frame.nbytes
        if found_bytes > _MOST_MESSAGES_BYTES and self.limited:
            raise limit_exceeded("max_pending_bytes", _MOST_MESSAGES_BYTES, found_bytes).error()
        self._note(line, answer)
        line.wants_turn = False
        self._put(line, frame, is_message=True)

    def offer(self, line: AnswerLine, answer: Answer) -> None:
        """Put a message into the slot of a latest-wins stream. It leaves when it may; a newer one may replace it."""
        check_message_fits(len(answer.message), len(answer.tail))  # Nobody could be told later.
        self.slot_bytes += answer.nbytes - (line.slot.nbytes if line.slot is not None else 0)
        line.offer(answer)
        self.ready(line)

    def end(self, line: AnswerLine, status: Status) -> None:
        """Send the end of a call, behind its messages. What waits in the slot is dropped.

        Raises before anything is changed when the status cannot be encoded, or is larger than what may travel.
        """
        frame = self._outbox.make(line.lane, Oneof("status", status))
        self._empty_slot(line)
        line.wants_turn = False
        self._put(line, frame)

    def cut_short(self, line: AnswerLine, status: Status) -> None:
        """Drop what waits of a call, and send its end, in its place: nobody's parts come between its own and that."""
        self._empty_slot(line)
        self._waiting_bytes -= line.clear()
        self._put(line, self._outbox.make(line.lane, Oneof("status", status)))

    def waiting(self, call: int) -> AnswerLine | None:
        """The line of a call that has something waiting; also of one that has ended at the server."""
        return next((rotation[call] for rotation in self._rotations.values() if call in rotation), None)

    def close(self) -> None:
        """The connection has ended: nothing that waits leaves any more."""
        for rotation in self._rotations.values():
            rotation.clear()
        self._turn = None
        self.turns_given.clear()

    def ready(self, line: AnswerLine) -> None:
        """Something has changed for a line; send what may leave."""
        rotation = self._rotations.get(line.lane)
        if rotation is None:  # Of an urgent lane, which never waits for the connection.
            while line.ready:
                self._serve(line)
        elif line.ready:
            rotation.setdefault(line.call, line)
            self.pump()

    def give_back(self, nbytes: int) -> None:
        """The client has got so many bytes."""
        self._rest = min(self._rest + nbytes, _CREDIT_BYTES)
        self.pump()

    def hold(self, *, held: bool) -> None:
        """Keep streams back while the link has enough to write, or let them go."""
        if self._held != held:
            self._held = held
            self.pump()

    def pump(self) -> None:
        """Send what may leave: states before frames, and of each lane one frame of every call in turn.

        A frame that has begun to leave in parts goes to its end before the next of its lane.
        """
        for rotation in self._rotations.values():
            while rotation and self._turn is None and self._open:
                call, line = next(iter(rotation.items()))
                if line.ready:
                    self._serve(line)
                if not line.amid_parts:
                    del rotation[call]
                    if line.ready:
                        rotation[call] = line

    @property
    def _open(self) -> bool:
        return not self._held and (not self.limited or self._rest > 0)

    def _put(self, line: AnswerLine, frame: Frame, *, is_message: bool = False) -> None:
        mine = self._turn is line
        if mine:
            self._turn = None
        item: Frame | CutFrame = frame
        if is_message and self.limited and frame.nbytes > _WHOLE_BYTES:
            item = CutFrame(line.call, frame)
        elif line.lane <= _COMMAND:
            self._leave(frame)
            return
        rotation = self._rotations.get(line.lane)
        self._wait(line, item)
        if mine and rotation is not None:
            others = {call: other for call, other in rotation.items() if other is not line}
            rotation.clear()
            rotation |= {line.call: line, **others}
        self.ready(line)

    def _serve(self, line: AnswerLine) -> None:
        """Let one frame or part of a line leave, or give it its turn."""
        if not line.items and line.slot is not None:
            self._make_slot(line)
        if line.items:
            item = line.items[0]
            if isinstance(item, CutFrame):
                part, piece = item.take()
                self._waiting_bytes -= len(piece)
                if item.nbytes == 0:
                    line.items.popleft()
                self._leave(self._outbox.make(line.lane, Oneof("part", part), piece))
            else:
                line.items.popleft()
                self._waiting_bytes -= item.nbytes
                self._leave(item)
        elif line.wants_turn:
            line.wants_turn = False
            if line.lane in self._rotations:
                self._turn = line
            self.turns_given.append(line.call)

    def _make_slot(self, line: AnswerLine) -> None:
        answer = line.take_slot()
        self.slot_bytes -= answer.nbytes
        frame = self._outbox.make(line.lane, line.message(answer), answer.tail)
        cut = self.limited and frame.nbytes > _WHOLE_BYTES
        self._wait(line, CutFrame(line.call, frame) if cut else frame)
        self._note(line, answer)
        if line.ending is not None:
            end = self._outbox.make(line.lane, Oneof("status", line.ending))
            line.ending = None
            self._wait(line, end)
            self._on_good_end(line.call)

    def _empty_slot(self, line: AnswerLine) -> None:
        if line.slot is not None:
            self.slot_bytes -= line.slot.nbytes
        line.slot = line.ending = None

    def _leave(self, frame: Frame) -> None:
        self._outbox.add(frame)
        if self.limited:
            self._rest -= frame.nbytes
            if self._rest < 0:
                self._look_at_debt()

    def _wait(self, line: AnswerLine, item: Frame | CutFrame) -> None:
        line.append(item)
        self._waiting_bytes += item.nbytes
        self._look_at_debt()

    def _look_at_debt(self) -> None:
        self.overdrawn = self.limited and self._waiting_bytes - self._rest > MOST_BEYOND_BYTES

    def _note(self, line: AnswerLine, answer: Answer) -> None:
        """Count a message that leaves."""
        if line.credit is not None:
            line.credit.spend(answer.nbytes)
        if line.count is not None:
            line.count.sent(answer.nbytes)
            line.count.skip(line.skipped)
        if answer.revision is not None:
            self._on_revision(line, answer.revision)
