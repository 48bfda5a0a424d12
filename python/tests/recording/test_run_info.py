from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.recording import DropReason, EventsInfo, Fault, RecordedFormat, RecordingOutcome, RunInfo
from macroscope_worker.recording._run_info import Moment, parse_run_info

INFO = RunInfo(
    run_id="20260101-120000_mouse",
    camera={"id": "simulated:0"},
    settings={"exposure_us": 10.5},
    frame_format=RecordedFormat(4, 3, 2, 12),
    frames_per_shard=7,
    planned_frames=0,
    started=Moment(1, 2, "2026-01-01T12:00:00+00:00"),
    software={"name": "tests"},
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def test_reads_back_what_it_wrote() -> None:
    ended = replace(
        INFO,
        outcome=RecordingOutcome.FAILED,
        fault=Fault("It broke.", "Mend it."),
        ended=INFO.started,
        captured_frames=3,
        dropped_frames={DropReason.RING_FULL: 2},
    )
    assert parse_run_info(INFO.to_json()) == INFO
    assert parse_run_info(ended.to_json()) == ended
    for events in (EventsInfo(812), EventsInfo(3, 9, Fault("Full.", "Free some."))):
        journalled = replace(ended, events=events)
        assert parse_run_info(journalled.to_json()) == journalled


def test_runs_of_versions_before_the_journal_are_read() -> None:
    content = json.loads(INFO.to_json())
    del content["events"]
    assert parse_run_info(json.dumps(content).encode()) == INFO


def test_passes_over_fields_of_later_versions() -> None:
    content = json.loads(INFO.to_json())
    assert parse_run_info(json.dumps(content | {"later": [1]}).encode()) == INFO
    failed = replace(INFO, fault=Fault("It broke.", "Mend it."))
    content = json.loads(failed.to_json())
    for part in ("frame_format", "started", "fault"):
        content[part]["later"] = [1]
    assert parse_run_info(json.dumps(content).encode()) == failed


@given(st.binary(max_size=200))
def test_refuses_other_files(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_run_info(data)


@given(st.sampled_from(sorted(json.loads(INFO.to_json()))), json_values)
def test_a_wrong_field_is_refused_with_words_or_taken(name: str, value: Any) -> None:
    content = json.loads(INFO.to_json()) | {name: value}
    with suppress(ValueError):
        assert parse_run_info(json.dumps(content).encode()).frame_format.nbytes > 0


@given(st.sampled_from(["frame_format", "started", "dropped_frames"]), st.text(max_size=8), json_values)
def test_a_wrong_part_of_a_field_is_refused_with_words_or_taken(name: str, key: str, value: Any) -> None:
    content = json.loads(INFO.to_json())
    content[name] = content[name] | {key: value} | dict.fromkeys(list(content[name])[:1], value)
    with suppress(ValueError):
        parse_run_info(json.dumps(content).encode())


@pytest.mark.parametrize("frames", [0, -1, 2**60, True, 1.5, "4"])
def test_a_shard_of_impossible_size_is_refused(frames: Any) -> None:
    content = json.loads(INFO.to_json()) | {"frames_per_shard": frames}
    with pytest.raises(ValueError, match=r"."):
        parse_run_info(json.dumps(content).encode())
