"""Camera settings between the contract and the domain, by field path: a new field needs no change here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from macroscope.camera.v1.settings_pb import CameraSettings, NumberRange, ParameterLimits
from protobuf import DescFieldValueEnum, DescFieldValueMessage, DescFieldValueScalar, DescMessage, ScalarType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from protobuf import DescField, Message

    from macroscope_worker.cameras import Parameter

_FRACTIONAL: Final = {ScalarType.DOUBLE, ScalarType.FLOAT}
_NOT_NUMBERS: Final = {ScalarType.STRING, ScalarType.BYTES}


def changes_of(settings: CameraSettings) -> dict[str, float]:
    """The settings that are present, by their paths."""
    return dict(_changes(settings, ""))


def _changes(message: Message[Any], prefix: str) -> Iterator[tuple[str, float]]:
    for field in message:
        path = prefix + field.name
        if isinstance(field.value, DescFieldValueMessage):
            yield from _changes(message[field], f"{path}.")
        else:
            yield path, float(message[field])


def settings_of(parameters: Mapping[str, Parameter]) -> CameraSettings:
    """What the camera works with. What it does not have stays absent."""
    settings = CameraSettings()
    for path, fields in _leaves().items():
        if path in parameters:
            _set(settings, fields, parameters[path].value)
    return settings


def limits_of(parameters: Mapping[str, Parameter]) -> list[ParameterLimits]:
    """What the camera offers, in the order of the schema. Parameters that the schema does not know are left out."""
    return [limits(parameters[path]) for path in _leaves() if path in parameters]


def limits(parameter: Parameter) -> ParameterLimits:
    """What the camera offers for one setting."""
    offered = ParameterLimits(
        parameter=parameter.name,
        choices=list(parameter.choices),
        read_only=parameter.read_only,
        reason=parameter.reason,
        unit=parameter.unit,
        fixed_while_recording=parameter.fixed_while_recording,
    )
    if parameter.range is not None:
        offered.range = NumberRange(
            minimum=parameter.range.minimum, maximum=parameter.range.maximum, increment=parameter.range.increment
        )
    return offered


def setting_paths() -> tuple[str, ...]:
    """The paths of all settings of the contract."""
    return tuple(_leaves())


@cache
def _leaves() -> Mapping[str, tuple[DescField, ...]]:
    return dict(_walk(CameraSettings.desc(), ()))


def _walk(desc: DescMessage, above: tuple[DescField, ...]) -> Iterator[tuple[str, tuple[DescField, ...]]]:
    for field in desc.fields:
        fields = (*above, field)
        path = ".".join(step.name for step in fields)
        match field.value:
            case DescFieldValueMessage(message=nested):
                yield from _walk(nested, fields)
            case DescFieldValueScalar(scalar=scalar) if scalar not in _NOT_NUMBERS:
                yield path, fields
            case DescFieldValueEnum():
                yield path, fields
            case _:
                msg = f"CameraSettings.{path} is no number, and settings of cameras are numbers."
                raise TypeError(msg)


def _set(message: Message[Any], fields: tuple[DescField, ...], value: float) -> None:
    for field in fields[:-1]:
        assert isinstance(field.value, DescFieldValueMessage)  # `_walk` goes down through messages only.
        if field not in message:
            message[field] = field.value.message.type()
        message = message[field]
    leaf = fields[-1]
    match leaf.value:
        case DescFieldValueEnum(enum=enum):
            message[leaf] = enum.type(round(value))
        case DescFieldValueScalar(scalar=ScalarType.BOOL):
            message[leaf] = bool(value)
        case DescFieldValueScalar(scalar=scalar) if scalar in _FRACTIONAL:
            message[leaf] = float(value)
        case _:
            message[leaf] = round(value)
