"""USB video (UVC) cameras and whatever else OpenCV opens, as monochrome cameras."""

# ruff: noqa: D102 - the base classes say what these methods do
from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from macroscope_worker.errors import CameraNotFound, CameraUnavailable, DriverUnavailable

from ._camera import Camera
from ._description import CameraDescription
from ._driver import CameraDriver
from ._frame_format import FrameFormat, FrameStamp, PixelFormat
from ._parameter import NumberRange, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

_IS_LINUX = platform.system() == "Linux"
_MOST_INDICES = 8
_MOST_FAILURES = 3
_RATES_HZ = NumberRange(1.0, 240.0)
_EXPOSURES_US = NumberRange(100.0, 1_000_000.0)
_GAINS = NumberRange(0.0, 255.0)
_V4L2_EXPOSURE_UNIT_US = 100.0
_V4L2_MANUAL_EXPOSURE = 1
_SELECT_TIMEOUT = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"


class OpenCvDriver(CameraDriver):
    """On Linux lists the capture devices that the kernel names, unopened; elsewhere tries the first indices."""

    name: ClassVar[str] = "opencv"

    def __init__(self, devices: Path = Path("/sys/class/video4linux"), nodes: Path = Path("/dev")) -> None:
        self._devices = devices
        self._nodes = nodes

    def list_cameras(self) -> Sequence[CameraDescription]:
        cv2 = self._library()
        if _IS_LINUX:
            return [self._describe(number, label) for number, label in self._linux_devices()]
        found = []
        for index in range(_MOST_INDICES):
            capture = cv2.VideoCapture(index)
            opened = capture.isOpened()
            capture.release()
            if not opened:
                break
            found.append(self._describe(index, f"Camera {index}"))
        return found

    def open(self, camera_id: str) -> Camera:
        cv2 = self._library()
        match = re.fullmatch(r"opencv:(\d{1,3})", camera_id)
        if match is not None and (not _IS_LINUX or (self._nodes / f"video{match[1]}").exists()):
            names = dict(self._linux_devices())
            index = int(match[1])
            description = self._describe(index, names.get(index, f"Camera {index}"))
            return OpenCvCamera(description, cv2, index)
        raise CameraNotFound(camera_id, [camera.id for camera in self.list_cameras()])

    def _library(self) -> Any:
        # Read by OpenCV when it is loaded: a silent camera holds a read for a second, not for ten.
        os.environ.setdefault(_SELECT_TIMEOUT, "1")
        try:
            import cv2  # noqa: PLC0415 - loaded when it is needed: it is slow, and may be missing
        except ImportError as error:
            raise DriverUnavailable(
                self.name, f"Install OpenCV to use USB video cameras: pip install opencv-python-headless ({error})."
            ) from error
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        return cv2

    def _linux_devices(self) -> list[tuple[int, str]]:
        """(number, name) of the video nodes that are the first of their device; the others carry metadata."""
        found = []
        for device in self._devices.glob("video*"):
            number = device.name.removeprefix("video")
            if number.isdecimal() and _line(device / "index") in ("", "0") and (self._nodes / device.name).exists():
                found.append((int(number), _line(device / "name") or f"Camera {number}"))
        return sorted(found)

    def _describe(self, index: int, label: str) -> CameraDescription:
        return CameraDescription(id=f"{self.name}:{index}", label=label, driver=self.name, model=label)


