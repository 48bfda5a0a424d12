from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.acquisition import AcquisitionPhase, Engine
from macroscope_worker.errors import FolderUnwritable, RecordingError, RecordingRunning, SpaceShort
from macroscope_worker.recording import RunReader

from .disk_that_fails import DiskThatFails
from .scripted_camera import PATIENCE_S, ScriptedCamera, eventually, live_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def camera() -> ScriptedCamera:
    return ScriptedCamera()


@pytest.fixture
def engine(camera: ScriptedCamera, tmp_path: Path) -> Iterator[Engine]:
    with live_engine(camera, tmp_path / "recordings" / "of today") as made:
        yield made


def test_the_default_folder_is_made_when_it_is_needed(engine: Engine, tmp_path: Path) -> None:
    assert not (tmp_path / "recordings").exists()
    snapshot = engine.start_recording("mouse-1")
    assert snapshot.phase is AcquisitionPhase.RECORDING
    assert snapshot.recording is not None
    assert snapshot.recording.directory.parent == tmp_path / "recordings" / "of today"
    assert snapshot.recording.directory.name.endswith("_mouse-1")


def test_a_named_folder_is_made_but_not_its_parents(engine: Engine, tmp_path: Path) -> None:
    # Else a disk that is not mounted would be recorded to all the same.
    with pytest.raises(FolderUnwritable, match="there is no folder"):
        engine.start_recording("run", tmp_path / "disk" / "data")
    assert engine.start_recording("run", tmp_path / "data").recording is not None


def test_a_file_is_no_folder(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderUnwritable, match="not a folder"):
        engine.start_recording("run", tmp_path / "file")
    assert engine.acquisition().phase is AcquisitionPhase.IDLE


def test_a_name_that_no_disk_takes_is_no_folder(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(FolderUnwritable, match="cannot be a name"):
        engine.start_recording("run", tmp_path / "da\0ta")
    assert engine.acquisition().phase is AcquisitionPhase.IDLE


def test_a_second_start_is_refused_and_the_first_goes_on(engine: Engine, camera: ScriptedCamera) -> None:
    first = engine.start_recording("run").recording
    assert first is not None
    with pytest.raises(RecordingRunning) as refused:
        engine.start_recording("run")
    assert (refused.value.run_id, refused.value.directory) == (first.run_id, first.directory)
    camera.deliver(0)
    summary = engine.stop_recording()
    assert summary is not None
    assert summary.durable_frames == 1


def test_a_stop_during_the_start_ends_the_recording_that_starts(camera: ScriptedCamera, tmp_path: Path) -> None:
    disk = DiskThatFails()
    with live_engine(camera, tmp_path, storage=disk) as engine, ThreadPoolExecutor() as threads:
        disk.hang()
        starting = threads.submit(engine.start_recording, "run")
        assert disk.entered.wait(PATIENCE_S)
        assert engine.acquisition().phase is AcquisitionPhase.STARTING
        stopping = threads.submit(engine.stop_recording)
        disk.go_on()
        starting.result(PATIENCE_S)
        summary = stopping.result(PATIENCE_S)
        assert summary is not None
        assert engine.acquisition().phase is AcquisitionPhase.IDLE
        assert engine.acquisition().recording == summary


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "../up", "a b", "x" * 81, "ä", "mouse.", "mouse..", "a\n"])
def test_a_name_that_is_none_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(RecordingError, match="name"):
        engine.start_recording(name)


def test_a_plan_that_does_not_fit_is_refused(camera: ScriptedCamera, tmp_path: Path) -> None:
    disk = DiskThatFails()
    with live_engine(camera, tmp_path, storage=disk) as engine:
        disk.free = 4096 * 100
        with pytest.raises(SpaceShort):
            engine.start_recording("run", planned_frames=100)
        assert engine.acquisition().phase is AcquisitionPhase.IDLE
        assert engine.acquisition().recording is None
        assert not list(tmp_path.iterdir())
        disk.free = None
        engine.start_recording("run", planned_frames=100)


def test_a_disk_lasts_for_what_is_reserved_too(camera: ScriptedCamera, tmp_path: Path) -> None:
    """Reserving all of a small disk for the frames to come is no reason to call it full."""
    disk = DiskThatFails()
    with live_engine(camera, tmp_path, storage=disk) as engine:
        engine.start_recording("run", planned_frames=50)
        disk.free = 0
        camera.deliver(*range(4))
        eventually(engine, lambda: engine.acquisition().free_bytes == 0)
        camera.deliver(*range(4, 8))
        health = engine.health()
        assert health.disk.seconds_left is not None
        frames_left = health.disk.seconds_left * health.camera.frame_rate_hz
        assert 42 <= round(frames_left) <= 50, "those that wait to be written among them"


def test_the_run_says_what_was_recorded_with(engine: Engine, camera: ScriptedCamera) -> None:
    engine.configure({"exposure_us": 777})
    engine.start_recording("run", planned_frames=2)
    camera.deliver(0, 1)
    summary = engine.stop_recording()
    assert summary is not None
    info = RunReader(summary.directory).info
    assert info.camera["id"] == "scripted:a"
    assert info.settings["exposure_us"] == 777
    assert (info.frame_format.width_px, info.frame_format.significant_bits) == (20, 12)
    assert info.software["name"] == "macroscope-worker"
    assert info.software["version"]


def test_phases_are_told_with_rising_revisions(engine: Engine) -> None:
    before = engine.acquisition()
    assert before.phase is AcquisitionPhase.IDLE
    running = engine.start_recording("run")
    assert running.revision > before.revision
    engine.stop_recording()
    after = engine.acquisition()
    assert after.phase is AcquisitionPhase.IDLE
    assert after.revision > running.revision


def test_an_idle_camera_tells_what_a_recording_would_take(engine: Engine, camera: ScriptedCamera) -> None:
    camera.deliver(0, 1, 2, 3)
    eventually(engine, lambda: engine.acquisition().bytes_per_s > 0)
    disk = engine.health().disk
    assert disk.free_bytes > 0
    assert disk.write_bytes_per_s == 0
