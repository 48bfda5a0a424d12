"""What an end of a connection did, as lines that both languages write alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.frame_pb import Cancel, Credit, Envelope, GoAway, Hello, Message, Part, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macroscope_worker.rpc.frame import Frame

LAST = 1 << 40
"""Sorts behind every call."""


@dataclass
class Told:
    """A line, and the call that it is about; 0 is none."""

    call: int
    line: str


def told_of_frame(frame: Frame) -> list[Told]:
    """What a frame that our side sends says."""
    kind = Envelope.from_binary(bytes(frame.envelope)).kind
    assert kind is not None
    call, lane = getattr(kind.value, "call", 0), int(frame.lane)
    told = [Told(call, f"{lane} {_content(kind.field, kind.value, len(frame.tail))}")]
    if isinstance(kind.value, Message) and kind.value.last:
        # A message and a status of success in one; a stream may end in both ways.
        told.append(Told(call, f"{lane} status {call} 0"))
    return told


def _content(field: str, value: Any, tail_bytes: int) -> str:
    match value:
        case Hello():
            return f"hello {int(value.role)}"
        case Message():
            return f"message {value.call} {len(value.message) + tail_bytes} {value.skipped}"
        case Status():
            return f"status {value.call} {int(value.code)} {_types(value.details)}"
        case Credit():
            return f"credit {value.call} {value.messages} {value.bytes}"
        case Part():
            return f"part {value.call} {value.frame_bytes} {value.offset} {tail_bytes}"
        case Cancel():
            return f"cancel {value.call}"
        case GoAway():
            return f"goAway {int(value.code)} {_types(value.details)}"
    return {"half_close": "halfClose"}.get(field, field)


def _types(details: Any) -> str:
    return ",".join(detail.type_url for detail in details)


def in_order(told: Iterable[Told]) -> str:
    """Calls may be worked on in any order, so their lines are sorted by call."""
    return "; ".join(one.line.rstrip() for one in sorted(told, key=lambda one: one.call))
