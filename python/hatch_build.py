"""Puts the generated code into a wheel. An editable install reads it where it is generated: a copy would go stale."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GeneratedCode(BuildHookInterface[Any]):
    """Called by hatchling before a build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add `gen/python` to a wheel that stands alone."""
        if version != "editable":
            build_data["force_include"]["../gen/python/macroscope"] = "macroscope"
