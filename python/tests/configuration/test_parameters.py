"""What the schema says of settings."""

from __future__ import annotations

import json

from macroscope.configuration.v1.settings_pb import Configuration
from macroscope.configuration.v1.stimulus_pb import Direction
from tests.configuration.making import default_settings

from macroscope_worker.configuration._evaluation import evaluate
from macroscope_worker.configuration._parameters import (
    changeable_in_run,
    defaults,
    detected_paths,
    fill_empty,
    label_of,
    labels_of,
    missing,
    parameter_of,
)
from macroscope_worker.configuration._paths import leaves, put, value_at

DESC = Configuration.desc()


def test_every_default_of_the_schema_is_there_and_nothing_else() -> None:
    configuration = defaults(DESC)
    for path, steps in leaves(DESC).items():
        text = parameter_of(steps[-1]).default_json
        value = value_at(configuration, path)
        if not text:
            assert value in (None, []), path
        elif isinstance(value, list):
            assert [each.name for each in value] == [name.removeprefix("DIRECTION_") for name in json.loads(text)]
        elif hasattr(value, "name"):
            assert json.loads(text).endswith(value.name)
        else:
            assert value == json.loads(text), path


def test_defaults_break_no_rule() -> None:
    assert evaluate(default_settings())[1] == ()


def test_defaults_are_never_shared() -> None:
    put(default_settings(), "acquisition.directions", [])
    first = default_settings()
    assert first.acquisition is not None
    first.acquisition.directions.pop()
    assert value_at(default_settings(), "acquisition.directions") == list(Direction)[1:]


def test_a_value_that_is_needed_is_missed_and_an_optional_one_is_not() -> None:
    configuration = default_settings()
    for path in ("stimulus.bar_width_deg", "stimulus.azimuth_to_deg", "session.animal_age_days", "session.notes"):
        put(configuration, path, None)
    fill_empty(configuration)
    assert missing(configuration) == ("stimulus.bar_width_deg",)
    assert value_at(configuration, "session.notes") == "", "no notes are empty notes"


def test_notes_may_change_in_a_run_and_the_bar_may_not() -> None:
    assert changeable_in_run(DESC, "session.notes")
    assert not changeable_in_run(DESC, "session.name")
    assert not changeable_in_run(DESC, "stimulus.bar_width_deg")
    assert not changeable_in_run(DESC, "camera.settings.exposure_us")


def test_what_the_program_finds_out() -> None:
    assert detected_paths(DESC) == (
        "display.display_id",
        "display.width_px",
        "display.height_px",
        "display.refresh_rate_hz",
    )


def test_labels() -> None:
    assert label_of(DESC, "stimulus.bar_width_deg") == "Bar width"
    assert label_of(DESC, "stimulus") == "Stimulus"
    assert label_of(DESC, "camera.camera_id") == "Camera", "no label of its own"
    region = "camera.settings.region_of_interest."
    assert labels_of(DESC, ["stimulus.gamma"]) == "Gamma"
    assert labels_of(DESC, ["stimulus.gamma", "stimulus.contrast"]) == "2 settings"
    assert labels_of(DESC, ["stimulus.gamma", "session.name", "session.notes"]) == "3 settings"
    assert labels_of(DESC, [f"{region}x_px", f"{region}y_px"]) == "Region of interest"
    assert labels_of(DESC, [f"{region}x_px"]) == "Left"
