"""The tail: a `bytes` field with the option `tail`, which travels behind the envelope instead of in the message."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.options_pb import ext_tail
from protobuf import DescFieldValueMessage, DescFieldValueScalar, DescMessage, Message, ScalarType

if TYPE_CHECKING:
    from protobuf import DescField

    from .frame import Bytes


class TailError(Exception):
    """A schema marks a tail where none can be, or a frame carries a tail for a message that has none."""


_PATHS: dict[type[Message[Any]], tuple[str, ...]] = {}


def tail_path(message_type: type[Message[Any]]) -> tuple[str, ...]:
    """The fields from the message down to its tail field; empty when it has none.

    Raises TailError when the schema marks more than one field, or one that is no singular `bytes`.
    """
    path = _PATHS.get(message_type)
    if path is None:
        path = _PATHS[message_type] = _find_tail_path(message_type.desc())
    return path


def _find_tail_path(desc: DescMessage) -> tuple[str, ...]:
    paths = _tail_paths(desc, ())
    if len(paths) > 1:
        msg = f"{desc.type_name} marks more than one field as its tail."
        raise TailError(msg)
    return paths[0] if paths else ()


def _tail_paths(desc: DescMessage, above: tuple[DescMessage, ...]) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for field in desc.fields:
        if _is_tail(field):
            paths.append((field.local_name,))
        elif isinstance(field.value, DescFieldValueMessage) and field.value.oneof is None:
            nested = field.value.message
            if nested is not desc and nested not in above:
                paths.extend((field.local_name, *path) for path in _tail_paths(nested, (*above, desc)))
    return paths


def _is_tail(field: DescField) -> bool:
    options = field.proto.options
    if options is None or ext_tail not in options or not options[ext_tail]:
        return False
    if not isinstance(field.value, DescFieldValueScalar) or field.value.scalar != ScalarType.BYTES or field.value.oneof:
        msg = f"{field.parent.type_name}.{field.name} is marked as a tail and is not a singular bytes field."
        raise TailError(msg)
    return True


def encode_message(message: Message[Any]) -> tuple[bytes, Bytes]:
    """The message without its tail, and the tail as bytes without copying it. The caller's object stays as it is."""
    path = tail_path(type(message))
    if not path:
        return message.to_binary(), b""
    lean = copy(message)
    holder: Any = lean
    for name in path[:-1]:
        nested = getattr(holder, name)
        if nested is None:
            return message.to_binary(), b""
        nested = copy(nested)
        setattr(holder, name, nested)
        holder = nested
    tail = getattr(holder, path[-1])
    if not tail:
        return message.to_binary(), b""
    setattr(holder, path[-1], b"")
    return lean.to_binary(), tail if isinstance(tail, bytes) else memoryview(tail).cast("B")


def decode_message(message_type: type[Message[Any]], data: Bytes, tail: Bytes) -> Message[Any]:
    """The message with its tail set again, as a view of the frame.

    Raises ValueError on bytes that are no such message, and TailError on a tail for a field that it lacks.
    """
    message = message_type.from_binary(data)
    if len(tail):
        path = tail_path(message_type)
        if not path:
            msg = f"{message_type.desc().type_name} has no tail field, and its frame carries {len(tail)} bytes of tail."
            raise TailError(msg)
        holder: Any = message
        for name in path[:-1]:
            nested = getattr(holder, name)
            if nested is None:
                msg = f"a tail came with {message_type.desc().type_name}, but its field {name} is not set."
                raise TailError(msg)
            holder = nested
        setattr(holder, path[-1], tail)
    return message
