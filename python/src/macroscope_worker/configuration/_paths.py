"""Fields of nested messages, named by paths such as "stimulus.bar_width_deg". Knows no field by itself."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from protobuf import DescFieldValueList, DescFieldValueMap, DescFieldValueMessage

from ._errors import UnknownPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from protobuf import DescField, DescMessage, Message

    Steps = tuple[DescField, ...]

M = TypeVar("M", bound="Message[Any]")


def resolve(desc: DescMessage, path: str) -> Steps:
    """The fields that lead to what a path names, a field or a whole group. Raises UnknownPath."""
    steps: list[DescField] = []
    message: DescMessage | None = desc
    for name in path.split("."):
        field = next((each for each in message.fields if each.name == name), None) if message is not None else None
        if field is None:
            raise UnknownPath(path)
        steps.append(field)
        message = field.value.message if isinstance(field.value, DescFieldValueMessage) else None
    return tuple(steps)


@cache
def leaves(desc: DescMessage) -> Mapping[str, Steps]:
    """Every field with a value of its own, by its path, in the order of the schema. A list is one value."""
    return {".".join(field.name for field in steps): steps for steps in _walk(desc, (), (desc,))}


def _walk(desc: DescMessage, above: Steps, within: tuple[DescMessage, ...]) -> Iterator[Steps]:
    for field in desc.fields:
        if isinstance(field.value, DescFieldValueMessage):
            if field.value.message in within:
                msg = f"{desc.type_name}.{field.name} holds itself, and has no end of paths."
                raise TypeError(msg)
            yield from _walk(field.value.message, (*above, field), (*within, field.value.message))
        else:
            yield (*above, field)


def leaves_under(desc: DescMessage, path: str) -> tuple[str, ...]:
    """The paths of the values that a path names: itself, or all of a group. Raises UnknownPath."""
    found = leaves(desc)
    if path in found:
        return (path,)
    resolve(desc, path)
    return tuple(leaf for leaf in found if is_under(leaf, path))


def is_under(path: str, group: str) -> bool:
    """The path is the group itself or leads into it."""
    return path == group or path.startswith(f"{group}.")


def value_at(message: Message[Any], path: str) -> Any:
    """A field's value; None when it is absent. A list is never absent. Raises UnknownPath."""
    desc = message.desc()
    return _value(message, leaves(desc).get(path) or resolve(desc, path))


def _value(message: Message[Any], steps: Steps) -> Any:
    *groups, leaf = steps
    holder: Message[Any] | None = message
    for group in groups:
        holder = None if holder is None else holder[group]
    if holder is None:
        return [] if _is_collection(leaf) else None
    return holder[leaf] if _is_collection(leaf) or leaf in holder else None


def put(message: Message[Any], path: str, value: Any) -> None:
    """Give a field a value, a copy; None takes it away. Groups on the way are made. Raises UnknownPath."""
    desc = message.desc()
    *groups, leaf = leaves(desc).get(path) or resolve(desc, path)
    for group in groups:
        assert isinstance(group.value, DescFieldValueMessage)  # `resolve` goes down through messages only.
        if message[group] is None:
            if value is None:
                return
            message[group] = group.value.message.type()
        message = message[group]
    if value is None:
        del message[leaf]
    else:
        message[leaf] = deepcopy(value)


def merged(target: M, source: Message[Any], paths: Iterable[str]) -> M:
    """A copy of the target that has the source's values at the paths, absences too. Raises UnknownPath."""
    result = deepcopy(target)
    for path in paths:
        for leaf in leaves_under(target.desc(), path):
            put(result, leaf, value_at(source, leaf))
    return result


def changed_paths(before: Message[Any], after: Message[Any]) -> tuple[str, ...]:
    """The paths of the values in which two messages of a type differ, in the order of the schema."""
    found = leaves(before.desc()).items()
    return tuple(path for path, steps in found if _value(before, steps) != _value(after, steps))


def complete_groups(message: Message[Any]) -> None:
    """Have every group be there, empty or not, so that nobody has to ask."""
    for field in message.desc().fields:
        if isinstance(field.value, DescFieldValueMessage):
            if message[field] is None:
                message[field] = field.value.message.type()
            complete_groups(message[field])


def _is_collection(field: DescField) -> bool:
    return isinstance(field.value, DescFieldValueList | DescFieldValueMap)
