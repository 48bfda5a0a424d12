"""Against pylon itself, with its emulated cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from macroscope_worker.cameras import Camera, CameraRegistry, PixelFormat
from macroscope_worker.cameras.pylon import BlockIds, PylonDriver
from macroscope_worker.errors import CameraNotFound, CameraUnavailable, ParameterOutOfRange
from macroscope_worker.testing import check_camera

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("pypylon")

CAMERA_ID = "pylon:0815-0000"
X, Y = "region_of_interest.x_px", "region_of_interest.y_px"
WIDTH, HEIGHT = "region_of_interest.width_px", "region_of_interest.height_px"


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = PylonDriver().open(CAMERA_ID)
    yield camera
    camera.close()


def _values(camera: Camera) -> dict[str, float]:
    return {name: parameter.value for name, parameter in camera.parameters().items()}


def test_the_emulated_cameras_are_listed_as_such() -> None:
    listed = PylonDriver().list_cameras()
    assert [camera.id for camera in listed] == [CAMERA_ID, "pylon:0815-0001"]
    assert all(camera.simulated and camera.vendor == "Basler" for camera in listed)


def test_it_keeps_the_contract() -> None:
    check_camera(CameraRegistry().open(CAMERA_ID))


def test_an_unknown_serial_is_not_found() -> None:
    with pytest.raises(CameraNotFound) as caught:
        PylonDriver().open("pylon:4711")
    assert CAMERA_ID in caught.value.known_ids


def test_it_starts_with_the_most_bits_and_a_modest_rate(camera: Camera) -> None:
    values = _values(camera)
    assert values["pixel_format"] == PixelFormat.MONO16
    assert values["frame_rate_hz"] == pytest.approx(30)
    assert camera.parameters()["pixel_format"].choices == (1, 2, 3, 5)


def test_frames_move_and_are_counted(camera: Camera) -> None:
    camera.configure({WIDTH: 64, HEIGHT: 48, "frame_rate_hz": 100, "exposure_us": 1000})
    camera.start_sequence()
    frames, ids = [], []
    for _ in range(6):
        into = camera.frame_format().empty()
        stamp = camera.next_frame(into, 5)
        assert stamp is not None
        assert not stamp.damaged
        frames.append(into)
        ids.append(stamp.frame_id)
    assert ids == list(range(ids[0], ids[0] + 6))
    assert frames[0].shape == (48, 64)
    assert any(not np.array_equal(frames[0], frame) for frame in frames[1:])


def test_a_failed_buffer_is_a_damaged_frame_with_its_id(camera: Camera) -> None:
    camera.configure({WIDTH: 64, HEIGHT: 48, "frame_rate_hz": 100, "exposure_us": 1000})
    nodes = camera._camera.GetNodeMap()  # type: ignore[attr-defined]
    nodes.GetNode("ForceFailedBufferCount").SetValue(2)
    camera.start_sequence()
    nodes.GetNode("ForceFailedBuffer").Execute()
    into = camera.frame_format().empty()
    stamps = [camera.next_frame(into, 5) for _ in range(10)]
    damaged = [stamp.frame_id for stamp in stamps if stamp is not None and stamp.damaged]
    ids = [stamp.frame_id for stamp in stamps if stamp is not None]
    assert len(damaged) == 2
    assert ids == list(range(ids[0], ids[0] + 10))


def test_nothing_comes_without_a_frame_in_time(camera: Camera) -> None:
    camera.configure({"exposure_us": 1000, "frame_rate_hz": 1})
    camera.start_sequence()
    into = camera.frame_format().empty()
    assert camera.next_frame(into, 5) is not None
    assert camera.next_frame(into, 0.01) is None


def test_a_region_is_set_whole_in_any_order(camera: Camera) -> None:
    camera.configure({X: 3000, Y: 1000, WIDTH: 1000, HEIGHT: 1040})
    camera.configure({WIDTH: 4096, X: 0, HEIGHT: 4096, Y: 0})
    camera.configure({HEIGHT: 16, Y: 4080, WIDTH: 64, X: 4032})
    assert {name: _values(camera)[name] for name in (X, Y, WIDTH, HEIGHT)} == {X: 4032, Y: 4080, WIDTH: 64, HEIGHT: 16}


def test_a_region_past_the_sensor_is_refused_and_nothing_changes(camera: Camera) -> None:
    camera.configure({X: 100, WIDTH: 1000})
    before = _values(camera)
    for changes in ({X: 3097.0}, {WIDTH: 3997.0}, {X: 4000.0, WIDTH: 97.0}, {"gain": 3.0, X: 4000.0, WIDTH: 97.0}):
        with pytest.raises(ParameterOutOfRange):
            camera.configure(changes)
        assert _values(camera) == before


def test_binning_keeps_the_field_of_view_and_a_refusal_takes_it_back(camera: Camera) -> None:
    camera.configure({X: 400, Y: 200, WIDTH: 1000, HEIGHT: 800})
    before = _values(camera)
    with pytest.raises(ParameterOutOfRange):
        camera.configure({"binning": 2, "exposure_us": 500, X: 5000})
    assert _values(camera) == before
    camera.configure({"binning": 2})
    assert {name: _values(camera)[name] for name in (X, Y, WIDTH, HEIGHT)} == {X: 200, Y: 100, WIDTH: 500, HEIGHT: 400}
    assert camera.frame_format().shape == (400, 500)


def test_exposure_limits_the_rate_and_gives_it_back(camera: Camera) -> None:
    camera.configure({"frame_rate_hz": 50, "exposure_us": 1000})
    camera.configure({"exposure_us": 100_000})
    assert _values(camera)["frame_rate_hz"] == pytest.approx(10)
    before = _values(camera)
    with pytest.raises(ParameterOutOfRange):
        camera.configure({"frame_rate_hz": 50})
    with pytest.raises(ParameterOutOfRange):
        camera.configure({"frame_rate_hz": 50, "exposure_us": 200_000})
    assert _values(camera) == before
    camera.configure({"exposure_us": 1000})
    assert _values(camera)["frame_rate_hz"] == pytest.approx(50)


class Unplugged:
    """pylon's camera, but for saying that it is gone."""

    def __init__(self, camera: Any) -> None:
        self._camera = camera

    def __getattr__(self, name: str) -> Any:
        return getattr(self._camera, name)

    def IsCameraDeviceRemoved(self) -> bool:  # noqa: N802
        return True


def test_a_camera_that_was_unplugged_is_told(camera: Camera) -> None:
    camera.configure({"exposure_us": 1000, "frame_rate_hz": 1})
    camera.start_sequence()
    into = camera.frame_format().empty()
    assert camera.next_frame(into, 5) is not None
    camera._camera = Unplugged(camera._camera)  # type: ignore[attr-defined]
    with pytest.raises(CameraUnavailable, match="disconnected"):
        camera.next_frame(into, 0.01)


def test_short_block_ids_are_carried_on() -> None:
    ids = BlockIds()
    assert [ids.carry_on(block_id) for block_id in (65533, 65534, 65535, 1, 2)] == [65533, 65534, 65535, 65536, 65537]
    assert [ids.carry_on(block_id) for block_id in (65535, 3)] == [65535 + 65535, 65535 + 65535 + 3]
    ids.restart()
    assert ids.carry_on(1) == 1


def test_long_block_ids_are_left_alone() -> None:
    ids = BlockIds()
    assert [ids.carry_on(block_id) for block_id in (0, 65535, 65536, 200_000)] == [0, 65535, 65536, 200_000]
