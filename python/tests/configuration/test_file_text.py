"""Configurations as texts that people read, and any text as a configuration or a refusal."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.configuration.v1.acquisition_pb import SweepOrder
from tests.configuration.making import SAVED_NS, default_settings, settings

from macroscope_worker.configuration import PresetUnreadable
from macroscope_worker.configuration._file_text import read_text, write_text
from macroscope_worker.configuration._migrations import VERSION
from macroscope_worker.configuration._paths import changed_paths, value_at

VECTORS = Path(__file__).resolve().parents[3] / "test" / "vectors" / "presets"


def text_of(configuration: Any, **head: Any) -> str:
    return json.dumps({"format": "macroscope.preset", "version": VERSION, "configuration": configuration, **head})


def test_says_what_it_is_in_words_that_people_read() -> None:
    text = write_text(default_settings(), "macroscope 1.2", SAVED_NS)
    content = json.loads(text)
    assert list(content) == ["format", "version", "program", "saved", "configuration"]
    assert content["format"] == "macroscope.preset"
    assert content["version"] == 1
    assert content["program"] == "macroscope 1.2"
    assert content["saved"] == "2025-11-21T16:00:00Z"
    assert content["configuration"]["stimulus"]["bar_width_deg"] == 20
    assert content["configuration"]["acquisition"]["order"] == "SWEEP_ORDER_BLOCKED"
    assert '\n    "stimulus": {\n' in text


def test_reads_what_it_wrote() -> None:
    configuration = settings(
        {"session.notes": "„ä“\n", "stimulus.azimuth_to_deg": -0.1, "camera.settings.region_of_interest.x_px": 0}
    )
    read = read_text(write_text(configuration, "p", SAVED_NS))
    assert changed_paths(read.configuration, configuration) == ()
    assert set(read.given) == {
        "session.notes",
        "stimulus.azimuth_to_deg",
        "camera.settings.region_of_interest.x_px",
    }
    assert read.left_out == ()
    assert read.saved_unix_ns == SAVED_NS


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
def test_loses_nothing_of_numbers_and_texts(number: float, text: str) -> None:
    configuration = settings({"stimulus.gamma": number, "session.notes": text})
    assert changed_paths(read_text(write_text(configuration, "p", 0)).configuration, configuration) == ()


def test_an_older_file_has_its_fields_under_their_new_names() -> None:
    read = read_text((VECTORS / "version-0.json").read_text(encoding="utf-8"))
    assert value_at(read.configuration, "stimulus.reversal_interval_ms") == 200
    assert "stimulus.reversal_interval_ms" in read.given
    assert read.left_out == ()


def test_what_a_newer_program_knows_more_of_is_left_out_and_told() -> None:
    read = read_text((VECTORS / "newer-fields.json").read_text(encoding="utf-8"))
    assert read.left_out == (
        "stimulus.bar_colour is not known to this program.",
        "Corner cannot be CORNER_MIDDLE in this program.",
        "Order cannot be SWEEP_ORDER_RANDOM in this program.",
        "laser is not known to this program.",
    )
    assert set(read.given) == {"stimulus.bar_width_deg", "acquisition.sweeps_per_direction"}
    assert not value_at(read.configuration, "acquisition.order")


def test_a_newer_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(PresetUnreadable) as caught:
        read_text((VECTORS / "newer-version.json").read_text(encoding="utf-8"), "theirs")
    assert "macroscope-worker 7.0.0" in caught.value.cause
    assert "Install the newer program" in caught.value.cause
    assert caught.value.name == "theirs"


def test_camel_case_names_are_read_too() -> None:
    read = read_text(text_of({"stimulus": {"barWidthDeg": 5}}))
    assert read.given == ("stimulus.bar_width_deg",)
    assert value_at(read.configuration, "stimulus.bar_width_deg") == 5


def test_an_empty_list_is_given_and_null_is_not() -> None:
    read = read_text(text_of({"acquisition": {"directions": [], "order": None}}))
    assert read.given == ("acquisition.directions",)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[]", "no preset"),
        ("{}", "no preset"),
        ('{"format": "macroscope.preset"}', '"version" is None'),
        (text_of({}, version=True), "no whole number"),
        (text_of({}, version=-1), "no whole number"),
        (text_of({}, version="1"), "no whole number"),
        (text_of(None), 'no "configuration"'),
        (text_of({"stimulus": 3}), "stimulus is no group"),
        (text_of({"stimulus": {"gamma": "thick"}}), "make no sense"),
        (text_of({"stimulus": {"gamma": [1]}}), "make no sense"),
        (text_of({"display": {"width_px": 2**40}}), "make no sense"),
        (text_of({"display": {"width_px": 1.5}}), "make no sense"),
        (text_of({"acquisition": {"directions": "DIRECTION_LEFT_TO_RIGHT"}}), "make no sense"),
        (text_of({"session": {"notes": 5}}), "make no sense"),
        ("[" * 100_000, "no JSON"),
        (text_of({"stimulus": {"gamma": {}}}), "make no sense"),
    ],
)
def test_what_is_no_preset_is_refused_with_the_reason(text: str, cause: str) -> None:
    with pytest.raises(PresetUnreadable) as caught:
        read_text(text, "x")
    assert cause in caught.value.cause


@pytest.mark.parametrize("saved", [None, 5, "yesterday", "9999-99-99", "0001-01-01T00:00:00+23:59", []])
def test_a_time_that_makes_no_sense_is_none(saved: Any) -> None:
    assert read_text(text_of({}, saved=saved)).saved_unix_ns == 0


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.text(max_size=8),
                st.sampled_from(
                    ["stimulus", "session", "gamma", "directions", "order", "camera", "settings", "notes", "display",
                     "region_of_interest", "pixel_format", "width_px", "flicker_interval_ms", "camera_id"]
                ),
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@given(json_values, st.integers(0, VERSION))
def test_any_json_is_settings_or_refused(value: Any, version: int) -> None:
    try:
        read = read_text(text_of(value, version=version))
    except PresetUnreadable:
        return
    read.configuration.to_binary()
    assert all(sentence.endswith(".") for sentence in read.left_out)


@given(st.text())
def test_any_text_is_a_preset_or_refused(text: str) -> None:
    with pytest.raises(PresetUnreadable):
        read_text(text)


@given(st.data())
def test_a_text_with_a_piece_cut_out_is_read_or_refused(data: st.DataObject) -> None:
    text = write_text(default_settings(), "p", SAVED_NS)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    with suppress(PresetUnreadable):
        read_text(text[:start] + text[end:])


def test_enums_may_be_numbers() -> None:
    assert value_at(read_text(text_of({"acquisition": {"order": 2}})).configuration, "acquisition.order") == (
        SweepOrder.INTERLEAVED
    )
