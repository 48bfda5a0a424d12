from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from macroscope_worker.acquisition import (
    AcquisitionPhase,
    CameraPhase,
    DropReason,
    Engine,
    RecordingOutcome,
    RecordingSummary,
    _recording_control,
)
from macroscope_worker.acquisition._recorder import Recorder
from macroscope_worker.clock import clock_ns
from macroscope_worker.errors import CameraUnavailable
from macroscope_worker.recording import RunReader, verify

from .disk_that_fails import EIO, ENOSPC, DiskThatFails
from .scripted_camera import PATIENCE_S, ScriptedCamera, eventually, live_engine, pixels_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def camera() -> ScriptedCamera:
    return ScriptedCamera()


@pytest.fixture
def disk() -> DiskThatFails:
    return DiskThatFails()


@pytest.fixture
def engine(camera: ScriptedCamera, disk: DiskThatFails, tmp_path: Path) -> Iterator[Engine]:
    with live_engine(camera, tmp_path, storage=disk, sync_interval_s=0.02) as made:
        yield made
        disk.go_on()


def ended(engine: Engine) -> RecordingSummary:
    summary = engine.wait_recording(PATIENCE_S)
    assert summary is not None
    assert engine.acquisition().phase is AcquisitionPhase.IDLE
    assert engine.acquisition().recording == summary
    return summary


def test_every_frame_comes_back_with_its_stamps(engine: Engine, camera: ScriptedCamera) -> None:
    engine.start_recording("run")
    camera.deliver(*range(5, 13))
    summary = engine.stop_recording()
    assert summary is not None
    assert (summary.captured_frames, summary.written_frames, summary.durable_frames) == (8, 8, 8)
    reader = RunReader(summary.directory)
    assert reader.written["frame_id"].tolist() == list(range(5, 13))
    assert reader.written["camera_ns"].tolist() == [1000 * n for n in range(5, 13)]
    received = reader.written["received_ns"].tolist()
    assert received == sorted(received)
    assert summary.started_ns <= received[0] <= clock_ns()
    for index in range(8):
        np.testing.assert_array_equal(reader.read_frame(index), pixels_of(5 + index, camera.format))
    assert verify(summary.directory).is_good


def test_it_stops_by_itself_after_the_planned_frames(engine: Engine, camera: ScriptedCamera) -> None:
    engine.start_recording("run", planned_frames=3)
    camera.deliver(*range(8))
    summary = ended(engine)
    assert summary.outcome is RecordingOutcome.COMPLETE
    assert (summary.captured_frames, summary.durable_frames) == (3, 3)
    assert engine.camera().phase is CameraPhase.LIVE


def test_stopping_again_answers_with_the_same_summary(engine: Engine, camera: ScriptedCamera) -> None:
    engine.start_recording("run")
    camera.deliver(0)
    first = engine.stop_recording()
    assert engine.stop_recording() == first == engine.acquisition().recording


def test_written_frames_become_durable_while_it_runs(engine: Engine, camera: ScriptedCamera) -> None:
    engine.start_recording("run")
    camera.deliver(*range(6))

    def all_durable() -> bool:
        recording = engine.acquisition().recording
        return recording is not None and recording.durable_frames == 6

    eventually(engine, all_durable)
    assert engine.acquisition().phase is AcquisitionPhase.RECORDING


def test_gaps_and_damaged_frames_are_noted(engine: Engine, camera: ScriptedCamera) -> None:
    engine.start_recording("run")
    camera.deliver(0, 1)
    camera.deliver(2, damaged=True)
    camera.deliver(6)
    summary = engine.stop_recording()
    assert summary is not None
    assert summary.drops == {DropReason.CAMERA_ERROR: 1, DropReason.CAMERA_GAP: 3}
    assert (summary.captured_frames, summary.durable_frames) == (4, 3)
    assert verify(summary.directory).is_good
    health = engine.health().camera
    assert (health.missing_frames, health.damaged_frames) == (3, 1)


