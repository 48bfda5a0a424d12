"""The revision: a field with the option `revision`, which numbers the states of a broadcast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.options_pb import ext_revision
from protobuf import DescFieldValueMessage, DescFieldValueScalar, DescMessage, Message, ScalarType

if TYPE_CHECKING:
    from protobuf import DescField


class RevisionError(Exception):
    """A schema marks a revision where none can be."""


_PATHS: dict[type[Message[Any]], tuple[str, ...]] = {}


def revision_path(message_type: type[Message[Any]]) -> tuple[str, ...]:
    """The fields from the message down to its revision; empty when it has none.

    Raises RevisionError when the schema marks more than one field, or one that is no singular `uint64`.
    """
    path = _PATHS.get(message_type)
    if path is None:
        desc = message_type.desc()
        paths = _revision_paths(desc, ())
        if len(paths) > 1:
            msg = f"{desc.type_name} marks more than one field as its revision."
            raise RevisionError(msg)
        path = _PATHS[message_type] = paths[0] if paths else ()
    return path


def revision_of(message: Message[Any]) -> int | None:
    """The revision that a message carries; None when its type has none, or the message that holds it is not set."""
    path = revision_path(type(message))
    if not path:
        return None
    holder: Any = message
    for name in path:
        holder = getattr(holder, name)
        if holder is None:
            return None
    return int(holder)


def _revision_paths(desc: DescMessage, above: tuple[DescMessage, ...]) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for field in desc.fields:
        if _is_revision(field):
            paths.append((field.local_name,))
        elif isinstance(field.value, DescFieldValueMessage) and field.value.oneof is None:
            nested = field.value.message
            if nested is not desc and nested not in above:
                paths.extend((field.local_name, *path) for path in _revision_paths(nested, (*above, desc)))
    return paths


def _is_revision(field: DescField) -> bool:
    options = field.proto.options
    if options is None or ext_revision not in options or not options[ext_revision]:
        return False
    value = field.value
    if not isinstance(value, DescFieldValueScalar) or value.scalar != ScalarType.UINT64 or value.oneof:
        msg = f"{field.parent.type_name}.{field.name} is marked as a revision and is not a singular uint64."
        raise RevisionError(msg)
    return True
