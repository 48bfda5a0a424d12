"""How settings of earlier versions of the format become those of the next one, step by step.

A new field needs no new version: a file without it gives its default. A field that is renamed, or means something
else, does: VERSION grows by one, and a step here makes the old file into the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Step = Callable[[dict[str, Any]], dict[str, Any]]

VERSION: Final = 1
"""Of what is written now."""


def _renamed(settings: dict[str, Any], group: str, old: str, new: str) -> dict[str, Any]:
    """The settings with a field of a group under its new name; a file that has both keeps the new one."""
    fields = settings.get(group)
    if not isinstance(fields, dict) or old not in fields:
        return settings
    kept = {name: value for name, value in fields.items() if name != old}
    return {**settings, group: {new: fields[old], **kept}}


def _from_0(settings: dict[str, Any]) -> dict[str, Any]:
    """Version 0 called the time between two reversals of the checks a flicker."""
    return _renamed(settings, "stimulus", "flicker_interval_ms", "reversal_interval_ms")


STEPS: Final[Mapping[int, Step]] = {0: _from_0}
"""From each version to the one after it."""


def migrated(settings: dict[str, Any], version: int) -> dict[str, Any]:
    """The settings as the present version has them. Changes nothing of what it is given."""
    for step in range(version, VERSION):
        settings = STEPS[step](settings)
    return settings
