"""What the schema says of each setting: its default, its label, and when it may change."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.options_pb import Parameter, ext_parameter
from protobuf import merge_from_json

from ._paths import complete_groups, is_under, leaves, put, resolve, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protobuf import DescField, DescMessage, Message

_ZERO = (0, 0.0, "", False)


@cache
def parameter_of(field: DescField) -> Parameter:
    """A field's options; empty when it is no control of its own."""
    options = field.proto.options
    return options[ext_parameter] if options is not None and ext_parameter in options else Parameter()


@cache
def _default_values(desc: DescMessage) -> Mapping[str, Any]:
    """The default of every field that has one, by its path."""
    found: dict[str, Any] = {}
    for path, steps in leaves(desc).items():
        text = parameter_of(steps[-1]).default_json
        if not text:
            continue
        # As protobuf's JSON has it: enums by name, 64-bit numbers as texts.
        value: Any = json.loads(text)
        for field in reversed(steps):
            value = {field.name: value}
        message = desc.type()
        merge_from_json(message, json.dumps(value))
        found[path] = value_at(message, path)
    return found


def defaults(desc: DescMessage) -> Message[Any]:
    """A new message with the default of every field that has one, and all its groups."""
    message = desc.type()
    complete_groups(message)
    for path, value in _default_values(desc).items():
        put(message, path, value)
    return message


def fill_empty(message: Message[Any]) -> None:
    """Give absent fields whose default is zero or empty that default: no value and an empty one mean the same there."""
    complete_groups(message)
    for path, value in _default_values(message.desc()).items():
        if value in _ZERO and value_at(message, path) is None:
            put(message, path, value)


def missing(message: Message[Any]) -> tuple[str, ...]:
    """The paths of fields that have a default, and therefore need a value, and have none."""
    return tuple(path for path in _default_values(message.desc()) if value_at(message, path) is None)


def changeable_in_run(desc: DescMessage, path: str) -> bool:
    """The field, or a group that it stands in, may change while a run goes on."""
    return any(parameter_of(field).changeable_in_run for field in resolve(desc, path))


def detected_paths(desc: DescMessage) -> tuple[str, ...]:
    """The fields that the program finds out by itself."""
    return tuple(path for path, steps in leaves(desc).items() if parameter_of(steps[-1]).detected)


def label_of(desc: DescMessage, path: str) -> str:
    """What the operator calls a field or group: its own label, or that of the group it stands in."""
    for field in reversed(resolve(desc, path)):
        if label := parameter_of(field).label:
            return label
    return path


def labels_of(desc: DescMessage, paths: Sequence[str]) -> str:
    """What the operator calls a change of some fields: "Bar width", "Region of interest", "3 settings"."""
    if len(paths) == 1:
        return label_of(desc, paths[0])
    group = _common_group(paths)
    if "." in group and (label := parameter_of(resolve(desc, group)[-1]).label):
        return label
    return f"{len(paths)} settings"


def _common_group(paths: Sequence[str]) -> str:
    group = paths[0] if paths else ""
    while group and not all(is_under(path, group) for path in paths):
        group = group.rpartition(".")[0]
    return group
