"""OpenCV itself at the edge, with a video file in place of a camera; the kernel's device tree as files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from macroscope_worker.cameras import CameraDescription, PixelFormat
from macroscope_worker.cameras.opencv import OpenCvCamera, OpenCvDriver
from macroscope_worker.errors import CameraNotFound, CameraUnavailable
from macroscope_worker.testing import check_camera

if TYPE_CHECKING:
    from pathlib import Path

cv2: Any = pytest.importorskip("cv2")

DESCRIPTION = CameraDescription("opencv:0", "A video", "opencv")


@pytest.fixture
def video(tmp_path: Path) -> str:
    path = str(tmp_path / "video.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    assert writer.isOpened()
    for level in range(0, 250, 10):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path


def _node(root: Path, number: int, name: str, index: int = 0) -> None:
    device = root / "class" / f"video{number}"
    device.mkdir(parents=True)
    (device / "name").write_text(f"{name}\n")
    (device / "index").write_text(f"{index}\n")
    (root / "dev").mkdir(exist_ok=True)
    (root / "dev" / f"video{number}").touch()


def test_a_video_keeps_the_contract(video: str) -> None:
    check_camera(OpenCvCamera(DESCRIPTION, cv2, video))


def test_colour_is_turned_into_grey_and_frames_are_counted(video: str) -> None:
    camera = OpenCvCamera(DESCRIPTION, cv2, video)
    assert camera.parameters()["pixel_format"].value == PixelFormat.MONO8
    camera.start_sequence()
    into = camera.frame_format().empty()
    levels = []
    for number in range(5):
        stamp = camera.next_frame(into, 1)
        assert stamp is not None
        assert stamp.frame_id == number
        levels.append(float(into.mean()))
    np.testing.assert_allclose(levels, [0, 10, 20, 30, 40], atol=3)
    camera.close()


def test_a_camera_that_sends_no_more_is_told(video: str) -> None:
    camera = OpenCvCamera(DESCRIPTION, cv2, video)
    camera.start_sequence()
    into = camera.frame_format().empty()
    assert all(camera.next_frame(into, 1) is not None for _ in range(25))
    assert camera.next_frame(into, 1) is None
    assert camera.next_frame(into, 1) is None
    with pytest.raises(CameraUnavailable, match="no more pictures"):
        camera.next_frame(into, 1)
    camera.close()


def test_what_does_not_open_is_told(tmp_path: Path) -> None:
    with pytest.raises(CameraUnavailable, match="does not open"):
        OpenCvCamera(DESCRIPTION, cv2, str(tmp_path / "nothing.avi"))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's list of devices is Linux's")
class TestLinux:
    def test_devices_are_listed_once_without_opening_them(self, tmp_path: Path) -> None:
        _node(tmp_path, 10, "Second")
        _node(tmp_path, 2, "First")
        _node(tmp_path, 3, "First", index=1)
        driver = OpenCvDriver(tmp_path / "class", tmp_path / "dev")
        assert [(camera.id, camera.label) for camera in driver.list_cameras()] == [
            ("opencv:2", "First"),
            ("opencv:10", "Second"),
        ]

    def test_nothing_is_printed_where_there_is_no_device(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        driver = OpenCvDriver(tmp_path / "class", tmp_path / "dev")
        assert driver.list_cameras() == []
        with pytest.raises(CameraNotFound):
            driver.open("opencv:0")
        assert capfd.readouterr() == ("", "")

    def test_a_node_that_is_no_camera_is_told(self, tmp_path: Path) -> None:
        _node(tmp_path, 97, "No camera")
        with pytest.raises(CameraUnavailable, match="opencv:97"):
            OpenCvDriver(tmp_path / "class", tmp_path / "dev").open("opencv:97")