class OpenCvCamera(Camera):
    """A capture of OpenCV. Colour is turned into grey; 16-bit monochrome stays.

    OpenCV tells no limits: those of exposure, gain and frame rate are wide, and the camera answers with what it made
    of a value. It tells no frame numbers either, so frames are counted as they come and a loss in the camera is not
    seen. There is no camera stamp. `source` is a device number, or a file that OpenCV plays. next_frame may wait a
    second longer than asked.
    """

    def __init__(self, description: CameraDescription, library: Any, source: int | str) -> None:
        self.description = description
        self._cv2 = library
        self._capture: Any = library.VideoCapture(source)
        self._frame_id = 0
        self._failures = 0
        taken, first = self._capture.read()
        if not taken:
            self.close()
            raise self._unavailable("it does not open, or sends no picture")
        self._first: Any = first
        self._pixel_format = PixelFormat.MONO16 if first.dtype == np.uint16 else PixelFormat.MONO8
        self.sensor_height_px, self.sensor_width_px = (int(side) for side in first.shape[:2])
        self._is_v4l2 = self._capture.getBackendName() == "V4L2"
        self.live_parameters = frozenset({"exposure_us", "gain"})

    def parameters(self) -> Mapping[str, Parameter]:
        value, property_of = self._capture.get, self._properties()
        offered = [
            Parameter("pixel_format", self._pixel_format, choices=(self._pixel_format,), fixed_while_recording=True),
        ]
        rate_hz = value(self._cv2.CAP_PROP_FPS)
        if rate_hz > 0 and self._is_v4l2:
            offered.append(Parameter("frame_rate_hz", rate_hz, _around(_RATES_HZ, rate_hz), fixed_while_recording=True))
        elif rate_hz > 0:
            offered.append(Parameter("frame_rate_hz", rate_hz, read_only=True, reason="OpenCV cannot set it here"))
        if "exposure_us" in property_of:
            exposure_us = value(property_of["exposure_us"]) * _V4L2_EXPOSURE_UNIT_US
            offered.append(Parameter("exposure_us", exposure_us, _around(_EXPOSURES_US, exposure_us)))
        if "gain" in property_of:
            gain = value(property_of["gain"])
            offered.append(Parameter("gain", gain, _around(_GAINS, gain), unit="raw"))
        return {parameter.name: parameter for parameter in offered}

    def frame_format(self) -> FrameFormat:
        pixel_format = self._pixel_format
        return FrameFormat(self.sensor_width_px, self.sensor_height_px, pixel_format.bytes_per_pixel, pixel_format.bits)

    def _apply(self, changes: Mapping[str, float]) -> None:
        property_of = self._properties()
        if "exposure_us" in changes:
            self._capture.set(self._cv2.CAP_PROP_AUTO_EXPOSURE, _V4L2_MANUAL_EXPOSURE)
            units = max(1, round(changes["exposure_us"] / _V4L2_EXPOSURE_UNIT_US))
            self._capture.set(property_of["exposure_us"], units)
        if "gain" in changes:
            self._capture.set(property_of["gain"], changes["gain"])
        if "frame_rate_hz" in changes:
            self._capture.set(self._cv2.CAP_PROP_FPS, changes["frame_rate_hz"])

    def _properties(self) -> Mapping[str, int]:
        """Those that the camera has; only Video4Linux counts exposure in a unit that is known."""
        candidates = {"exposure_us": self._cv2.CAP_PROP_EXPOSURE, "gain": self._cv2.CAP_PROP_GAIN}
        return {name: number for name, number in candidates.items() if self._is_v4l2 and self._capture.get(number) > 0}

    def start_sequence(self) -> None:
        self._frame_id = 0
        self._failures = 0

    def stop_sequence(self) -> None:
        """OpenCV lets frames come as long as the camera is open."""

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        if self._first is not None:
            taken, frame, self._first = True, self._first, None
        else:
            taken, frame = self._capture.read()
        if not taken:
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                raise self._unavailable("it sends no more pictures")
            return None
        self._failures = 0
        if frame.ndim == 3:
            frame = self._cv2.cvtColor(frame, self._cv2.COLOR_BGR2GRAY)
        if frame.shape != into.shape:
            raise self._unavailable(f"it changed its pictures to {frame.shape[1]} by {frame.shape[0]} pixels")
        np.copyto(into, frame)
        stamp = FrameStamp(self._frame_id)
        self._frame_id += 1
        return stamp

    def close(self) -> None:
        self._capture.release()

    def _unavailable(self, cause: str) -> CameraUnavailable:
        return CameraUnavailable(self.description.id, self.description.driver, cause)


def _around(usual: NumberRange, value: float) -> NumberRange:
    """The usual range, widened to hold the camera's own value."""
    return NumberRange(min(usual.minimum, value), max(usual.maximum, value))


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
