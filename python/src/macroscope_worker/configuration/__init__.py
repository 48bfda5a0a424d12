"""The settings of an experiment: defaults from the schema, rules, revisions, undo and presets."""

from __future__ import annotations

from ._camera_port import CameraPort
from ._errors import (
    BrokenRule,
    ConfigurationError,
    FixedDuringRun,
    InvalidConfiguration,
    InvalidPresetName,
    NothingToUndo,
    PresetExists,
    PresetNotFound,
    PresetsUnwritable,
    PresetUnreadable,
    StaleRevision,
    UnknownPath,
)
from ._experiment import CameraRate, geometry_of
from ._presets import PresetEntry, Presets
from ._store import ConfigurationStore

__all__ = [
    "BrokenRule",
    "CameraPort",
    "CameraRate",
    "ConfigurationError",
    "ConfigurationStore",
    "FixedDuringRun",
    "InvalidConfiguration",
    "InvalidPresetName",
    "NothingToUndo",
    "PresetEntry",
    "PresetExists",
    "PresetNotFound",
    "PresetUnreadable",
    "Presets",
    "PresetsUnwritable",
    "StaleRevision",
    "UnknownPath",
    "geometry_of",
]
