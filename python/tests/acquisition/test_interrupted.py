from __future__ import annotations

from typing import TYPE_CHECKING

from tests.recording.made_runs import made_run, write, writer

from macroscope_worker.acquisition import RecordingOutcome, interrupted_recording

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_that_nobody_ended_is_summed_up(tmp_path: Path) -> None:
    run = writer(tmp_path)
    write(run, *range(5))
    run.sync()
    write(run, 5, 6)
    summary = interrupted_recording(run.directory)
    assert summary is not None
    assert summary.run_id == run.directory.name
    assert summary.camera_id == "made:0"
    assert (summary.written_frames, summary.durable_frames) == (7, 5)
    assert summary.bytes_written == run.bytes_written
    assert summary.outcome is RecordingOutcome.FAILED
    assert summary.fault is not None
    assert "7 frames are on the disk" in summary.fault.message
    assert "verify" in summary.fault.remedy


def test_frames_of_an_array_that_cannot_be_read_do_not_count_as_durable(tmp_path: Path) -> None:
    run = writer(tmp_path)
    write(run, *range(5))
    run.sync()
    (run.directory / "frames.zarr" / "0" / "zarr.json").unlink()
    summary = interrupted_recording(run.directory)
    assert summary is not None
    assert (summary.written_frames, summary.durable_frames) == (5, 0)


def test_a_run_that_ended_in_order_was_not_cut_short(tmp_path: Path) -> None:
    assert interrupted_recording(made_run(tmp_path)) is None


def test_a_folder_that_is_no_run_is_nothing(tmp_path: Path) -> None:
    assert interrupted_recording(tmp_path) is None
