from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from macroscope_worker.acquisition import (
    AcquisitionPhase,
    CameraPhase,
    DropReason,
    Engine,
    PreviewPicture,
    RecordingOutcome,
)
from macroscope_worker.errors import (
    CameraNotFound,
    CameraUnavailable,
    NoCamera,
    ParameterFixed,
    ParameterNotOffered,
    ParameterOutOfRange,
    RecordingRunning,
)
from macroscope_worker.recording import RunReader

from .scripted_camera import PATIENCE_S, ScriptedCamera, ScriptedRegistry, eventually, live_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from macroscope_worker.cameras import FrameStamp

A, B, OTHER = "scripted:a", "scripted:b", "other:c"


@pytest.fixture
def registry() -> ScriptedRegistry:
    return ScriptedRegistry(ScriptedCamera(A), ScriptedCamera(B, bits=8), ScriptedCamera(OTHER))


@pytest.fixture
def engine(registry: ScriptedRegistry, tmp_path: Path) -> Iterator[Engine]:
    made = Engine(registry, default_directory=tmp_path, ring_bytes=1, reserve_bytes=0)
    yield made
    made.close()


def test_begins_without_a_camera(engine: Engine) -> None:
    assert engine.camera().phase is CameraPhase.CLOSED
    with pytest.raises(NoCamera):
        engine.configure({"exposure_us": 1})
    with pytest.raises(NoCamera):
        engine.start_recording("run")
    assert engine.stop_recording() is None


def test_selecting_makes_a_camera_live(engine: Engine, registry: ScriptedRegistry) -> None:
    revision = engine.camera().revision
    snapshot = engine.select_camera(A)
    assert snapshot == engine.camera()
    assert snapshot.phase is CameraPhase.LIVE
    assert snapshot.revision > revision
    assert snapshot.description == registry.cameras[A].description
    assert snapshot.parameters["exposure_us"].value == 1000
    assert (snapshot.sensor_width_px, snapshot.sensor_height_px, snapshot.significant_bits) == (20, 12, 12)


def test_all_calls_of_a_camera_come_from_one_thread(engine: Engine, registry: ScriptedRegistry) -> None:
    camera = registry.cameras[A]
    engine.select_camera(A)
    engine.configure({"frame_rate_hz": 20})
    camera.deliver(0, 1)
    engine.select_camera(B)
    assert camera.is_closed
    assert len(camera.threads) == 1
    assert threading.get_ident() not in camera.threads


def test_the_next_camera_replaces_the_present_one(engine: Engine, registry: ScriptedRegistry) -> None:
    engine.select_camera(A)
    snapshot = engine.select_camera(OTHER)
    assert snapshot.description is not None
    assert snapshot.description.id == OTHER
    assert registry.cameras[A].is_closed
    registry.cameras[OTHER].deliver(0)
    assert engine.health().camera.frames == 1


def test_selecting_the_same_camera_opens_it_anew(engine: Engine, registry: ScriptedRegistry) -> None:
    engine.select_camera(A)
    engine.select_camera(A)
    assert registry.cameras[A].sequences == 2
    assert engine.camera().phase is CameraPhase.LIVE


def test_an_unknown_camera_leaves_the_present_one_live(engine: Engine, registry: ScriptedRegistry) -> None:
    engine.select_camera(A)
    with pytest.raises(CameraNotFound) as refused:
        engine.select_camera("scripted:none")
    assert refused.value.known_ids == (A, B, OTHER)
    assert engine.camera().phase is CameraPhase.LIVE
    registry.cameras[A].deliver(0)
    assert engine.health().camera.frames == 1


def test_a_camera_that_does_not_open_leaves_the_present_one_live(engine: Engine, registry: ScriptedRegistry) -> None:
    def refuse(camera_id: str) -> None:
        raise CameraUnavailable(camera_id, "other", "in use")

    engine.select_camera(A)
    registry.opening = refuse
    with pytest.raises(CameraUnavailable, match="in use"):
        engine.select_camera(OTHER)
    assert engine.camera().phase is CameraPhase.LIVE
    assert not registry.cameras[A].is_closed


