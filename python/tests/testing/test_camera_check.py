"""The checks must find what is broken: each camera here breaks one promise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from macroscope_worker.cameras import (
    Camera,
    CameraDescription,
    FrameFormat,
    FrameStamp,
    NumberRange,
    Parameter,
    PixelFormat,
)
from macroscope_worker.testing import CameraContractBroken, check_camera

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


class SoundCamera(Camera):
    """Keeps every promise, at once."""

    def __init__(self) -> None:
        self.description = CameraDescription("sound:1", "Sound", "sound")
        self.sensor_width_px, self.sensor_height_px = 8, 6
        self.live_parameters = frozenset({"gain"})
        self.gain = 1.0
        self.format = float(PixelFormat.MONO12)
        self.next_id = 0
        self.closed = 0

    def parameters(self) -> Mapping[str, Parameter]:
        offered = (
            Parameter("gain", self.gain, NumberRange(0.0, 8.0, 1.0)),
            Parameter("pixel_format", self.format, choices=(1, 3), fixed_while_recording=True),
            Parameter("frame_rate_hz", 30.0, read_only=True),
        )
        return {parameter.name: parameter for parameter in offered}

    def frame_format(self) -> FrameFormat:
        pixel_format = PixelFormat(int(self.format))
        return FrameFormat(8, 6, pixel_format.bytes_per_pixel, pixel_format.bits)

    def _apply(self, changes: Mapping[str, float]) -> None:
        self.gain = changes.get("gain", self.gain)
        self.format = changes.get("pixel_format", self.format)

    def start_sequence(self) -> None:
        self.next_id = 0

    def stop_sequence(self) -> None:
        pass

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        into.fill(200)
        self.next_id += 1
        return FrameStamp(self.next_id, self.next_id * 1000)

    def close(self) -> None:
        self.closed += 1


def test_a_sound_camera_passes_and_is_closed_twice() -> None:
    camera = SoundCamera()
    check_camera(camera)
    assert camera.closed == 2


class ForeignId(SoundCamera):
    def __init__(self) -> None:
        super().__init__()
        self.description = CameraDescription("other:1", "Sound", "sound")


class UnknownParameter(SoundCamera):
    def parameters(self) -> Mapping[str, Parameter]:
        return {**super().parameters(), "colour": Parameter("colour", 1, choices=(1,))}


class ValueOutsideItsRange(SoundCamera):
    def parameters(self) -> Mapping[str, Parameter]:
        offered = dict(super().parameters())
        offered["gain"] = replace(offered["gain"], value=9.0)
        return offered


class NeitherLiveNorFixed(SoundCamera):
    def __init__(self) -> None:
        super().__init__()
        self.live_parameters = frozenset()


class TakesAnything(SoundCamera):
    def configure(self, changes: Mapping[str, float]) -> None:
        self._apply(changes)


class TakesHalf(SoundCamera):
    def configure(self, changes: Mapping[str, float]) -> None:
        for name, value in changes.items():
            super().configure({name: value})


class Forgetful(SoundCamera):
    def _apply(self, changes: Mapping[str, float]) -> None:
        self.format = changes.get("pixel_format", self.format)
        self.gain = 1.0 if "gain" not in changes else 7.0


class WrongBits(SoundCamera):
    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        into.fill((1 << 8 * into.itemsize) - 1)
        return super_stamp(self)


class StandingIds(SoundCamera):
    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        into.fill(0)
        return FrameStamp(1)


class Overrun(SoundCamera):
    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        assert into.base is not None
        base = into
        while base.base is not None:
            base = base.base
        base[-1] = 0
        return super_stamp(self)


class WritesElsewhere(SoundCamera):
    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        return super().next_frame(into.copy(), timeout_s)


class Silent(SoundCamera):
    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        return None


class ClosesOnce(SoundCamera):
    def close(self) -> None:
        super().close()
        if self.closed > 1:
            raise CameraContractBroken("A second close does nothing.")


def super_stamp(camera: SoundCamera) -> FrameStamp:
    camera.next_id += 1
    return FrameStamp(camera.next_id)


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        (ForeignId, "starts with its driver"),
        (UnknownParameter, "colour is a path in CameraSettings"),
        (ValueOutsideItsRange, "lies within"),
        (NeitherLiveNorFixed, "gain is live, or fixed while recording"),
        (TakesAnything, "raises a ParameterError"),
        (TakesHalf, "nothing has changed"),
        (Forgetful, "set back"),
        (WrongBits, "No pixel is above"),
        (StandingIds, "Frame ids increase"),
        (Overrun, "Nothing is written beside"),
        (WritesElsewhere, "The pixels are copied"),
        (Silent, "A frame comes"),
        (ClosesOnce, "second close"),
    ],
)
def test_each_broken_promise_is_found(broken: type[SoundCamera], promise: str) -> None:
    with pytest.raises(CameraContractBroken, match=promise):
        check_camera(broken())
