"""The rules of the schema over a configuration, and each broken one at the field that it is shown at."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import protovalidate
from macroscope.configuration.v1.settings_pb import EvaluatedConfiguration
from protobuf import DescFieldValueMessage

from ._errors import BrokenRule, UnknownPath
from ._experiment import NO_CAMERA, CameraRate, derive
from ._parameters import label_of, missing
from ._paths import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macroscope.configuration.v1.settings_pb import Configuration, DerivedValues
    from protobuf import DescMessage, Message

_VALIDATOR: Final = protovalidate.Validator()
_NEEDED: Final = "required"


def evaluate(
    configuration: Configuration, camera: CameraRate = NO_CAMERA
) -> tuple[DerivedValues | None, tuple[BrokenRule, ...]]:
    """What follows from a configuration, None when nothing can, and the rules that it breaks."""
    absent = missing(configuration)
    derived = None if absent else derive(configuration, camera)
    broken = [BrokenRule(path, "must have a value", _NEEDED) for path in absent]
    if derived is None:
        broken += broken_rules(configuration, configuration.desc(), "")
    else:
        # A copy: the state keeps its own.
        whole = EvaluatedConfiguration(configuration=configuration, derived=deepcopy(derived))
        broken += broken_rules(whole, configuration.desc(), "configuration")
    return derived, tuple(dict.fromkeys(broken))


def reasons_of(desc: DescMessage, broken: Iterable[BrokenRule]) -> str:
    """Broken rules for people, each after its field's label, without a full stop."""
    return "; ".join(
        f"{label_of(desc, rule.path) if rule.path else 'the configuration'} {rule.message}" for rule in broken
    )


def broken_rules(message: Message[Any], desc: DescMessage, within: str) -> list[BrokenRule]:
    """The broken rules of a message whose field `within` is of type `desc`, or that is of it, at paths of `desc`."""
    return [
        BrokenRule(
            _shown_at(desc, _path(violation.proto.field, within), violation.proto.rule_id),
            violation.proto.message,
            violation.proto.rule_id,
        )
        for violation in _VALIDATOR.collect_violations(message)
    ]


def _path(field: Any, within: str) -> str:
    """Of a violation, without subscripts: a list is shown as one field."""
    names: Sequence[str] = [element.field_name for element in field.elements] if field is not None else []
    if within and names and names[0] == within:
        names = names[1:]
    return ".".join(names)


def _shown_at(desc: DescMessage, path: str, rule_id: str) -> str:
    """A rule over a whole message names, at the start of its id, the field of it that it is shown at."""
    try:
        steps = resolve(desc, path) if path else ()
    except UnknownPath:
        return ""
    if steps and not isinstance(steps[-1].value, DescFieldValueMessage):
        return path
    words = rule_id.split(".")
    for count in range(len(words), 0, -1):
        named = ".".join(([path] if path else []) + words[:count])
        try:
            resolve(desc, named)
        except UnknownPath:
            continue
        return named
    return path
