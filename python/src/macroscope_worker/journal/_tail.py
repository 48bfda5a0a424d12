"""Finding the first whole record in the last bytes of a file: records do not say where they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._mcap_records import HEAD, LAST_OPCODE, Opcode, parse_message

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_MOST_DAYS_NS: Final = 30 * 86_400_000_000_000
_ENOUGH_IN_A_ROW: Final = 8
_LONGEST: Final = 4 << 20


def first_record_of_tail(tail: bytes, channels: AbstractSet[int], started_unix_ns: int) -> int | None:
    """Where in `tail` the first message begins from which on records follow one another; None where none does."""
    return _Tail(tail, channels, started_unix_ns).first()


class _Tail:
    """The last bytes of a file, and what its messages have to look like."""

    def __init__(self, tail: bytes, channels: AbstractSet[int], started_unix_ns: int) -> None:
        self._tail = tail
        # Behind a failure of power a file may end in zeros.
        self._written = len(tail.rstrip(b"\0"))
        self._channels = channels
        self._started_unix_ns = started_unix_ns

    def first(self) -> int | None:
        at = -1
        while (at := self._tail.find(Opcode.MESSAGE, at + 1)) >= 0:
            if self._begins_row(at):
                return at
        return None

    def _begins_row(self, at: int) -> bool:
        """Records in a row from a message on: as many as are enough, or fewer and then the end."""
        for _ in range(_ENOUGH_IN_A_ROW):
            end = self._end_of_record(at)
            if end is None:
                return False
            if end >= len(self._tail):
                return True
            at = end
        return True

    def _end_of_record(self, at: int) -> int | None:
        """Where the record ends that begins here, the tail's end where it is cut off; None when there is none."""
        tail = self._tail
        if at >= self._written or at + HEAD.size > len(tail):
            return len(tail)
        opcode, length = HEAD.unpack_from(tail, at)
        if not 0 < opcode <= LAST_OPCODE or length > _LONGEST:
            return None
        end = at + HEAD.size + int(length)
        if opcode == Opcode.MESSAGE:
            try:
                message = parse_message(tail[at + HEAD.size : min(end, at + HEAD.size + 64)])
            except ValueError:
                # Cut off at the file's end, or too short for a message.
                return len(tail) if end > len(tail) else None
            if message.channel not in self._channels or abs(message.log_ns - self._started_unix_ns) > _MOST_DAYS_NS:
                return None
        return end