def test_a_library_that_opens_one_camera_at_a_time_gets_the_present_one_closed(
    engine: Engine, registry: ScriptedRegistry
) -> None:
    def one_at_a_time(camera_id: str) -> None:
        if camera_id == B and not registry.cameras[A].is_closed:
            raise CameraUnavailable(camera_id, "scripted", "another camera is open")

    engine.select_camera(A)
    registry.opening = one_at_a_time
    assert engine.select_camera(B).phase is CameraPhase.LIVE
    assert registry.cameras[A].is_closed


@pytest.mark.parametrize("error", [CameraUnavailable(A, "scripted", "no power"), RuntimeError("segment 7")])
def test_a_first_camera_that_does_not_start_is_a_fault_with_a_remedy(
    engine: Engine, registry: ScriptedRegistry, error: Exception
) -> None:
    registry.cameras[A].fail_start = error
    with pytest.raises(CameraUnavailable):
        engine.select_camera(A)
    snapshot = engine.camera()
    assert snapshot.phase is CameraPhase.FAILED
    assert snapshot.fault is not None
    assert snapshot.fault.remedy
    assert registry.cameras[A].is_closed
    registry.cameras[A].fail_start = None
    assert engine.select_camera(A).phase is CameraPhase.LIVE


def test_live_settings_change_without_a_stop(engine: Engine, registry: ScriptedRegistry) -> None:
    engine.select_camera(A)
    snapshot = engine.configure({"exposure_us": 2000})
    assert snapshot.parameters["exposure_us"].value == 2000
    assert registry.cameras[A].sequences == 1


def test_other_settings_stop_and_restart_the_sequence(engine: Engine, registry: ScriptedRegistry) -> None:
    camera = registry.cameras[A]
    engine.select_camera(A)
    camera.deliver(0, 1)
    engine.configure({"frame_rate_hz": 10})
    assert camera.sequences == 2
    camera.deliver(0, 1)
    health = engine.health().camera
    assert (health.frames, health.missing_frames) == (4, 0)


def test_frames_of_another_shape_get_another_ring(engine: Engine, registry: ScriptedRegistry) -> None:
    pictures: list[PreviewPicture] = []
    arrived = threading.Event()

    def deliver(picture: PreviewPicture) -> None:
        pictures.append(picture)
        arrived.set()

    engine.select_camera(A)
    engine.subscribe_preview(64, 64, 1000, deliver)
    engine.configure({"region_of_interest.width_px": 8})
    registry.cameras[A].deliver(0)
    assert arrived.wait(10)
    assert pictures[-1].image_width_px == 8


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"exposure_us": 5.0}, ParameterOutOfRange),
        ({"exposure_us": 2000.0, "frame_rate_hz": 1e6}, ParameterOutOfRange),
        ({"frame_rate_hz": 10.0, "focus": 1.0}, ParameterNotOffered),
    ],
)
def test_a_refused_value_changes_nothing_and_frames_go_on(
    engine: Engine, registry: ScriptedRegistry, changes: dict[str, float], error: type[Exception]
) -> None:
    engine.select_camera(A)
    before = engine.camera().parameters
    with pytest.raises(error):
        engine.configure(changes)
    assert engine.camera().phase is CameraPhase.LIVE
    assert engine.camera().parameters == before
    registry.cameras[A].deliver(0)
    assert engine.health().camera.frames == 1


def test_a_camera_that_breaks_while_it_is_configured_has_failed(engine: Engine, registry: ScriptedRegistry) -> None:
    registry.cameras[A].fail_apply = RuntimeError("register 0x30")
    engine.select_camera(A)
    with pytest.raises(CameraUnavailable, match="register 0x30"):
        engine.configure({"exposure_us": 2000})
    assert engine.camera().phase is CameraPhase.FAILED


@pytest.mark.parametrize("error", [CameraUnavailable(A, "scripted", "unplugged"), RuntimeError("unplugged")])
def test_a_camera_that_stops_by_itself_has_failed_and_can_be_chosen_again(
    engine: Engine, registry: ScriptedRegistry, error: Exception
) -> None:
    camera = registry.cameras[A]
    engine.select_camera(A)
    camera.break_down(error)
    eventually(engine, lambda: engine.camera().phase is CameraPhase.FAILED)
    fault = engine.camera().fault
    assert fault is not None
    assert "unplugged" in fault.message
    assert fault.remedy
    assert not engine.health().camera.live
    with pytest.raises(NoCamera):
        engine.configure({"exposure_us": 500})
    assert camera.is_closed
    assert engine.select_camera(A).phase is CameraPhase.LIVE
    assert engine.camera().fault is None


