from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from macroscope_worker.cameras import (
    CameraDescription,
    FrameFormat,
    NumberRange,
    Parameter,
    SequencedCamera,
    SimpleCamera,
)
from macroscope_worker.errors import ParameterOutOfRange
from macroscope_worker.testing import check_camera

from .virtual_time import VirtualTime

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


class SnappingCamera(SimpleCamera):
    """Takes a picture in `snap_s` of virtual time."""

    def __init__(self, time: VirtualTime, snap_s: float = 0.0) -> None:
        self.description = CameraDescription("snap:1", "Snap", "snap")
        self.sensor_width_px, self.sensor_height_px = 6, 4
        self.time, self.snap_s = time, snap_s
        self.gain, self.closed = 1.0, 0

    def parameters(self) -> Mapping[str, Parameter]:
        return {"gain": Parameter("gain", self.gain, NumberRange(0, 4))}

    def frame_format(self) -> FrameFormat:
        return FrameFormat(6, 4, 1, 8)

    def _apply(self, changes: Mapping[str, float]) -> None:
        self.gain = changes["gain"]

    def snap(self, into: npt.NDArray[Any]) -> None:
        self.time.sleep_s(self.snap_s)
        into.fill(7)

    def close(self) -> None:
        self.closed += 1


def _ids(camera: SequencedCamera, count: int) -> list[int]:
    into = camera.frame_format().empty()
    stamps = [camera.next_frame(into, 10) for _ in range(count)]
    return [stamp.frame_id for stamp in stamps if stamp is not None]


def _sequenced(snap_s: float) -> SequencedCamera:
    time = VirtualTime()
    return SequencedCamera(SnappingCamera(time, snap_s), 10.0, pace=lambda rate_hz: time.pacer(rate_hz, buffered=1))


def test_it_keeps_the_contract_of_a_whole_camera() -> None:
    simple = SnappingCamera(VirtualTime())
    check_camera(SequencedCamera(simple, 100.0))
    assert simple.closed == 2


def test_a_quick_camera_takes_every_picture() -> None:
    camera = _sequenced(snap_s=0.05)
    camera.start_sequence()
    assert _ids(camera, 5) == [0, 1, 2, 3, 4]


def test_a_slow_camera_skips_numbers_and_so_shows_the_loss() -> None:
    camera = _sequenced(snap_s=0.25)
    camera.start_sequence()
    assert _ids(camera, 4) == [0, 2, 5, 7]


def test_the_rate_is_added_and_checked_with_the_rest() -> None:
    camera = _sequenced(snap_s=0)
    assert camera.parameters().keys() == {"gain", "frame_rate_hz"}
    with pytest.raises(ParameterOutOfRange):
        camera.configure({"gain": 2.0, "frame_rate_hz": 1000.0})
    assert camera.parameters()["gain"].value == 1.0
    camera.configure({"gain": 2.0, "frame_rate_hz": 50.0})
    assert {name: parameter.value for name, parameter in camera.parameters().items()} == {
        "gain": 2.0,
        "frame_rate_hz": 50.0,
    }


def test_a_frame_needs_a_sequence() -> None:
    camera = _sequenced(snap_s=0)
    with pytest.raises(RuntimeError, match="running sequence"):
        camera.next_frame(camera.frame_format().empty(), 1)
