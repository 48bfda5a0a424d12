"""The configuration that a worker starts with: what the last one left, or the schema's defaults."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope.configuration.v1.settings_pb import Configuration

from ._evaluation import evaluate, reasons_of
from ._parameters import defaults, fill_empty
from ._paths import merged
from ._state_file import BROKEN_NAME, STATE_NAME, move_aside, read_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ._file_text import ReadText

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """What there was; `revision` is the last number that was given, 0 when none was."""

    configuration: Configuration
    revision: int = 0
    preset_name: str = ""
    preset: Configuration | None = None


def default_configuration() -> Configuration:
    """The schema's defaults; every group is there."""
    configuration = defaults(Configuration.desc())
    assert isinstance(configuration, Configuration)
    return configuration


def over_defaults(read: ReadText) -> Configuration:
    """What was read, and the schema's defaults where nothing was said."""
    configuration = merged(default_configuration(), read.configuration, read.given)
    fill_empty(configuration)
    return configuration


def start_from(directory: Path, tell: Callable[[str, str, str], object]) -> Start:
    """Read what the last worker left, and tell when that is not possible. What breaks a rule becomes its default."""
    try:
        stored = read_state(directory)
    except ValueError as error:
        move_aside(directory)
        LOG.warning("the configuration was not read", extra={"reason": str(error)})
        tell(
            "configuration.broken_file",
            f"The settings of last time could not be read: {str(error).rstrip('.')}. All are at their defaults.",
            f"Load a preset. The file is kept as {BROKEN_NAME} in {directory}.",
        )
        return Start(default_configuration())
    if stored is None:
        return Start(default_configuration())
    configuration = over_defaults(stored.settings)
    _, broken = evaluate(configuration)
    if broken:
        # Rules may have become stricter, or somebody has written into the file.
        configuration = merged(configuration, default_configuration(), [rule.path for rule in broken if rule.path])
        if evaluate(configuration)[1]:
            configuration = default_configuration()
        reasons = reasons_of(configuration.desc(), broken)
        LOG.warning("settings of last time break rules", extra={"reasons": reasons, "file": STATE_NAME})
        tell(
            "configuration.broken_rules",
            f"Settings of last time break rules and are at their defaults again: {reasons}.",
            "Look at the settings before the next run.",
        )
    preset = over_defaults(stored.preset) if stored.preset is not None else None
    return Start(configuration, stored.revision, stored.preset_name if preset is not None else "", preset)
