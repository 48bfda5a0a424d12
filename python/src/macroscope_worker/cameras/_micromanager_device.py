"""A camera loaded in a Micro-Manager core: its properties, whose names and spellings differ from adapter to adapter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ._frame_format import PixelFormat
from ._parameter import NumberRange, Parameter
from ._region import Region, RegionLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CORE_ERRORS = (RuntimeError, OSError, ValueError, LookupError, MemoryError)
"""What the core raises, by the kind of its fault."""

_EXPOSURE_US = NumberRange(1.0, 60_000_000.0)  # where the adapter tells no limits
_RATE_PROPERTIES = ("FrameRate", "Frame Rate", "AcquisitionFrameRate", "AcquisitionFrameRateHz")
_GAIN_PROPERTIES = ("Gain", "EMGain", "MultiplierGain")
_FOLLOWS_EXPOSURE = "this camera's rate follows from its exposure"


class MicroManagerDevice:
    """Reads and writes one camera. Methods raise CORE_ERRORS when the core refuses."""

    def __init__(self, core: Any, label: str) -> None:
        self.core = core
        self._label = label
        self._names = frozenset(core.getDevicePropertyNames(label))
        self._binnings = self._read_binnings()
        self._set_binning(min(self._binnings, default=1))
        core.clearROI()
        _, _, width_px, height_px = core.getROI()
        self.sensor_width_px, self.sensor_height_px = width_px * self.binning(), height_px * self.binning()
        self._pixel_types = self._probe_pixel_types()

    def parameters(self, wanted: Region | None = None, binning: int | None = None) -> dict[str, Parameter]:
        """What the camera offers now; the region's limits are for the region and binning wanted, or as they are."""
        region = self.region()
        offered = self.region_limits(binning or self.binning()).parameters(wanted or region, region)
        others = (self._exposure(), self._gain(), self._frame_rate(), self._binning(), self._pixel_format())
        for parameter in others:
            if parameter is not None:
                offered[parameter.name] = parameter
        return offered

    def write(self, name: str, value: float) -> None:
        """Set anything but the region."""
        if name == "exposure_us":
            self.core.setExposure(self._label, value / 1000)
        elif name == "gain":
            self._set(self._first(_GAIN_PROPERTIES), value)
        elif name == "frame_rate_hz":
            self._set(self._first(_RATE_PROPERTIES), value)
        elif name == "binning":
            self._set_binning(int(value))
        elif name == "pixel_format":
            self.core.setProperty(self._label, "PixelType", self._pixel_types[PixelFormat(int(value))])

    def write_region(self, region: Region) -> None:
        """The whole image first, as some adapters count a new region within the present one."""
        if region == self.region():
            return
        self.core.clearROI()
        if region != self.region():
            self.core.setROI(region.x_px, region.y_px, region.width_px, region.height_px)

    def region(self) -> Region:
        """As the camera has it, in image pixels."""
        return Region(*self.core.getROI())

    def region_limits(self, binning: int) -> RegionLimits:
        """Adapters tell neither steps nor smallest sizes; where a camera rounds, its answer is read back."""
        return RegionLimits(self.sensor_width_px // binning, self.sensor_height_px // binning)

    def binning(self) -> int:
        """1 where the camera has none."""
        return _leading_number(self._get("Binning")) if self._binnings else 1

    def significant_bits(self) -> int:
        """As the adapter tells, and never more than a pixel has."""
        return min(int(self.core.getImageBitDepth()), 8 * int(self.core.getBytesPerPixel()))

    def deepest_format(self) -> PixelFormat | None:
        """The monochrome format with the most bits, to start with."""
        return max(self._pixel_types, default=None)

    def _exposure(self) -> Parameter:
        limits = self._limits("Exposure")
        if limits is None:
            limits = _EXPOSURE_US
        else:
            limits = NumberRange(max(limits.minimum * 1000, _EXPOSURE_US.minimum), limits.maximum * 1000)
        value_us = self.core.getExposure(self._label) * 1000
        limits = NumberRange(min(limits.minimum, value_us), max(limits.maximum, value_us))
        return Parameter("exposure_us", value_us, limits, fixed_while_recording=True)

    def _gain(self) -> Parameter | None:
        return self._number("gain", self._first(_GAIN_PROPERTIES))

    def _frame_rate(self) -> Parameter:
        offered = self._number("frame_rate_hz", self._first(_RATE_PROPERTIES))
        if offered is not None and not offered.read_only:
            return offered
        fastest_hz = 1000 / max(self.core.getExposure(self._label), 0.001)
        return Parameter("frame_rate_hz", fastest_hz, read_only=True, reason=_FOLLOWS_EXPOSURE)

    def _binning(self) -> Parameter:
        choices = tuple(sorted(self._binnings)) or (1,)
        return Parameter("binning", self.binning(), choices=choices, fixed_while_recording=True)

    def _pixel_format(self) -> Parameter:
        now = PixelFormat.of_bits(self.significant_bits())
        choices = tuple(sorted(self._pixel_types.keys() | {now}))
        return Parameter("pixel_format", now, choices=choices, fixed_while_recording=True)

    def _number(self, name: str, property_name: str) -> Parameter | None:
        if not property_name:
            return None
        value = float(self._get(property_name))
        if self.core.isPropertyReadOnly(self._label, property_name):
            return Parameter(name, value, read_only=True)
        allowed = [number for number in map(_number, self._allowed(property_name)) if number is not None]
        if allowed:
            choices = tuple(sorted({*allowed, value}))
            return Parameter(name, value, choices=choices, unit="raw", fixed_while_recording=True)
        limits = self._limits(property_name)
        if limits is None:
            return Parameter(name, value, read_only=True, reason="its adapter does not tell the limits")
        return Parameter(name, value, limits, unit="raw", fixed_while_recording=True)

    def _limits(self, property_name: str) -> NumberRange | None:
        if property_name not in self._names or not self.core.hasPropertyLimits(self._label, property_name):
            return None
        low = float(self.core.getPropertyLowerLimit(self._label, property_name))
        high = float(self.core.getPropertyUpperLimit(self._label, property_name))
        whole = self.core.getPropertyType(self._label, property_name) == _INTEGER
        return NumberRange(low, high, 1.0 if whole else 0.0)

    def _read_binnings(self) -> dict[int, str]:
        if "Binning" not in self._names or self.core.isPropertyReadOnly(self._label, "Binning"):
            return {}
        return {_leading_number(text): text for text in self._allowed("Binning") if _is_square(text)}

    def _set_binning(self, binning: int) -> None:
        if binning in self._binnings and binning != self.binning():
            self.core.setProperty(self._label, "Binning", self._binnings[binning])

    def _probe_pixel_types(self) -> dict[PixelFormat, str]:
        """Tries each type once, as only the camera knows how many bits "16bit" has. Colour and 32 bits are left out."""
        found: dict[PixelFormat, str] = {}
        if "PixelType" not in self._names or self.core.isPropertyReadOnly(self._label, "PixelType"):
            return found
        before = self._get("PixelType")
        for text in self._allowed("PixelType"):
            try:
                self.core.setProperty(self._label, "PixelType", text)
                mono = self.core.getNumberOfComponents() == 1 and self.core.getBytesPerPixel() <= 2
                if mono:
                    found.setdefault(PixelFormat.of_bits(self.significant_bits()), text)
            except CORE_ERRORS:
                continue
        self.core.setProperty(self._label, "PixelType", before)
        return found

    def _first(self, names: Iterable[str]) -> str:
        return next((name for name in names if name in self._names), "")

    def _get(self, property_name: str) -> str:
        return str(self.core.getProperty(self._label, property_name))

    def _set(self, property_name: str, value: float) -> None:
        self.core.setProperty(self._label, property_name, f"{value:.10g}")

    def _allowed(self, property_name: str) -> Sequence[str]:
        return tuple(self.core.getAllowedPropertyValues(self._label, property_name))


_INTEGER = 3  # MM::Integer of Micro-Manager's property types


def _leading_number(text: str) -> int:
    match = re.match(r"\s*(\d+)", text)
    return int(match[1]) if match else 1


def _is_square(text: str) -> bool:
    """Whether it is the same both ways: "2" and "2x2" are, "2x1" is not."""
    return len(set(re.findall(r"\d+", text))) == 1


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
