"""Configurations as readable text: JSON with what it is, of which version, and the settings by their names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from macroscope.configuration.v1.settings_pb import Configuration
from protobuf import (
    DescEnum,
    DescFieldValueEnum,
    DescFieldValueList,
    DescFieldValueMessage,
    DescMessage,
    merge_from_json,
    message_to_json_value,
)

from ._errors import PresetUnreadable
from ._migrations import VERSION, migrated
from ._parameters import label_of
from ._paths import leaves

if TYPE_CHECKING:
    from collections.abc import Mapping

PRESET_FORMAT: Final = "macroscope.preset"
MOST_TEXT_BYTES: Final = 500_000
"""No text of a program of this kind is a hundredth as long."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """What stands in a text. Only `given` paths have been said there; everything else of `configuration` is empty."""

    configuration: Configuration
    given: tuple[str, ...]
    left_out: tuple[str, ...]
    """Sentences: what stands there and is not known here."""
    saved_unix_ns: int
    """0: it does not say."""


def write_text(configuration: Configuration, program: str, saved_unix_ns: int) -> str:
    """The text of a preset file."""
    saved = datetime.fromtimestamp(saved_unix_ns / 1e9, UTC).isoformat(timespec="seconds")
    content = {
        "format": PRESET_FORMAT,
        "version": VERSION,
        "program": program,
        "saved": saved.replace("+00:00", "Z"),
        "configuration": settings_json(configuration),
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_text(text: str, name: str = "") -> ReadText:
    """Read what `write_text` wrote, now or in an earlier version. Raises PresetUnreadable, whatever the text is."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PresetUnreadable(name, f"It is no JSON: {error}.") from error
    if not isinstance(content, dict) or content.get("format") != PRESET_FORMAT:
        raise PresetUnreadable(name, f'It is no preset of Macroscope: its "format" is not "{PRESET_FORMAT}".')
    version, settings = content.get("version"), content.get("configuration")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise PresetUnreadable(name, f'Its "version" is {version!r}, and no whole number.')
    if version > VERSION:
        program = content.get("program")
        by = f" by {program[:100]}" if isinstance(program, str) and program else ""
        raise PresetUnreadable(
            name,
            f"It was written{by} in version {version} of the format, and this program reads up to {VERSION}. "
            "Install the newer program.",
        )
    if not isinstance(settings, dict):
        raise PresetUnreadable(name, 'It has no "configuration".')
    try:
        return read_settings(settings, version, _saved_unix_ns(content.get("saved")))
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise PresetUnreadable(name, f"Its settings make no sense: {error}.") from error


def settings_json(configuration: Configuration) -> Any:
    """The settings alone, as JSON has them."""
    return message_to_json_value(configuration, use_proto_field_name=True)


def read_settings(settings: dict[str, Any], version: int, saved_unix_ns: int = 0) -> ReadText:
    """Read what `settings_json` gave in a version. Raises ValueError, TypeError, RecursionError or OverflowError."""
    left_out: list[str] = []
    known = _known(Configuration.desc(), migrated(settings, version), "", left_out)
    configuration = Configuration()
    merge_from_json(configuration, json.dumps(known))
    given = tuple(path for path in leaves(Configuration.desc()) if _is_given(known, path))
    return ReadText(configuration, given, tuple(left_out), saved_unix_ns)


def _known(desc: DescMessage, settings: Mapping[str, Any], within: str, left_out: list[str]) -> dict[str, Any]:
    """The settings without what this program does not know, under the names of the schema's fields."""
    fields = {field.name: field for field in desc.fields}
    by_json_name = {field.json_name: field for field in desc.fields}
    found: dict[str, Any] = {}
    for key, value in settings.items():
        path = f"{within}{key}"
        field = fields.get(key) or by_json_name.get(key)
        if field is None:
            left_out.append(f"{path} is not known to this program.")
        elif value is None:
            continue
        elif isinstance(field.value, DescFieldValueMessage):
            if not isinstance(value, dict):
                msg = f"{path} is no group of settings"
                raise TypeError(msg)
            found[field.name] = _known(field.value.message, value, f"{within}{field.name}.", left_out)
        elif unknown := _unknown_name(field.value, value):
            left_out.append(f"{label_of(desc, field.name)} cannot be {unknown} in this program.")
        else:
            found[field.name] = value
    return found


def _unknown_name(kind: object, value: Any) -> str:
    """The first name of an enum's value that this program does not know; empty when it knows all."""
    if isinstance(kind, DescFieldValueEnum):
        enum, values = kind.enum, [value]
    elif isinstance(kind, DescFieldValueList) and isinstance(kind.element, DescEnum) and isinstance(value, list):
        enum, values = kind.element, value
    else:
        return ""
    names = {each.name for each in enum.values}
    return next((each for each in values if isinstance(each, str) and each not in names), "")


def _is_given(known: Mapping[str, Any], path: str) -> bool:
    value: Any = known
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True


def _saved_unix_ns(saved: Any) -> int:
    if not isinstance(saved, str):
        return 0
    try:
        moment = datetime.fromisoformat(saved)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0, round(moment.timestamp() * 1e9))
    except (ValueError, OverflowError):
        return 0
