"""What the two languages once understood differently, as found by the fuzzer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.fuzz.decoder import CLIENT, SERVER, answer
from tests.fuzz.verdict import verdict_of

REGRESSIONS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[3] / "test" / "fuzz" / "regressions.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", REGRESSIONS["frames"], ids=lambda case: case["name"])
def test_frame(case: dict[str, Any]) -> None:
    assert verdict_of(bytes.fromhex(case["hex"]), whole=True) == case["verdict"]


@pytest.mark.parametrize("case", REGRESSIONS["sequences"], ids=lambda case: case["name"])
def test_sequence(case: dict[str, Any]) -> None:
    side = SERVER if case["side"] == "server" else CLIENT
    assert answer(side, [[bytes.fromhex(frame) for frame in case["hex"]]]) == [case["heard"]]