def test_a_camera_that_hangs_when_it_is_closed_has_failed_all_the_same(tmp_path: Path) -> None:
    leave = threading.Event()

    class Stuck(ScriptedCamera):
        def close(self) -> None:
            assert leave.wait(PATIENCE_S)
            super().close()

    camera = Stuck()
    with live_engine(camera, tmp_path) as engine:
        camera.break_down(RuntimeError("unplugged"))
        eventually(engine, lambda: engine.camera().phase is CameraPhase.FAILED)
        assert not camera.is_closed
        leave.set()


def fall_silent(engine: Engine, camera: ScriptedCamera) -> None:
    """After a frame, nothing, and no error either."""
    camera.period_s = 0.0
    engine.configure({"exposure_us": 500})
    camera.deliver(0)
    eventually(engine, lambda: engine.camera().phase is CameraPhase.FAILED)


def test_a_camera_that_falls_silent_is_a_fault_until_its_frames_come_again(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        fall_silent(engine, camera)
        fault = engine.camera().fault
        assert fault is not None
        assert "No frames come" in fault.message
        assert fault.remedy
        assert not engine.health().camera.live
        with pytest.raises(CameraUnavailable, match="no frames"):
            engine.start_recording("run")
        with pytest.raises(CameraNotFound):
            engine.select_camera("scripted:none")
        assert engine.camera().fault == fault
        camera.deliver(1)
        eventually(engine, lambda: engine.camera().phase is CameraPhase.LIVE)
        assert engine.camera().fault is None


def test_a_recording_goes_on_when_a_silent_camera_comes_back(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        engine.start_recording("run")
        fall_silent(engine, camera)
        assert engine.acquisition().phase is AcquisitionPhase.RECORDING
        camera.deliver(5)
        eventually(engine, lambda: engine.camera().phase is CameraPhase.LIVE)
        summary = engine.stop_recording()
        assert summary is not None
        assert summary.outcome is RecordingOutcome.COMPLETE
        assert (summary.durable_frames, summary.drops) == (2, {DropReason.CAMERA_GAP: 4})


def test_a_driver_that_hangs_is_told_as_a_silent_camera(tmp_path: Path) -> None:
    leave = threading.Event()

    class Stuck(ScriptedCamera):
        def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
            stamp = super().next_frame(into, timeout_s)
            if stamp is not None and stamp.frame_id == 1:
                assert leave.wait(PATIENCE_S)
            return stamp

    camera = Stuck()
    camera.period_s = 0.0
    with live_engine(camera, tmp_path) as engine:
        camera.deliver(0)
        camera.script(1)
        eventually(engine, lambda: engine.camera().phase is CameraPhase.FAILED)
        leave.set()
        eventually(engine, lambda: engine.camera().phase is CameraPhase.LIVE)


def test_a_recording_holds_the_camera_and_its_fixed_settings(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        engine.start_recording("run")
        with pytest.raises(RecordingRunning):
            engine.select_camera(A)
        with pytest.raises(ParameterFixed):
            engine.configure({"region_of_interest.width_px": 8})
        camera.deliver(0)
        engine.configure({"frame_rate_hz": 10, "exposure_us": 500})
        camera.deliver(0)
        summary = engine.stop_recording()
        assert summary is not None
        assert summary.outcome is RecordingOutcome.COMPLETE
        assert summary.durable_frames == 2
        assert summary.drops == {}
        # Only the camera's stamp is marked: a new sequence is no fault of its numbers.
        assert RunReader(summary.directory).written["flags"].tolist() == [1, 1]
        engine.configure({"region_of_interest.width_px": 8})


def test_closing_closes_the_camera_once(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        engine.close()
        assert camera.is_closed
        assert engine.camera().phase is CameraPhase.CLOSED
