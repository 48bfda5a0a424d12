"""Every number with a point in a request, found in the schema: none takes what is no number, or has no end."""

from __future__ import annotations

import importlib
import math
import pkgutil
from typing import TYPE_CHECKING, Any, Final

import macroscope
import pytest
from macroscope.configuration.v1.settings_pb import Configuration
from protobuf import (
    DescEnum,
    DescFieldValueEnum,
    DescFieldValueList,
    DescFieldValueMap,
    DescFieldValueMessage,
    DescFieldValueScalar,
    DescMessage,
    ScalarType,
)
from protovalidate._gen.buf.validate.validate_pb import FieldRules, Ignore, ext_field

from macroscope_worker.rpc.validation import violations_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protobuf import DescField, Message

    Steps = tuple[DescField, ...]

FILES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(macroscope.__path__, "macroscope.")
    if module.name.endswith("_pb")
]
REQUESTS: Final = {
    method.input.type_name: method.input
    for file in FILES
    for service in file.desc().services
    for method in service.methods
    # Echoes what it is given, and runs in no program but its test.
    if not service.type_name.startswith("macroscope.conformance.")
}
FLOATS: Final = {ScalarType.DOUBLE, ScalarType.FLOAT}


def points(desc: DescMessage, above: Steps = (), within: tuple[str, ...] = ()) -> Iterator[Steps]:
    """The fields that lead to each number with a point."""
    for field in desc.fields:
        kind = kind_of(field)
        if isinstance(kind, DescMessage):
            if kind.type_name not in within:
                yield from points(kind, (*above, field), (*within, desc.type_name))
        elif kind in FLOATS:
            yield (*above, field)


def kind_of(field: DescField) -> DescMessage | DescEnum | ScalarType:
    """What it is one of, or many."""
    match field.value:
        case DescFieldValueMessage(message=message):
            return message
        case DescFieldValueScalar(scalar=scalar):
            return scalar
        case DescFieldValueEnum(enum=enum):
            return enum
        case DescFieldValueList(element=element):
            return element
        case DescFieldValueMap(value=value):
            return value


def request_with(desc: DescMessage, steps: Steps, number: float) -> Message[Any]:
    """A request with nothing but this number."""
    value: Any = number
    for place, field in reversed(list(enumerate(steps))):
        holder = desc if place == 0 else kind_of(steps[place - 1])
        assert isinstance(holder, DescMessage)
        match field.value:
            case DescFieldValueList():
                value = [value]
            case DescFieldValueMap(key=key):
                value = {"a" if key is ScalarType.STRING else 1: value}
        value = holder.type(**{field.name: value})
    return value  # type: ignore[no-any-return]


def is_left_alone(field: DescField) -> bool:
    """A draft of the configuration: what holds it looks at the rules itself, for what the draft would become."""
    options = field.proto.options
    rules = options[ext_field] if options is not None and ext_field in options else FieldRules()
    return rules.ignore == Ignore.ALWAYS


FOUND: Final = [(desc, steps) for desc in REQUESTS.values() for steps in points(desc)]
CASES = [case for case in FOUND if not any(map(is_left_alone, case[1]))]
CASES += [(Configuration.desc(), steps) for steps in points(Configuration.desc())]


def name_of(value: object) -> str:
    return ".".join(field.name for field in value) if isinstance(value, tuple) else getattr(value, "type_name", "")


def test_the_numbers_are_found() -> None:
    found = {f"{desc.type_name.rpartition('.')[2]}.{name_of(steps)}" for desc, steps in FOUND}
    assert {
        "ReportFlipsRequest.batch.angle_deg",
        "UpdateConfigurationRequest.configuration.stimulus.contrast",
        "PutRegionRequest.region.x_px",
        "WatchPreviewRequest.max_rate_hz",
    } <= found

    assert {steps[0].name for _, steps in FOUND if any(map(is_left_alone, steps))} == {"configuration"}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(("desc", "steps"), CASES, ids=name_of)
def test_none_takes_what_is_no_number(desc: DescMessage, steps: Steps, number: float) -> None:
    field = name_of(steps)
    broken = [violation.field.replace("[0]", "") for violation in violations_of(request_with(desc, steps, number))]
    assert field in broken, broken
