"""Fields by path."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.configuration.v1.settings_pb import Configuration
from macroscope.configuration.v1.stimulus_pb import Direction, StimulusSettings
from protovalidate._gen.buf.validate.validate_pb import FieldRules
from tests.configuration.making import default_settings, settings

from macroscope_worker.configuration import UnknownPath
from macroscope_worker.configuration._paths import (
    changed_paths,
    complete_groups,
    is_under,
    leaves,
    leaves_under,
    merged,
    put,
    resolve,
    value_at,
)

DESC = Configuration.desc()


def test_leaves_are_every_value_in_the_order_of_the_schema() -> None:
    paths = list(leaves(DESC))
    assert paths[0] == "session.name"
    assert "stimulus.bar_width_deg" in paths
    assert "camera.settings.region_of_interest.width_px" in paths
    assert "acquisition.directions" in paths, "a list is one value"
    assert "stimulus" not in paths
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize(
    "path",
    ["", ".", "stimulus.", ".stimulus", "stimulus..gamma", "stimulus.Gamma", "stimulus.barWidthDeg", "nothing",
     "stimulus.gamma.more", "acquisition.directions.0", "acquisition.directions[0]", "stimulus.gamma ", "__class__"],
)  # fmt: skip
def test_what_is_no_path_is_refused(path: str) -> None:
    message = default_settings()
    for attempt in (
        lambda: resolve(DESC, path),
        lambda: value_at(message, path),
        lambda: put(message, path, 1),
        lambda: merged(message, message, [path]),
        lambda: leaves_under(DESC, path),
    ):
        with pytest.raises(UnknownPath) as caught:
            attempt()
        assert caught.value.path == path


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        found = leaves_under(DESC, text)
    except UnknownPath:
        return
    assert found
    assert all(is_under(path, text) for path in found)


def test_a_group_is_all_that_stands_under_it() -> None:
    assert leaves_under(DESC, "stimulus.gamma") == ("stimulus.gamma",)
    assert "camera.settings.binning" in leaves_under(DESC, "camera")
    assert not is_under("stimulus.bar_width_deg", "stimulus.bar"), "half a name is no group"


def test_puts_reads_and_takes_away() -> None:
    message = Configuration()
    assert value_at(message, "camera.settings.region_of_interest.x_px") is None
    put(message, "camera.settings.region_of_interest.x_px", 0)
    assert value_at(message, "camera.settings.region_of_interest.x_px") == 0, "zero is a value"
    put(message, "camera.settings.region_of_interest.x_px", None)
    assert value_at(message, "camera.settings.region_of_interest.x_px") is None
    put(message, "stimulus.gamma", None)
    assert message.stimulus is None, "taking nothing away makes nothing"


def test_a_list_is_never_absent_and_never_shared() -> None:
    message = Configuration()
    assert value_at(message, "acquisition.directions") == []
    directions = [Direction.LEFT_TO_RIGHT]
    put(message, "acquisition.directions", directions)
    directions.append(Direction.TOP_TO_BOTTOM)
    assert value_at(message, "acquisition.directions") == [Direction.LEFT_TO_RIGHT]


def test_merging_takes_the_paths_and_nothing_else_and_leaves_both_alone() -> None:
    target = default_settings()
    source = settings({"stimulus.gamma": 1.0, "stimulus.contrast": 0.1, "session.notes": "n"})
    result = merged(target, source, ["stimulus.gamma", "session"])
    assert value_at(result, "stimulus.gamma") == 1
    assert value_at(result, "stimulus.contrast") == 0.5
    assert (value_at(result, "session.notes"), value_at(result, "session.name")) == ("n", None), "absences count"
    assert target == default_settings()
    assert result.stimulus is not target.stimulus


def test_changed_paths_are_those_that_differ() -> None:
    before = default_settings()
    after = merged(
        before,
        settings({"stimulus.gamma": 1.0, "acquisition.directions": [Direction.LEFT_TO_RIGHT]}),
        ["stimulus.gamma", "acquisition.directions", "stimulus.azimuth_to_deg"],
    )
    assert changed_paths(before, after) == ("stimulus.gamma", "acquisition.directions")


values = st.dictionaries(
    st.sampled_from(["stimulus.gamma", "stimulus.azimuth_to_deg", "display.tilt_deg", "camera.settings.exposure_us"]),
    st.one_of(st.none(), st.floats(allow_nan=False)),
)


@given(values, values)
def test_merging_what_changed_makes_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, after = settings(one), settings(other)
    assert changed_paths(merged(before, after, changed_paths(before, after)), after) == ()


def test_groups_are_completed_to_the_last() -> None:
    message = Configuration(stimulus=StimulusSettings(gamma=2.0))
    complete_groups(message)
    assert message.camera is not None
    assert message.camera.settings is not None
    assert message.camera.settings.region_of_interest is not None
    assert value_at(message, "stimulus.gamma") == 2


def test_a_message_that_holds_itself_has_no_paths() -> None:
    with pytest.raises(TypeError, match="holds itself"):
        leaves(FieldRules.desc())  # Of a list's items there are rules again.
