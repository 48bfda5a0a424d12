"""What a worker does with a field that was added to StimulusSettings in the .proto, and nowhere else."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from macroscope.configuration.v1.settings_pb import Configuration
from tests.configuration.making import settings, stored

from macroscope_worker.configuration import FixedDuringRun, InvalidConfiguration
from macroscope_worker.configuration._paths import value_at

PATH = "stimulus.dwell_s"


async def run(directory: Path) -> None:
    async with stored(directory) as made:
        store = made.store
        assert value_at(store.configuration, PATH) == 1.5, "its default"
        await made.set(stimulus__dwell_s=3.0)
        assert value_at(store.configuration, PATH) == 3
        assert store.state.undo_label == "Dwell", "its label"

        _, broken = store.draft(settings({PATH: 11.0}), [PATH])
        assert [(rule.path, rule.rule_id) for rule in broken] == [(PATH, "double.gte_lte")], "its rules"
        with pytest.raises(InvalidConfiguration, match="Dwell must be"):
            await made.set(stimulus__dwell_s=11.0)
        _, missing = store.draft(Configuration(), [PATH])
        assert [rule.rule_id for rule in missing] == ["required"]

        store.hold_for_run("run")
        with pytest.raises(FixedDuringRun, match="Dwell"):
            await made.set(stimulus__dwell_s=4.0)
        store.hold_for_run(None)

        await made.presets.save("mine", "me", overwrite=False)
        text = (made.presets.directory / "mine.json").read_text(encoding="utf-8")
        assert json.loads(text)["configuration"]["stimulus"]["dwell_s"] == 3
        await store.reset(made.revision, ["stimulus"], "me")
        assert value_at(store.configuration, PATH) == 1.5
        assert store.state.differs_from_preset
        await made.presets.load(made.revision, "mine", "me")
        assert value_at(store.configuration, PATH) == 3
        await store.undo(made.revision, "me")
        assert value_at(store.configuration, PATH) == 1.5
        await made.set(stimulus__dwell_s=5.0)
        over_the_wire = type(store.state).from_binary(store.state.to_binary())
        assert over_the_wire == store.state
    async with stored(directory) as again:
        assert value_at(again.store.configuration, PATH) == 5, "kept"


def main() -> None:
    asyncio.run(run(Path(sys.argv[1])))
    sys.stdout.write("a field that nobody knew works\n")
