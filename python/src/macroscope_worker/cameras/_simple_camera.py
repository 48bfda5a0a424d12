"""Rung one of the camera base, for cameras that take one picture at a time, and what makes a Camera of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from ._camera import Camera
from ._frame_format import FrameStamp
from ._pacing import FramePacer
from ._parameter import NumberRange, Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from ._description import CameraDescription
    from ._frame_format import FrameFormat


def _without_buffers(rate_hz: float) -> FramePacer:
    return FramePacer(rate_hz, buffered=1)


class SimpleCamera(ABC):
    """The least that a camera can be: settings, a format, and a snap. SequencedCamera makes a whole Camera of it.

    All calls come from one thread. The constructor has opened the device when it returns.
    """

    description: CameraDescription
    sensor_width_px: int
    sensor_height_px: int

    @abstractmethod
    def parameters(self) -> Mapping[str, Parameter]:
        """What the camera has and offers now, by name; "frame_rate_hz" is added by SequencedCamera."""

    @abstractmethod
    def frame_format(self) -> FrameFormat:
        """What the next snap looks like."""

    @abstractmethod
    def _apply(self, changes: Mapping[str, float]) -> None:
        """Make changes that have passed the check against parameters(), all or none."""

    @abstractmethod
    def snap(self, into: npt.NDArray[Any]) -> None:
        """Take one picture into `into`, of the shape and dtype of the frame format.

        Raises CameraUnavailable when the camera is gone.
        """

    def temperature_c(self) -> float | None:
        """Of the sensor, if the camera measures it."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Let go of the device. A second call does nothing."""


class SequencedCamera(Camera):
    """Snaps a SimpleCamera at the frame rate and so makes a Camera of it. Owns and closes it.

    Frames are numbered by the schedule: when snapping takes longer than a period, numbers are skipped and the loss is
    seen.
    """

    def __init__(
        self,
        simple: SimpleCamera,
        frame_rate_hz: float = 10.0,
        max_frame_rate_hz: float = 300.0,
        *,
        pace: Callable[[float], FramePacer] = _without_buffers,
    ) -> None:
        self._pace = pace
        self._simple = simple
        self._frame_rate_hz = frame_rate_hz
        self._max_frame_rate_hz = max_frame_rate_hz
        self._pacer: FramePacer | None = None
        self.description = simple.description
        self.sensor_width_px = simple.sensor_width_px
        self.sensor_height_px = simple.sensor_height_px
        self.live_parameters = frozenset({"exposure_us", "gain", "frame_rate_hz"})

    def parameters(self) -> Mapping[str, Parameter]:
        rate = NumberRange(0.1, self._max_frame_rate_hz)
        pace = Parameter("frame_rate_hz", self._frame_rate_hz, rate, fixed_while_recording=True)
        return {**self._simple.parameters(), "frame_rate_hz": pace}

    def frame_format(self) -> FrameFormat:
        return self._simple.frame_format()

    def _apply(self, changes: Mapping[str, float]) -> None:
        rest = {name: value for name, value in changes.items() if name != "frame_rate_hz"}
        if rest:
            self._simple._apply(rest)  # noqa: SLF001 - the other half of one class
        if "frame_rate_hz" in changes:
            self._frame_rate_hz = changes["frame_rate_hz"]
            if self._pacer is not None:
                self._pacer.set_rate(self._frame_rate_hz)

    def start_sequence(self) -> None:
        self._pacer = self._pace(self._frame_rate_hz)

    def stop_sequence(self) -> None:
        self._pacer = None

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        if self._pacer is None:
            raise RuntimeError("next_frame needs a running sequence.")
        frame = self._pacer.wait(timeout_s)
        if frame is None:
            return None
        self._simple.snap(into)
        return FrameStamp(frame_id=frame)

    def temperature_c(self) -> float | None:
        return self._simple.temperature_c()

    def close(self) -> None:
        self._pacer = None
        self._simple.close()
