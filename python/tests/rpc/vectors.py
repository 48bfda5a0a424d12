"""The golden vectors that both languages read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parents[3] / "test" / "vectors"


def load(name: str) -> list[dict[str, Any]]:
    """The cases of a file."""
    cases = json.loads((DIRECTORY / name).read_text(encoding="utf-8"))
    assert isinstance(cases, list)
    assert cases, f"{name} has no cases"
    return cases


def names(cases: list[dict[str, Any]]) -> list[str]:
    """For pytest's ids."""
    return [str(case["name"]) for case in cases]
