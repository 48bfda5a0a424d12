"""How a call ends: the 16 codes with typed details, as ConnectError here and as Status on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.rpc.v1 import frame_pb
from protobuf.wkt.google.protobuf.any_pb import Any as AnyMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from protobuf import Message

WIRE_CODES: dict[Code, frame_pb.Code] = {code: frame_pb.Code[code.name] for code in Code}
"""The number on the wire of each of the 16 codes."""

_CODES = {number: code for code, number in WIRE_CODES.items()}


class StatusError(ConnectError):
    """An error that the server has answered a call with, not one of the way to it."""


def code_of(number: int) -> Code:
    """The code of a number; UNKNOWN for a number that is none of the 16."""
    return _CODES.get(frame_pb.Code(number), Code.UNKNOWN)


def pack_details(details: Iterable[Message[Any]]) -> list[AnyMessage]:
    """Typed details as they travel, under "type.googleapis.com/"."""
    return [detail if isinstance(detail, AnyMessage) else AnyMessage.pack(detail) for detail in details]


def error_details(error: ConnectError) -> list[AnyMessage]:
    """The details of an error as they travel."""
    return [
        AnyMessage(type_url=f"type.googleapis.com/{detail.type_name}", value=detail.message_bytes)
        for detail in error.details
    ]


def error_of(code: int, message: str, details: Sequence[AnyMessage]) -> ConnectError:
    """The error that a status, a GoAway or a ConnectionClose carries."""
    return ConnectError(code_of(code), message, details)
