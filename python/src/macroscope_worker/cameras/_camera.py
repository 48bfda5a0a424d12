"""The two rungs of the camera base: Camera (rung two, the whole interface) here, SimpleCamera beside it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from macroscope_worker.errors import ParameterNotOffered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from ._description import CameraDescription
    from ._frame_format import FrameFormat, FrameStamp
    from ._parameter import Parameter


class Camera(ABC):
    """An open camera. All calls come from one thread, the capture thread; the opener closes it.

    Subclasses set the four attributes in their constructor, which has opened the device when it returns.
    """

    description: CameraDescription
    sensor_width_px: int
    """The whole sensor, unbinned."""
    sensor_height_px: int
    live_parameters: frozenset[str] = frozenset()
    """May change while the sequence runs. For the others the caller stops the sequence and starts it again."""

    @abstractmethod
    def parameters(self) -> Mapping[str, Parameter]:
        """What the camera has and offers now, by name. One setting may change the limits of another."""

    @abstractmethod
    def frame_format(self) -> FrameFormat:
        """What the frames of the next sequence look like, or of the running one."""

    def configure(self, changes: Mapping[str, float]) -> None:
        """Change settings, all or none.

        Raises ParameterOutOfRange or ParameterNotOffered, and then nothing has changed; CameraUnavailable when the
        camera is gone.
        """
        if not changes:
            return
        offered = self._parameters_for(changes)
        for name, requested in changes.items():
            parameter = offered.get(name)
            if parameter is None:
                raise ParameterNotOffered(name, requested)
            parameter.check(requested)
        self._apply(changes)

    def _parameters_for(self, changes: Mapping[str, float]) -> Mapping[str, Parameter]:
        """The limits that the changes are checked against.

        Override where changes of one call alter each other's limits, such as the left edge and the width of a region.
        Changes are unchecked here: answer something sensible for any number.
        """
        return self.parameters()

    @abstractmethod
    def _apply(self, changes: Mapping[str, float]) -> None:
        """Make changes that have passed the check. When the camera still refuses one, undo the others and raise."""

    def frame_period_s(self) -> float:
        """The longest time from one frame to the next that the settings explain; infinite where a trigger decides.

        No frame for much longer is told as a fault. Asked when a sequence starts and after every change of a setting.
        """
        offered = self.parameters()
        rate, exposure = offered.get("frame_rate_hz"), offered.get("exposure_us")
        by_rate_s = 1 / rate.value if rate is not None and rate.value > 0 else 0.0
        return max(by_rate_s, exposure.value / 1e6 if exposure is not None else 0.0)

    @abstractmethod
    def start_sequence(self) -> None:
        """Let frames come, at the frame rate, until stop_sequence. Frame ids start anew."""

    @abstractmethod
    def stop_sequence(self) -> None:
        """Stop the frames. Without a sequence it does nothing."""

    @abstractmethod
    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        """Wait for the next frame and copy its pixels into `into`: C-contiguous, of the frame format's shape and dtype.

        None when the time is over. Raises CameraUnavailable when the camera is gone.
        """

    def temperature_c(self) -> float | None:
        """Of the sensor, or as near to it as the camera measures."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Stop and let go of the device. A second call does nothing."""
