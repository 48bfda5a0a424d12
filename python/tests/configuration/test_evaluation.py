"""Rules over a configuration, each at the field that it is shown at."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.configuration.v1.settings_pb import Configuration
from tests.configuration.making import default_settings

from macroscope_worker.configuration import BrokenRule, CameraRate
from macroscope_worker.configuration._evaluation import evaluate, reasons_of
from macroscope_worker.configuration._paths import leaves, put, value_at


def problems(**values: Any) -> dict[str, str]:
    configuration = default_settings()
    for name, value in values.items():
        put(configuration, name.replace("__", "."), value)
    return {rule.path: rule.rule_id for rule in evaluate(configuration)[1]}


def test_the_defaults_give_everything() -> None:
    derived, broken = evaluate(default_settings(), CameraRate(30, 512 * 512 * 2))
    assert broken == ()
    assert derived is not None
    assert (derived.azimuth_min_deg, derived.azimuth_max_deg) == pytest.approx((-90.4177, 30.4177), abs=1e-4)
    assert derived.sweeps == 40
    assert derived.run_s == pytest.approx(2 * 5 + 39 * 5 + 20 * (derived.horizontal_sweep_s + derived.vertical_sweep_s))
    assert derived.frames == math.ceil(derived.run_s * 30)
    assert derived.bytes_needed == derived.frames * 512 * 512 * 2


def test_without_a_camera_there_are_no_frames() -> None:
    derived, _ = evaluate(default_settings())
    assert derived is not None
    assert (derived.frames, derived.bytes_needed) == (0, 0)


def test_a_value_out_of_its_range_is_shown_at_the_field() -> None:
    assert problems(stimulus__gamma=9.0) == {"stimulus.gamma": "double.gte_lte"}


@pytest.mark.parametrize("name", ["m", "m.1-b_", "_", "x" * 80, "x" * 81, "mouse.", "..", "a b"])
def test_a_sessions_name_ends_a_folders_on_every_system(name: str) -> None:
    good = name in ("m", "m.1-b_", "x" * 80)
    assert problems(session__name=name) == ({} if good else {"session.name": "string.pattern"})


def test_a_rule_within_a_group_is_shown_at_the_field_that_its_id_names() -> None:
    assert problems(stimulus__background=0.2) == {"stimulus.background": "background.not_below_contrast"}
    assert problems(stimulus__background=0.8) == {"stimulus.background": "background.not_too_bright"}


def test_a_rule_that_needs_what_follows_is_shown_at_the_path_that_its_id_names() -> None:
    assert problems(stimulus__azimuth_to_deg=100.0) == {
        "stimulus.azimuth_to_deg": "stimulus.azimuth_to_deg.inside_the_field"
    }
    assert problems(display__width_px=2, display__distance_cm=1.0) == {
        "stimulus.bar_width_deg": "stimulus.bar_width_deg.wider_than_a_pixel",
        "stimulus.check_size_deg": "stimulus.check_size_deg.larger_than_a_pixel",
    }
    assert problems(stimulus__drift_speed_deg_per_s=1000.0) == {}
    narrow = {"stimulus__altitude_from_deg": 0.0, "stimulus__drift_speed_deg_per_s": 1000.0}
    assert problems(**narrow, stimulus__altitude_to_deg=30.0, stimulus__bar_width_deg=50.0) == {
        "stimulus.drift_speed_deg_per_s": "stimulus.drift_speed_deg_per_s.not_too_fast"
    }
    assert problems(acquisition__sweeps_per_direction=1000, stimulus__drift_speed_deg_per_s=0.1) == {
        "acquisition.sweeps_per_direction": "acquisition.sweeps_per_direction.not_too_long"
    }


def test_a_rule_of_a_lists_item_is_shown_at_the_list() -> None:
    assert set(problems(acquisition__directions=[1, 77])) == {"acquisition.directions"}
    assert problems(acquisition__directions=[]) == {"acquisition.directions": "repeated.min_items"}


def test_a_value_that_is_gone_is_asked_for() -> None:
    assert problems(stimulus__bar_width_deg=None) == {"stimulus.bar_width_deg": "required"}


def test_a_draft_that_makes_no_sense_has_no_derived_values_and_all_its_problems() -> None:
    configuration = default_settings()
    put(configuration, "stimulus.azimuth_from_deg", 20.0)
    put(configuration, "stimulus.azimuth_to_deg", 10.0)
    put(configuration, "stimulus.gamma", 9.0)
    derived, broken = evaluate(configuration)
    assert derived is None
    assert {rule.rule_id for rule in broken} == {"azimuth_to_deg.above_from", "double.gte_lte"}


def test_reasons_are_told_with_labels() -> None:
    broken = [BrokenRule("stimulus.gamma", "must be 1", "x"), BrokenRule("", "makes no sense", "y")]
    assert reasons_of(Configuration.desc(), broken) == "Gamma must be 1; the configuration makes no sense"


def test_the_state_keeps_its_own_derived_values() -> None:
    configuration = default_settings()
    first, second = evaluate(configuration)[0], evaluate(configuration)[0]
    assert first == second
    assert first is not second


numbers = st.one_of(st.none(), st.floats(), st.integers(0, 2**32 - 1))
kinds = {path: type(value_at(default_settings(), path)) for path in leaves(Configuration.desc())}


@given(st.data())
def test_no_draft_is_too_strange(data: st.DataObject) -> None:
    """Whatever is typed: an answer that can be sent, and problems at fields that there are."""
    configuration = default_settings()
    for path in data.draw(st.sets(st.sampled_from(sorted(kinds)), max_size=6)):
        if kinds[path] in (float, type(None)) and "camera" not in path:
            put(configuration, path, data.draw(st.one_of(st.none(), st.floats())))
        elif kinds[path] is int:
            put(configuration, path, data.draw(st.one_of(st.none(), st.integers(0, 2**32 - 1))))
    derived, broken = evaluate(configuration, CameraRate(1e4, 2**40))
    if derived is not None:
        derived.to_binary()
        assert math.isfinite(derived.run_s)
    paths = set(leaves(Configuration.desc()))
    assert all(rule.path in paths and rule.message for rule in broken)