def test_a_disk_that_hangs_costs_frames_and_neither_capture_nor_preview(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails
) -> None:
    seen: list[int] = []
    engine.subscribe_preview(64, 64, 10_000, lambda picture: seen.append(picture.frame_id))
    engine.start_recording("run")
    disk.hang()
    camera.deliver(0)
    assert disk.entered.wait(PATIENCE_S)
    camera.deliver(*range(1, 20))
    ring = engine.health().ring
    assert (ring.slots, ring.used_slots, ring.highest_used_slots, ring.dropped_frames) == (8, 8, 8, 12)
    assert engine.health().camera.frames == 20
    disk.go_on()
    summary = engine.stop_recording()
    assert summary is not None
    assert summary.outcome is RecordingOutcome.COMPLETE
    assert summary.drops == {DropReason.RING_FULL: 12}
    table = RunReader(summary.directory).table.records
    lost = table[table["outcome"] == DropReason.RING_FULL]
    assert lost["count"].tolist() == [1] * 12
    # Each at its own time, so that whoever counts by time counts as the engine did while the disk hung.
    middle_ns = int(lost["received_ns"][5])
    tally = engine.frames_between(summary.run_id, middle_ns, clock_ns())
    assert tally is not None
    assert (tally.captured, tally.written) == (7, 0)
    assert engine.frames_between(summary.run_id, 0, middle_ns) == replace(tally, captured=13, written=8)
    assert (summary.captured_frames, summary.durable_frames) == (20, 8)
    assert verify(summary.directory).is_good
    assert seen
    assert seen[-1] > 8


def test_what_waits_for_a_disk_that_hangs_does_not_grow_for_ever(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_recording_control, "Recorder", partial(Recorder, most_notes=3))
    engine.start_recording("run")
    disk.hang()
    camera.deliver(0)
    assert disk.entered.wait(PATIENCE_S)
    camera.deliver(*range(1, 20))
    disk.go_on()
    summary = engine.stop_recording()
    assert summary is not None
    table = RunReader(summary.directory).table.records
    assert table["count"][table["outcome"] == DropReason.RING_FULL].tolist() == [1, 1, 1, 9]
    assert verify(summary.directory).is_good


def test_frames_are_counted_by_when_they_came_and_not_by_when_they_were_written(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails
) -> None:
    run_id = engine.start_recording("run").recording.run_id  # type: ignore[union-attr]
    camera.deliver(0, 1)
    disk.hang()
    camera.deliver(2)
    assert disk.entered.wait(PATIENCE_S)
    before_ns = clock_ns()
    camera.deliver(3)
    camera.deliver(6)
    camera.deliver(7, damaged=True)
    tally = engine.frames_between(run_id, before_ns, clock_ns())
    assert tally is not None
    assert (tally.captured, tally.written, tally.missing) == (3, 2, 2)
    assert engine.frames_between("another", 0, clock_ns()) is None
    disk.write_error = EIO
    disk.go_on()
    ended(engine)
    whole = engine.frames_between(run_id, 0, clock_ns())
    assert whole is not None
    reader = RunReader(engine.acquisition().recording.directory)  # type: ignore[union-attr]
    assert (whole.captured, whole.written) == (6, reader.frame_count)
    assert whole.written < 3


def test_the_summary_counts_while_it_runs(engine: Engine, camera: ScriptedCamera) -> None:
    revision = engine.start_recording("run").revision
    camera.deliver(0, 1, 2)

    def counted() -> bool:
        snapshot = engine.acquisition()
        recording = snapshot.recording
        return snapshot.revision > revision and recording is not None and recording.written_frames == 3

    eventually(engine, counted)
    assert engine.acquisition().phase is AcquisitionPhase.RECORDING


def test_what_happens_is_told_while_the_disk_does_not_say_what_is_free(camera: ScriptedCamera, tmp_path: Path) -> None:
    hangs, asked, leave, told = (threading.Event() for _ in range(4))

    class Hanging(DiskThatFails):
        def free_bytes(self, directory: Path) -> int:
            if hangs.is_set():
                asked.set()
                assert leave.wait(PATIENCE_S)
            return super().free_bytes(directory)

    with live_engine(camera, tmp_path, storage=Hanging()) as engine:
        hangs.set()
        assert asked.wait(PATIENCE_S)
        engine.subscribe(lambda: told.set() if engine.camera().phase is CameraPhase.FAILED else None)
        camera.break_down(RuntimeError("unplugged"))
        assert told.wait(PATIENCE_S / 2)
        leave.set()


