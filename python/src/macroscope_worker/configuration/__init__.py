"""The settings of an experiment: defaults from the schema, rules, revisions, undo and presets."""

from __future__ import annotations
