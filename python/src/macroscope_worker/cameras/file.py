"""An image file or stack, played as a camera in a loop.

Files in the folder Macroscope/cameras among the user's documents are listed; MACROSCOPE_FILE_CAMERA names other files
and folders instead, separated as in PATH. "file:/path/to/stack.tif" opens any file.
"""

# ruff: noqa: D102 - the base classes say what these methods do
from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from platformdirs import user_documents_path

from macroscope_worker.errors import CameraNotFound, CameraUnavailable, DriverUnavailable

from ._camera import Camera
from ._description import CameraDescription
from ._driver import CameraDriver
from ._frame_format import FrameFormat, FrameStamp, PixelFormat
from ._image_stack import SUFFIXES, ImageStack, NotAStack
from ._pacing import FramePacer
from ._parameter import NumberRange, Parameter
from ._region import REGION_NAMES, RegionLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

FILES_VARIABLE = "MACROSCOPE_FILE_CAMERA"
_RATES_HZ = NumberRange(0.1, 1000.0)
_log = logging.getLogger(__name__)


class FileDriver(CameraDriver):
    """TIFF, OME-TIFF and .npy files of one or many images, and PNG and its like where OpenCV is installed."""

    name: ClassVar[str] = "file"

    def list_cameras(self) -> Sequence[CameraDescription]:
        variable = os.environ.get(FILES_VARIABLE, "")
        named = [Path(name) for name in variable.split(os.pathsep) if name]
        missing = [str(path) for path in named if not path.exists()]
        if missing and len(missing) == len(named):
            raise DriverUnavailable(
                self.name, f"Correct {FILES_VARIABLE}: there is no file or folder {', '.join(missing)}."
            )
        if missing:
            _log.warning("%s names what is not there: %s", FILES_VARIABLE, ", ".join(missing))
        folder = files_folder()
        files = [file for path in named or [folder] for file in _files_of(path)]
        if not files:
            where = variable or str(folder)
            raise DriverUnavailable(
                self.name, f"Put images or stacks into {where}, then rescan, and they can be played as cameras."
            )
        return [_describe(file) for file in files]

    def open(self, camera_id: str) -> Camera:
        path = Path(camera_id.removeprefix(f"{self.name}:"))
        if not path.is_file():
            raise CameraNotFound(camera_id)
        try:
            return FileCamera(_describe(path), ImageStack.open(path))
        except ImportError as error:
            raise DriverUnavailable(
                self.name, f"Install what reads {path.suffix} files: pip install {error.name or 'tifffile'}."
            ) from error
        except (NotAStack, OSError) as error:
            raise CameraUnavailable(camera_id, self.name, str(error)) from error


class FileCamera(Camera):
    """Plays a stack at the frame rate, over and over. The region is a cut-out; ids count on at the end of the stack."""

    def __init__(
        self, description: CameraDescription, stack: ImageStack, *, pace: Callable[[float], FramePacer] = FramePacer
    ) -> None:
        self._pace = pace
        self.description = description
        self.sensor_width_px, self.sensor_height_px = stack.width_px, stack.height_px
        self.live_parameters = frozenset({"frame_rate_hz"})
        self._frames = stack.frames
        self._pixel_format = PixelFormat.MONO8 if stack.frames.dtype.itemsize == 1 else PixelFormat.MONO16
        self._rate_hz = 30.0
        self._limits = RegionLimits(stack.width_px, stack.height_px)
        self._region = self._limits.whole()
        self._pacer: FramePacer | None = None

    def parameters(self) -> Mapping[str, Parameter]:
        return self._parameters_for({})

    def _parameters_for(self, changes: Mapping[str, float]) -> Mapping[str, Parameter]:
        offered = self._limits.parameters(self._region.changed(changes), self._region)
        offered["frame_rate_hz"] = Parameter("frame_rate_hz", self._rate_hz, _RATES_HZ, fixed_while_recording=True)
        only = (self._pixel_format,)
        offered["pixel_format"] = Parameter(
            "pixel_format", self._pixel_format, choices=only, fixed_while_recording=True
        )
        return offered

    def frame_format(self) -> FrameFormat:
        region, pixel_format = self._region, self._pixel_format
        return FrameFormat(region.width_px, region.height_px, pixel_format.bytes_per_pixel, pixel_format.bits)

    def _apply(self, changes: Mapping[str, float]) -> None:
        if REGION_NAMES & changes.keys():
            self._region = self._region.changed(changes)
        self._rate_hz = changes.get("frame_rate_hz", self._rate_hz)
        if self._pacer is not None:
            self._pacer.set_rate(self._rate_hz)

    def start_sequence(self) -> None:
        self._pacer = self._pace(self._rate_hz)

    def stop_sequence(self) -> None:
        self._pacer = None

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        if self._pacer is None:
            raise RuntimeError("next_frame needs a running sequence.")
        number = self._pacer.wait(timeout_s)
        if number is None:
            return None
        region = self._region
        frame = self._frames[number % len(self._frames)]
        np.copyto(
            into, frame[region.y_px : region.y_px + region.height_px, region.x_px : region.x_px + region.width_px]
        )
        return FrameStamp(number)

    def close(self) -> None:
        self._pacer = None


def files_folder() -> Path:
    """Where the user puts files to be played as cameras."""
    return user_documents_path() / "Macroscope" / "cameras"


def _files_of(path: Path) -> list[Path]:
    """The file itself, or the images and stacks in the folder, by name."""
    if path.is_file():
        return [path]
    try:
        return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
    except OSError:
        return []


def _describe(path: Path) -> CameraDescription:
    full = path.absolute()
    return CameraDescription(
        id=f"{FileDriver.name}:{full}",
        label=full.name,
        driver=FileDriver.name,
        model=full.suffix.lstrip(".").upper(),
        simulated=True,
    )
