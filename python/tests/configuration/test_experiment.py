"""From settings to the geometry, the plan and what follows."""

from __future__ import annotations

import pytest
from macroscope.configuration.v1.settings_pb import Configuration
from tests.configuration.making import default_settings, settings

from macroscope_worker.configuration._experiment import (
    CameraRate,
    derive,
    geometry_of,
    plan_of,
    ranges_of,
    summary_of,
)
from macroscope_worker.configuration._paths import merged
from macroscope_worker.stimulus import Direction, Geometry, SweepRange, field_of_view


def changed(**values: object) -> Configuration:
    paths = {name.replace("__", "."): value for name, value in values.items()}
    return merged(default_settings(), settings(paths), list(paths))


def test_the_geometry_is_the_displays() -> None:
    display = default_settings().display
    assert display is not None
    assert geometry_of(display) == Geometry(25, 30, 20, 60.96, 36.195, 1920, 1080)


def test_limits_that_are_set_are_kept_and_zero_is_set() -> None:
    configuration = changed(stimulus__azimuth_to_deg=0.0)
    assert configuration.stimulus is not None
    assert configuration.display is not None
    field = field_of_view(geometry_of(configuration.display))
    ranges = ranges_of(configuration.stimulus, field)
    assert ranges.azimuth == SweepRange(field.azimuth_min_deg - 10, 0)
    assert ranges.altitude.high_deg == field.altitude_max_deg + 10


def test_the_plan_has_the_settings_of_the_run() -> None:
    configuration = changed(
        acquisition__directions=[Direction.TOP_TO_BOTTOM, Direction.LEFT_TO_RIGHT],
        acquisition__sweeps_per_direction=2,
        acquisition__order=2,
        acquisition__baseline_s=1.0,
        acquisition__between_sweeps_s=2.0,
    )
    plan = plan_of(configuration)
    assert [sweep.direction for sweep in plan.sweeps] == [Direction.TOP_TO_BOTTOM, Direction.LEFT_TO_RIGHT] * 2
    assert (plan.baseline_s, plan.between_sweeps_s) == (1, 2)


def test_the_default_run_takes_what_the_field_calls_12_minutes() -> None:
    derived = derive(default_settings(), CameraRate(30, 2048 * 2048 * 2))
    assert derived is not None
    assert derived.run_s == pytest.approx(722, abs=1)
    assert derived.bytes_needed / 1e9 == pytest.approx(182, abs=1)


@pytest.mark.parametrize(
    "values",
    [
        {"stimulus__drift_speed_deg_per_s": 0.0},
        {"display__distance_cm": 0.0},
        {"display__tilt_deg": float("nan")},
        {"stimulus__azimuth_from_deg": 20.0, "stimulus__azimuth_to_deg": 10.0},
        {"acquisition__directions": []},
        {"acquisition__directions": [9]},
        {"acquisition__sweeps_per_direction": 2**31},
        {"acquisition__baseline_s": 1e300},
        {"acquisition__between_sweeps_s": float("inf")},
        {"stimulus__drift_speed_deg_per_s": 1e-300},
    ],
)
def test_what_makes_no_sense_gives_nothing(values: dict[str, object]) -> None:
    assert derive(changed(**values), CameraRate(30, 1000)) is None


def test_a_configuration_without_groups_gives_nothing() -> None:
    assert derive(Configuration()) is None
    with pytest.raises(ValueError, match="missing"):
        plan_of(Configuration())


def test_the_line_for_people() -> None:
    configuration = changed(
        stimulus__bar_width_deg=12.5,
        acquisition__sweeps_per_direction=3,
        acquisition__directions=[Direction.TOP_TO_BOTTOM],
    )
    assert summary_of(configuration) == "12.5° bar, 9 °/s, 3 sweeps in one direction"
