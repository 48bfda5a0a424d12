"""The simulated camera: a scientific CMOS sensor above a cortex that breathes. Needs no hardware and no library."""

# ruff: noqa: D102 - the base classes say what these methods do
from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from macroscope_worker.errors import CameraNotFound

from ._camera import Camera
from ._cortex_scene import CortexScene, Rhythms
from ._cortex_sensor import CortexSensor, SensorSettings
from ._description import CameraDescription
from ._driver import CameraDriver
from ._frame_format import FrameFormat, FrameStamp, PixelFormat
from ._pacing import FramePacer
from ._parameter import NumberRange, Parameter
from ._region import REGION_NAMES, RegionLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

_LISTED_SIZES_PX = (512, 2048)
_SMALLEST_PX, _LARGEST_PX = 64, 4096
_EXPOSURE_US = NumberRange(10.0, 1_000_000.0)
_GAIN_DB = NumberRange(0.0, 24.0)
_SLOWEST_HZ, _FASTEST_HZ = 1.0, 300.0
_BINNINGS = (1, 2, 4)
_FORMATS = (PixelFormat.MONO8, PixelFormat.MONO12, PixelFormat.MONO16)
_CLOCK_DRIFT = 15e-6  # a camera's quartz is never the computer's


class SimulatedCortexDriver(CameraDriver):
    """Lists a small and a large camera; "simulated:cortex-N" opens one of N times N pixels, N from 64 to 4096."""

    name: ClassVar[str] = "simulated"

    def list_cameras(self) -> Sequence[CameraDescription]:
        return [_describe(size_px) for size_px in _LISTED_SIZES_PX]

    def open(self, camera_id: str) -> Camera:
        match = re.fullmatch(r"simulated:cortex-(\d{2,4})", camera_id)
        if match is None or not _SMALLEST_PX <= int(match[1]) <= _LARGEST_PX:
            raise CameraNotFound(camera_id, [camera.id for camera in self.list_cameras()])
        return SimulatedCortexCamera(int(match[1]))


class SimulatedCortexCamera(Camera):
    """The same frames for the same size, seed, settings and frame numbers.

    The sensor: 16 bit, full well of 30,000 electrons, 0.46 electrons a count, offset 100, read noise 1.6 electrons.
    Binning is the mean; it keeps the field of view, cut to whole pixels. The region leaves room as a real one does:
    left + width is at most the image's width. Exposure limits the frame rate. Frames wait in eight buffers, then they
    are lost, and their ids with them. The camera's clock starts with each sequence and runs 15 ppm fast.
    """

    def __init__(self, size_px: int = 512, seed: int = 20, *, pace: Callable[[float], FramePacer] = FramePacer) -> None:
        self._pace = pace
        self.description = _describe(size_px)
        self.sensor_width_px = self.sensor_height_px = size_px
        self.live_parameters = frozenset({"exposure_us", "gain", "frame_rate_hz"})
        self._sensor = CortexSensor(CortexScene.grow(size_px, seed), seed)
        self._asked_rate_hz = 30.0
        self._pacer: FramePacer | None = None
        self._settings = SensorSettings(20_000.0, 0.0, 1, self._limits(1).whole(), PixelFormat.MONO16)
        self._sensor.expose(self._settings)

    def parameters(self) -> Mapping[str, Parameter]:
        return self._parameters_for({})

    def _parameters_for(self, changes: Mapping[str, float]) -> Mapping[str, Parameter]:
        now = self._settings
        after = self._settings_after(changes)
        limits = self._limits(after.binning)
        fastest_hz = _fastest_hz(after.exposure_us)
        rate = NumberRange(_SLOWEST_HZ, fastest_hz)
        offered = [
            Parameter("exposure_us", now.exposure_us, _EXPOSURE_US),
            Parameter("gain", now.gain_db, _GAIN_DB, unit="dB"),
            Parameter("frame_rate_hz", self._rate_hz(), rate, fixed_while_recording=True),
            Parameter("binning", now.binning, choices=_BINNINGS, fixed_while_recording=True),
            Parameter("pixel_format", now.pixel_format, choices=_FORMATS, fixed_while_recording=True),
        ]
        return {parameter.name: parameter for parameter in offered} | limits.parameters(after.region, now.region)

    def frame_format(self) -> FrameFormat:
        region, pixel_format = self._settings.region, self._settings.pixel_format
        return FrameFormat(region.width_px, region.height_px, pixel_format.bytes_per_pixel, pixel_format.bits)

    def _apply(self, changes: Mapping[str, float]) -> None:
        after = self._settings_after(changes)
        if after != self._settings:
            self._settings = after
            self._sensor.expose(after)
        self._asked_rate_hz = changes.get("frame_rate_hz", self._asked_rate_hz)
        if self._pacer is not None:
            self._pacer.set_rate(self._rate_hz())

    def _settings_after(self, changes: Mapping[str, float]) -> SensorSettings:
        """Also of changes that will be refused: those are left out."""
        now = self._settings
        binning = int(_one_of(_BINNINGS, changes.get("binning"), now.binning))
        region = now.region
        if binning != now.binning:
            region = self._limits(binning).nearest(region.rebinned(now.binning, binning))
        exposure_us = changes.get("exposure_us", now.exposure_us)
        return replace(
            now,
            exposure_us=exposure_us if exposure_us in _EXPOSURE_US else now.exposure_us,
            gain_db=changes.get("gain", now.gain_db),
            binning=binning,
            region=region.changed(changes) if REGION_NAMES & changes.keys() else region,
            pixel_format=PixelFormat(_one_of(_FORMATS, changes.get("pixel_format"), now.pixel_format)),
        )

    def _limits(self, binning: int) -> RegionLimits:
        side_px = self.sensor_width_px // binning
        return RegionLimits(side_px, side_px, min_width_px=16, min_height_px=16)

    def _rate_hz(self) -> float:
        return min(self._asked_rate_hz, _fastest_hz(self._settings.exposure_us))

    def start_sequence(self) -> None:
        self._pacer = self._pace(self._rate_hz())

    def stop_sequence(self) -> None:
        self._pacer = None

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        if self._pacer is None:
            raise RuntimeError("next_frame needs a running sequence.")
        frame = self._pacer.wait(timeout_s)
        if frame is None:
            return None
        elapsed_ns = self._pacer.elapsed_ns(frame)
        self._sensor.render(frame, Rhythms.at(elapsed_ns / 1e9), into)
        return FrameStamp(frame, round(elapsed_ns * (1 + _CLOCK_DRIFT)))

    def temperature_c(self) -> float | None:
        return -5.0

    def close(self) -> None:
        self._pacer = None


def _describe(size_px: int) -> CameraDescription:
    return CameraDescription(
        id=f"simulated:cortex-{size_px}",
        label=f"Simulated cortex, {size_px} \N{MULTIPLICATION SIGN} {size_px}",
        driver=SimulatedCortexDriver.name,
        vendor="Macroscope",
        model="Simulated cortex",
        serial=str(size_px),
        simulated=True,
    )


def _fastest_hz(exposure_us: float) -> float:
    return min(_FASTEST_HZ, 1e6 / exposure_us)


def _one_of(choices: Sequence[int], wanted: float | None, otherwise: int) -> int:
    return int(wanted) if wanted in choices and wanted is not None else otherwise
