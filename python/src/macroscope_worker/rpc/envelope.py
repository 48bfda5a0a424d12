"""Reads the envelope of a frame, and holds it to the rules of its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from macroscope.rpc.v1.frame_pb import Envelope, Hello, Message, Open, Part

from .outbox import ProtocolBreak
from .validation import violations_of

if TYPE_CHECKING:
    from protobuf import Oneof

    from .frame import Frame

_WITH_TAIL: Final = (Message, Open, Part)


def read_envelope(frame: Frame, protocol_major: int) -> Oneof[Any, Any]:
    """What the frame says. Raises ProtocolBreak on anything that no honest peer of this version sends."""
    try:
        envelope = Envelope.from_binary(frame.envelope)
    except (ValueError, RecursionError) as error:
        msg = f"the envelope cannot be read: {error}."
        raise ProtocolBreak(msg) from error
    kind = envelope.kind
    if kind is not None and frame.tail and not isinstance(kind.value, _WITH_TAIL):
        msg = f"a {kind.field} carries no tail."
        raise ProtocolBreak(msg)
    if kind is not None and isinstance(kind.value, Hello) and kind.value.protocol_major != protocol_major:
        return kind  # Its rules may be others. It is refused for its version.
    if violations := violations_of(envelope):
        msg = "; ".join(f"{violation.field or 'envelope'} {violation.message}" for violation in violations)
        raise ProtocolBreak(msg)
    assert kind is not None  # The schema's rules require it, and they were checked.
    return kind
