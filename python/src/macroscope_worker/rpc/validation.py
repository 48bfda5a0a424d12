"""Validation at the receiving edge: the rules of the schema, as typed details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import protovalidate
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.errors_pb import FieldViolation, InvalidFields

from .tail import TailError, decode_message

if TYPE_CHECKING:
    from protobuf import Message

    from .frame import Bytes


_VALIDATOR: Final = protovalidate.Validator()


def violations_of(message: Message[Any]) -> list[FieldViolation]:
    """The rules of the schema that the message breaks."""
    found = _VALIDATOR.collect_violations(message)
    if not found:
        return []
    return [
        FieldViolation(
            field=_path(violation.proto.field), rule=violation.proto.rule_id, message=violation.proto.message
        )
        for violation in found
    ]


def decode_valid(
    message_type: type[Message[Any]], data: Bytes, tail: Bytes, code: Code = Code.INVALID_ARGUMENT
) -> Message[Any]:
    """Decode a message and check it. A bad request is its sender's mistake; for a bad answer pass `code` INTERNAL.

    Raises ConnectError `code` with InvalidFields: without violations when the bytes cannot be read at all.
    """
    name = message_type.desc().type_name
    try:
        message = decode_message(message_type, data, tail)
    except (ValueError, RecursionError, TailError) as error:
        sentence = f"The bytes are no {name}: {error}. Both programs may be of different versions."
        raise ConnectError(code, sentence, [InvalidFields(message_type=name)]) from error
    violations = violations_of(message)
    if violations:
        raise ConnectError(code, _sentence(name, violations), [InvalidFields(message_type=name, violations=violations)])
    return message


def _sentence(name: str, violations: list[FieldViolation]) -> str:
    parts = [f"{violation.field or 'the message'}: {violation.message}" for violation in violations]
    return f"The {name.rpartition('.')[2]} breaks rules of its schema: {'; '.join(parts)}."


def _path(path: Any) -> str:
    if path is None:
        return ""
    parts: list[str] = []
    for element in path.elements:
        subscript = element.subscript
        if subscript is None:
            parts.append(element.field_name)
        else:
            parts.append(
                f"{element.field_name}[{subscript.value!r}]"
                if subscript.field != "index"
                else f"{element.field_name}[{subscript.value}]"
            )
    return ".".join(parts)
