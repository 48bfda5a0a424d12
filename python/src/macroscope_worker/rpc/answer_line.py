"""What one call has to send, in order: frames that are made, then the message in its slot, then its end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from macroscope.rpc.v1.frame_pb import Message, Status
from protobuf import Oneof

from .parts import CutFrame

if TYPE_CHECKING:
    from .call_ledger import CountedCall
    from .credit import CreditAccount
    from .frame import Bytes, Frame
    from .receivers import ReceiverTrack


class Answer(NamedTuple):
    """A message of a call, encoded."""

    message: bytes
    tail: Bytes
    revision: int | None = None

    @property
    def nbytes(self) -> int:
        """What it takes of the stream's credit."""
        return len(self.message) + len(self.tail)


_NONE: Final[deque[Frame | CutFrame]] = deque()


class AnswerLine:
    """A call as `Answers` sees it. `items` wait for the connection's credit; the slot waits for the stream's too."""

    __slots__ = ("call", "count", "credit", "ending", "items", "lane", "skipped", "slot", "track", "wants_turn")

    def __init__(
        self, call: int, lane: int, *, credit: CreditAccount | None = None, count: CountedCall | None = None
    ) -> None:
        self.call = call
        self.lane = lane
        self.credit = credit
        """Of a stream; None of what needs none."""
        self.count = count
        self.track: ReceiverTrack | None = None
        """Of a broadcast: how far its receiver is."""
        self.items: deque[Frame | CutFrame] = _NONE
        self.slot: Answer | None = None
        """Of a latest-wins stream: the newest message that has not left."""
        self.skipped = 0
        self.ending: Status | None = None
        """The good end, behind the slot."""
        self.wants_turn = False
        """A reliable stream has a message in hand and waits for its turn."""

    @property
    def ready(self) -> bool:
        """Something could leave, if the connection's credit lets it."""
        if self.items:
            return True
        return (self.slot is not None or self.wants_turn) and self.credit is not None and self.credit.open

    @property
    def amid_parts(self) -> bool:
        """The first frame has begun to leave, and not ended."""
        return bool(self.items) and isinstance(self.items[0], CutFrame) and self.items[0].begun

    def append(self, item: Frame | CutFrame) -> None:
        """Put a frame behind those that wait."""
        if self.items is _NONE:
            self.items = deque()
        self.items.append(item)

    def offer(self, answer: Answer) -> None:
        """Put a message into the slot; one that is there is skipped."""
        if self.slot is not None:
            self.skipped += 1
        self.slot = answer

    def take_slot(self) -> Answer:
        """The message in the slot, which leaves now."""
        assert self.slot is not None  # The caller has looked.
        answer, self.slot = self.slot, None
        return answer

    def clear(self) -> int:
        """Drop everything; how many bytes of made frames that was."""
        nbytes = sum(item.nbytes for item in self.items)
        self.items = _NONE
        self.slot = self.ending = None
        self.wants_turn = False
        return nbytes

    def message(self, answer: Answer, *, last: bool = False) -> Oneof[str, Message]:
        """The envelope of a message that leaves now."""
        return Oneof("message", Message(call=self.call, message=answer.message, last=last, skipped=self.skipped))
