"""Commands given up at each of their steps: what they had begun is undone, and the next command finds all in order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from macroscope_worker.acquisition import (
    AcquisitionPhase,
    CameraPhase,
    Cancellation,
    CommandCanceled,
    Engine,
    RecordingOutcome,
)
from macroscope_worker.errors import CameraUnavailable
from macroscope_worker.recording import Storage

from .disk_that_fails import DiskThatFails
from .scripted_camera import PATIENCE_S, ScriptedCamera, ScriptedRegistry, live_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from macroscope_worker.cameras import FrameStamp

A, B = "scripted:a", "scripted:b"


@pytest.fixture
def registry() -> ScriptedRegistry:
    return ScriptedRegistry(ScriptedCamera(A), ScriptedCamera(B))


@pytest.fixture
def engine(registry: ScriptedRegistry, tmp_path: Path) -> Iterator[Engine]:
    made = Engine(registry, default_directory=tmp_path, ring_bytes=1, reserve_bytes=0)
    yield made
    made.close()


@pytest.fixture
def cancellation() -> Cancellation:
    return Cancellation()


def assert_live(engine: Engine, registry: ScriptedRegistry, camera_id: str) -> None:
    """Not only said: frames come."""
    snapshot = engine.camera()
    assert snapshot.phase is CameraPhase.LIVE
    assert snapshot.description is not None
    assert snapshot.description.id == camera_id
    before = engine.health().camera.frames
    registry.cameras[camera_id].deliver(before)
    assert engine.health().camera.frames == before + 1


def test_given_up_before_it_begins(engine: Engine, registry: ScriptedRegistry, cancellation: Cancellation) -> None:
    engine.select_camera(A)
    cancellation.cancel("")
    revision = engine.camera().revision
    for command in (
        lambda: engine.select_camera(B, cancellation),
        lambda: engine.configure({"exposure_us": 500}, cancellation),
        lambda: engine.start_recording("run", cancellation=cancellation),
    ):
        with pytest.raises(CommandCanceled):
            command()
    assert engine.camera().revision == revision
    assert registry.cameras[A].values["exposure_us"] == 1000
    assert_live(engine, registry, A)


def test_given_up_while_another_command_runs(
    engine: Engine, registry: ScriptedRegistry, cancellation: Cancellation
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hang(camera_id: str) -> None:
        if camera_id == A:
            entered.set()
            assert leave.wait(PATIENCE_S)

    registry.opening = hang
    with ThreadPoolExecutor() as threads:
        opening = threads.submit(engine.select_camera, A)
        assert entered.wait(PATIENCE_S)
        waiting = threads.submit(engine.select_camera, B, cancellation)
        cancellation.cancel("")
        with pytest.raises(CommandCanceled):
            waiting.result(PATIENCE_S)
        leave.set()
        opening.result(PATIENCE_S)
    assert_live(engine, registry, A)


def test_given_up_while_it_waits_for_a_driver_that_hangs(tmp_path: Path, cancellation: Cancellation) -> None:
    entered, leave = threading.Event(), threading.Event()

    class Stuck(ScriptedCamera):
        def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
            stamp = super().next_frame(into, timeout_s)
            if stamp is not None and stamp.frame_id == 7:
                entered.set()
                assert leave.wait(PATIENCE_S)
            return stamp

    camera = Stuck()
    with live_engine(camera, tmp_path) as engine, ThreadPoolExecutor() as threads:
        camera.script(7)
        assert entered.wait(PATIENCE_S)
        waiting = threads.submit(engine.configure, {"exposure_us": 500}, cancellation)
        while engine._capture._commands.empty():
            assert not waiting.done()
        cancellation.cancel("")
        with pytest.raises(CommandCanceled):
            waiting.result(PATIENCE_S)
        leave.set()
        camera.deliver(8)
        assert camera.values["exposure_us"] == 1000


@pytest.mark.parametrize("present", [A, None])
def test_given_up_while_the_camera_opens(
    engine: Engine, registry: ScriptedRegistry, cancellation: Cancellation, present: str | None
) -> None:
    if present:
        engine.select_camera(present)
    registry.opening = lambda _camera_id: cancellation.cancel("")
    with pytest.raises(CommandCanceled):
        engine.select_camera(B, cancellation)
    assert registry.cameras[B].is_closed
    registry.opening = lambda _camera_id: None
    if present:
        assert_live(engine, registry, present)
    else:
        assert engine.camera().phase is CameraPhase.CLOSED
    engine.select_camera(B)
    assert_live(engine, registry, B)


def test_given_up_before_the_present_camera_makes_way(
    engine: Engine, registry: ScriptedRegistry, cancellation: Cancellation
) -> None:
    def one_at_a_time(camera_id: str) -> None:
        if not registry.cameras[A].is_closed:
            cancellation.cancel("")
            raise CameraUnavailable(camera_id, "scripted", "another camera is open")

    engine.select_camera(A)
    registry.opening = one_at_a_time
    with pytest.raises(CommandCanceled):
        engine.select_camera(B, cancellation)
    assert not registry.cameras[A].is_closed
    assert_live(engine, registry, A)


def test_once_the_present_camera_has_made_way_the_change_is_made(
    engine: Engine, registry: ScriptedRegistry, cancellation: Cancellation
) -> None:
    # The same camera opened anew: there is no way back, and no camera at all would be worse.
    engine.select_camera(A)
    registry.opening = lambda _camera_id: cancellation.cancel("")
    assert engine.select_camera(A, cancellation).phase is CameraPhase.LIVE
    assert_live(engine, registry, A)


def test_given_up_between_stopping_and_configuring(
    engine: Engine, registry: ScriptedRegistry, cancellation: Cancellation, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = registry.cameras[A]
    engine.select_camera(A)
    stop = camera.stop_sequence

    def stop_and_cancel() -> None:
        stop()
        cancellation.cancel("")

    monkeypatch.setattr(camera, "stop_sequence", stop_and_cancel)
    with pytest.raises(CommandCanceled):
        engine.configure({"frame_rate_hz": 10}, cancellation)
    assert camera.values["frame_rate_hz"] == 50
    assert engine.camera().parameters["frame_rate_hz"].value == 50
    assert_live(engine, registry, A)


class DiskThatCancels(Storage):
    """Gives the command up at its n-th call that makes something."""

    def __init__(self, cancellation: Cancellation, at: int) -> None:
        self.cancellation = cancellation
        self.left = at

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.cancellation.cancel("")

    def make_folder(self, path: Path) -> None:
        super().make_folder(path)
        self._count()

    def create(self, path: Path, *, direct: bool = False) -> tuple[int, bool]:
        made = super().create(path, direct=direct)
        self._count()
        return made

    def sync(self, file: int) -> None:
        super().sync(file)
        self._count()


@pytest.mark.parametrize("at", range(1, 9))
def test_given_up_while_the_files_are_prepared(tmp_path: Path, cancellation: Cancellation, at: int) -> None:
    camera = ScriptedCamera()
    disk = DiskThatCancels(cancellation, at)
    with live_engine(camera, tmp_path / "runs", storage=disk) as engine:
        with pytest.raises(CommandCanceled):
            engine.start_recording("run", cancellation=cancellation)
        assert engine.acquisition().phase is AcquisitionPhase.IDLE
        assert engine.acquisition().recording is None
        assert list((tmp_path / "runs").iterdir()) == []
        camera.deliver(0)
        engine.start_recording("run")
        camera.deliver(1)
        summary = engine.stop_recording()
        assert summary is not None
        assert (summary.outcome, summary.durable_frames) == (RecordingOutcome.COMPLETE, 1)


def test_given_up_while_the_disk_hangs(tmp_path: Path, cancellation: Cancellation) -> None:
    disk = DiskThatFails()
    with (
        live_engine(ScriptedCamera(), tmp_path, storage=disk) as engine,
        ThreadPoolExecutor() as threads,
    ):
        disk.hang()
        starting = threads.submit(engine.start_recording, "run", cancellation=cancellation)
        assert disk.entered.wait(PATIENCE_S)
        cancellation.cancel("")
        disk.go_on()
        with pytest.raises(CommandCanceled):
            starting.result(PATIENCE_S)
        assert list(tmp_path.iterdir()) == []
        assert engine.stop_recording() is None


def test_given_up_when_all_is_prepared_but_not_begun(tmp_path: Path, cancellation: Cancellation) -> None:
    entered, leave = threading.Event(), threading.Event()

    class Stuck(ScriptedCamera):
        def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
            stamp = super().next_frame(into, timeout_s)
            if stamp is not None and stamp.frame_id == 7:
                entered.set()
                assert leave.wait(PATIENCE_S)
            return stamp

    camera = Stuck()
    with live_engine(camera, tmp_path) as engine, ThreadPoolExecutor() as threads:
        camera.script(7)
        assert entered.wait(PATIENCE_S)
        starting = threads.submit(engine.start_recording, "run", cancellation=cancellation)
        while engine._capture._commands.empty():
            assert not starting.done()
        assert len(list(tmp_path.iterdir())) == 1
        cancellation.cancel("")
        with pytest.raises(CommandCanceled):
            starting.result(PATIENCE_S)
        assert list(tmp_path.iterdir()) == []
        leave.set()
        camera.deliver(8)
        assert engine.acquisition().phase is AcquisitionPhase.IDLE


def test_given_up_when_the_capture_thread_was_quicker(
    tmp_path: Path, cancellation: Cancellation, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path / "runs") as engine:
        call = engine._capture.call

        def begun_already(work: Any, _cancellation: Cancellation) -> Any:
            cancellation.cancel("")
            return call(work)

        monkeypatch.setattr(engine._capture, "call", begun_already)
        with pytest.raises(CommandCanceled):
            engine.start_recording("run", cancellation=cancellation)
        monkeypatch.undo()
        assert list((tmp_path / "runs").iterdir()) == []
        camera.deliver(0)
        assert engine.acquisition().phase is AcquisitionPhase.IDLE


def test_a_recording_that_runs_is_nobodys_to_give_up(tmp_path: Path, cancellation: Cancellation) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        engine.start_recording("run", cancellation=cancellation)
        cancellation.cancel("the window is gone.")
        camera.deliver(0, 1)
        assert engine.acquisition().phase is AcquisitionPhase.RECORDING
        summary = engine.stop_recording()
        assert summary is not None
        assert summary.durable_frames == 2
