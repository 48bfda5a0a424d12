from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from macroscope_worker.errors import NotARun
from macroscope_worker.recording import DropReason, RecordingOutcome, verify
from macroscope_worker.recording._table import HEADER_BYTES, RECORD_BYTES

from .made_runs import finish, made_run, write, writer

if TYPE_CHECKING:
    from pathlib import Path

FILES = [
    "run.json",
    "frames.table",
    "frames.zarr/zarr.json",
    "frames.zarr/0/zarr.json",
    *(f"frames.zarr/0/c/{k}/0/0" for k in range(3)),
]


def test_a_sound_run_is_good(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = verify(made_run(tmp_path), lambda checked, total: seen.append((checked, total)))
    assert report.problems == ()
    assert report.is_good
    assert (report.written_frames, report.array_frames, report.good_frames) == (10, 10, 10)
    assert report.drops == {DropReason.CAMERA_GAP: 2}
    assert seen[-1] == (10, 10)


def test_a_run_of_a_killed_program_says_how_much_of_it_is_good(tmp_path: Path) -> None:
    run = writer(tmp_path)
    write(run, 0, 1, 2, 3, 4)
    run.sync()
    write(run, 5, 6)
    report = verify(run.directory)
    assert report.outcome is RecordingOutcome.INCOMPLETE
    assert not report.is_good
    assert report.problems == ()
    assert (report.array_frames, report.good_frames) == (5, 7)
    assert "incomplete" in report.verdict


def test_a_changed_pixel_is_found(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    _flip(run / FILES[4], 4096 + 2 * 8192 + 5)
    report = verify(run)
    assert report.bad_frames == (2,)
    assert report.good_frames == 9
    assert not report.is_good


def test_padding_belongs_to_no_frame(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    _flip(run / FILES[4], 4096 + 8192 - 1)
    assert verify(run).is_good


def test_a_lost_record_is_found(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    table = (run / "frames.table").read_bytes()
    at = HEADER_BYTES + 5 * RECORD_BYTES
    (run / "frames.table").write_bytes(table[:at] + table[at + RECORD_BYTES :])
    report = verify(run)
    assert any("neither written nor noted" in problem for problem in report.problems)
    assert any("run.json counts 10 written" in problem for problem in report.problems)


def test_a_doubled_record_is_found(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    table = (run / "frames.table").read_bytes()
    (run / "frames.table").write_bytes(table + table[-RECORD_BYTES:])
    assert any("more than once" in problem for problem in verify(run).problems)


def test_a_missing_shard_is_found(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    shutil.rmtree(run / "frames.zarr" / "0" / "c" / "1")
    report = verify(run)
    assert report.bad_frames == (4, 5, 6, 7)
    assert any("Shard 1" in problem for problem in report.problems)


@pytest.mark.parametrize(
    ("field", "value"), [("captured_frames", 99), ("durable_frames", 3), ("written_frames", 3), ("dropped_frames", {})]
)
def test_counts_that_disagree_are_found(tmp_path: Path, field: str, value: Any) -> None:
    run = made_run(tmp_path)
    info = json.loads((run / "run.json").read_bytes())
    (run / "run.json").write_text(json.dumps(info | {field: value}))
    assert verify(run).problems


def test_a_shape_beyond_the_records_is_found(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    metadata = run / "frames.zarr" / "0" / "zarr.json"
    content = json.loads(metadata.read_bytes())
    content["shape"][0] = 12
    metadata.write_text(json.dumps(content))
    assert any("12 frames" in problem for problem in verify(run).problems)


def test_a_run_without_frames_is_good(tmp_path: Path) -> None:
    run = writer(tmp_path)
    finish(run)
    assert verify(run.directory).is_good


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.data())
def test_no_damage_makes_it_crash_or_go_unseen(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    run = _pristine(tmp_path_factory)
    file = run / name
    content = file.read_bytes()
    try:
        if data.draw(st.booleans(), "truncate"):
            os.truncate(file, data.draw(st.integers(0, len(content) - 1)))
        else:
            # Where something lies: head, index, records; anything behind is likely pixels or padding.
            _flip(file, data.draw(st.integers(0, min(len(content), 6000) - 1)), data.draw(st.integers(0, 7)))
        with suppress(NotARun):
            report = verify(run)
            assert 0 <= report.good_frames <= 10
            if "0/c" not in name and not name.endswith(".json"):
                assert not report.is_good
            if name == "frames.zarr/0/zarr.json" and report.is_good:
                # Only white space between tokens may change unseen.
                assert json.loads(file.read_bytes()) == json.loads(content)
    finally:
        file.write_bytes(content)


def _pristine(factory: pytest.TempPathFactory) -> Path:
    base = factory.getbasetemp() / "verified"
    if not base.exists():
        base.mkdir()
        made_run(base)
    (run,) = base.iterdir()
    return run


def _flip(file: Path, offset: int, bit: int = 0) -> None:
    with file.open("r+b") as opened:
        opened.seek(offset)
        (byte,) = opened.read(1)
        opened.seek(offset)
        opened.write(bytes([byte ^ (1 << bit)]))
