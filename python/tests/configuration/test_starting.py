"""What a worker starts with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.configuration.making import Told, default_settings, settings

from macroscope_worker.configuration._paths import changed_paths, merged, value_at
from macroscope_worker.configuration._starting import default_configuration, start_from
from macroscope_worker.configuration._state_file import BROKEN_NAME, STATE_NAME, state_text

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_worker_starts_with_the_defaults_and_tells_nothing(tmp_path: Path) -> None:
    told = Told()
    start = start_from(tmp_path, told)
    assert start.configuration == default_configuration() == default_settings()
    assert (start.revision, start.preset_name, start.preset, told) == (0, "", None, [])


def test_a_broken_file_gives_the_defaults_is_kept_and_told_of(tmp_path: Path) -> None:
    (tmp_path / STATE_NAME).write_text("{")
    told = Told()
    start = start_from(tmp_path, told)
    assert start.configuration == default_settings()
    assert told.codes == ["configuration.broken_file"]
    assert BROKEN_NAME in told[0][2]
    assert (tmp_path / BROKEN_NAME).read_text() == "{"
    assert start_from(tmp_path, told).revision == 0
    assert len(told) == 1, "told once"


def test_a_field_that_is_new_since_then_has_its_default(tmp_path: Path) -> None:
    content = json.loads(state_text(default_settings(), 3, "", None))
    del content["configuration"]["stimulus"]["gamma"]
    content["configuration"]["stimulus"]["contrast"] = 0.25
    (tmp_path / STATE_NAME).write_text(json.dumps(content))
    told = Told()
    start = start_from(tmp_path, told)
    assert value_at(start.configuration, "stimulus.gamma") == 2.2
    assert value_at(start.configuration, "stimulus.contrast") == 0.25
    assert (start.revision, told) == (3, [])


def test_what_breaks_a_rule_goes_back_to_its_default_and_the_rest_stays(tmp_path: Path) -> None:
    changes = settings({"stimulus.gamma": 99.0, "stimulus.contrast": 0.25, "camera.settings.exposure_us": -1.0})
    written = merged(default_settings(), changes, ["stimulus.gamma", "stimulus.contrast", "camera"])
    (tmp_path / STATE_NAME).write_text(state_text(written, 3, "", None))
    told = Told()
    start = start_from(tmp_path, told)
    assert changed_paths(default_settings(), start.configuration) == ("stimulus.contrast",)
    assert told.codes == ["configuration.broken_rules"]
    assert "Gamma must be" in told[0][1]


def test_what_no_default_mends_goes_back_as_a_whole(tmp_path: Path) -> None:
    # The background's default does not go with this contrast.
    changes = settings({"stimulus.contrast": 0.9, "stimulus.background": 0.8, "stimulus.gamma": 1.0})
    written = merged(default_settings(), changes, ["stimulus.contrast", "stimulus.background", "stimulus.gamma"])
    (tmp_path / STATE_NAME).write_text(state_text(written, 3, "", None))
    assert start_from(tmp_path, Told()).configuration == default_settings()