@pytest.mark.parametrize("number", [ENOSPC, EIO])
def test_a_write_that_fails_ends_the_recording_at_once_and_the_camera_stays_live(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails, number: int
) -> None:
    engine.start_recording("run")
    camera.deliver(0, 1, 2)
    eventually(engine, lambda: _written(engine) == 3)
    disk.write_error = number
    failed_at = time.monotonic()
    camera.deliver(3, 4)
    summary = ended(engine)
    assert time.monotonic() - failed_at < 0.5
    assert summary.outcome is RecordingOutcome.FAILED
    assert summary.fault is not None
    assert summary.fault.message
    assert summary.fault.remedy
    assert (summary.written_frames, summary.durable_frames) == (3, 3)
    assert summary.captured_frames == 3 + summary.drops[DropReason.WRITE_FAILED]
    report = verify(summary.directory)
    assert (report.good_frames, report.problems) == (3, ())
    assert engine.camera().phase is CameraPhase.LIVE
    disk.write_error = None
    engine.start_recording("again", planned_frames=1)
    camera.deliver(5)
    assert ended(engine).outcome is RecordingOutcome.COMPLETE


def test_a_sync_that_fails_ends_the_recording_and_what_was_durable_stays(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails
) -> None:
    engine.start_recording("run")
    camera.deliver(0, 1)
    eventually(engine, lambda: _durable(engine) == 2)
    disk.sync_error = EIO
    failed_at = time.monotonic()
    summary = ended(engine)
    assert time.monotonic() - failed_at < 0.5
    assert summary.outcome is RecordingOutcome.FAILED
    assert summary.durable_frames == 2
    assert verify(summary.directory).good_frames == 2


def test_frames_that_never_became_durable_are_not_counted_as_safe(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails
) -> None:
    engine.start_recording("run")
    disk.sync_error = EIO
    camera.deliver(0, 1, 2)
    summary = ended(engine)
    lost = summary.drops.get(DropReason.WRITE_FAILED, 0)
    assert summary.durable_frames == 0
    assert summary.captured_frames == lost


def test_a_disk_that_fills_up_from_elsewhere_ends_the_recording_cleanly(camera: ScriptedCamera, tmp_path: Path) -> None:
    disk = DiskThatFails()
    with live_engine(camera, tmp_path, storage=disk, sync_interval_s=0.02, reserve_bytes=1 << 20) as engine:
        engine.start_recording("run")
        camera.deliver(0, 1)
        disk.free = 1000
        summary = ended(engine)
        assert summary.outcome is RecordingOutcome.FAILED
        assert summary.fault is not None
        assert "almost full" in summary.fault.message
        assert summary.durable_frames == 2
        assert verify(summary.directory).problems == ()


@pytest.mark.parametrize("error", [CameraUnavailable("scripted:a", "scripted", "unplugged"), ValueError("a bug")])
def test_a_camera_that_stops_ends_the_recording_as_failed_with_everything_kept(
    engine: Engine, camera: ScriptedCamera, error: Exception
) -> None:
    engine.start_recording("run")
    camera.deliver(0, 1, 2)
    camera.break_down(error)
    summary = ended(engine)
    assert summary.outcome is RecordingOutcome.FAILED
    assert summary.fault is not None
    assert summary.fault == engine.camera().fault
    assert summary.durable_frames == 3
    assert verify(summary.directory).problems == ()


def test_a_camera_that_stops_after_the_last_planned_frame_spoils_nothing(
    engine: Engine, camera: ScriptedCamera, disk: DiskThatFails
) -> None:
    engine.start_recording("run", planned_frames=2)
    disk.hang()
    camera.deliver(0, 1)
    camera.break_down(RuntimeError("unplugged"))
    eventually(engine, lambda: engine.camera().phase is CameraPhase.FAILED)
    disk.go_on()
    summary = ended(engine)
    assert summary.outcome is RecordingOutcome.COMPLETE
    assert summary.fault is None
    assert summary.durable_frames == 2


def test_closing_the_engine_completes_the_recording(tmp_path: Path, camera: ScriptedCamera) -> None:
    with live_engine(camera, tmp_path) as engine:
        engine.start_recording("run")
        camera.deliver(0, 1)
    (run,) = tmp_path.iterdir()
    report = verify(run)
    assert report.is_good
    assert report.good_frames == 2


def _written(engine: Engine) -> int:
    recording = engine.acquisition().recording
    return recording.written_frames if recording else 0


def _durable(engine: Engine) -> int:
    recording = engine.acquisition().recording
    return recording.durable_frames if recording else 0
