"""Our parameters of a GenICam camera: read from its nodes, written in an order that the camera accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from macroscope_worker.errors import ParameterError, ParameterOutOfRange

from ._frame_format import PixelFormat
from ._parameter import NumberRange, Parameter
from ._region import REGION_NAMES, Region, RegionLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._genicam import NodeMap, NumberNode

_DEFAULT_RATE_HZ = 30.0
_NO_TIMER = "this camera has no frame-rate timer; its exposure and region decide"
_ANYTHING = NumberRange(-np.inf, np.inf)
_FORMAT_NAMES = {f"Mono{pixel_format.bits}": pixel_format for pixel_format in PixelFormat}


class GenicamSettings:
    """Reads everything anew for every question, as one setting changes the limits of others.

    Changing the binning keeps the field of view, as near as the camera's steps allow. The frame rate stays within
    what the camera says it reaches, and comes back when the camera reaches it again. Methods raise `nodes.error` when
    the camera does not answer.
    """

    def __init__(self, nodes: NodeMap, is_grabbing: Callable[[], bool]) -> None:
        self._nodes = nodes
        self._is_grabbing = is_grabbing
        self._asked_rate_hz = _DEFAULT_RATE_HZ
        self._reached_hz = np.inf

    def prepare(self) -> bool:
        """Monochrome with the most bits, no automatics, free-running at 30 Hz.

        False when the camera has no monochrome format.
        """
        for name, value in (
            ("ExposureAuto", "Off"),
            ("GainAuto", "Off"),
            ("ExposureMode", "Timed"),
            ("GainSelector", "All"),
            ("CenterX", False),
            ("CenterY", False),
            ("AcquisitionFrameRateEnable", True),
        ):
            self._nodes.set(name, value)
        formats = self.pixel_formats()
        if not formats:
            return False
        self._write_pixel_format(formats[-1])
        self._write_rate(None)
        return True

    def parameters(self, wanted: Region | None = None) -> dict[str, Parameter]:
        """What the camera offers now; the region's limits are for the region `wanted`, or for the present one."""
        nodes, region = self._nodes, self.region()
        offered = self.region_limits().parameters(wanted or region, region)
        for name, number in (("exposure_us", nodes.exposure()), ("gain", nodes.gain())):
            if number is not None:
                offered[name] = Parameter(
                    name, number.value(), number.range(), read_only=number.locked, unit=number.unit
                )
        rate = nodes.frame_rate()
        if rate is not None:
            value = rate.value()
            limits = NumberRange(min(rate.range().minimum, value), max(self._fastest_hz(rate), value))
            offered["frame_rate_hz"] = Parameter("frame_rate_hz", value, limits, fixed_while_recording=True)
        elif (resulting_hz := nodes.resulting_rate_hz()) is not None:
            offered["frame_rate_hz"] = Parameter("frame_rate_hz", resulting_hz, read_only=True, reason=_NO_TIMER)
        for name, value, choices in (
            ("binning", self.binning(), nodes.binnings()),
            ("pixel_format", self.pixel_format() or 0, self.pixel_formats()),
        ):
            offered[name] = Parameter(name, value, choices=choices, fixed_while_recording=True)
        return offered

    def parameters_for(self, changes: Mapping[str, float]) -> dict[str, Parameter]:
        """The limits to check changes against beforehand.

        What the camera can only tell when another change is made is left open here and checked by apply, which then
        undoes all.
        """
        offered = self.parameters(self.region().changed(changes))
        later: set[str] = set()
        if "binning" in changes:
            later |= REGION_NAMES
        if changes.keys() - {"frame_rate_hz", "gain"}:
            later.add("frame_rate_hz")
        settable = {name for name in later & offered.keys() if not offered[name].read_only}
        return offered | {name: Parameter(name, offered[name].value, _ANYTHING) for name in settable}

    def apply(self, changes: Mapping[str, float]) -> None:
        """All or none. Raises ParameterOutOfRange when the camera refuses one."""
        now = self.parameters().values()
        before = {item.name: item.value for item in now if not item.read_only and item.name != "frame_rate_hz"}
        asked_before = self._asked_rate_hz
        try:
            self._write(changes)
        except (ParameterError, self._nodes.error) as error:
            self._asked_rate_hz = asked_before
            self._write(before)
            if isinstance(error, ParameterError):
                raise
            name, value = next(iter(changes.items()))
            raise ParameterOutOfRange(name, value, f"less ({str(error).splitlines()[0]})") from error

    def _write(self, changes: Mapping[str, float]) -> None:
        """What widens or narrows other limits comes first."""
        if "pixel_format" in changes:
            self._write_pixel_format(PixelFormat(int(changes["pixel_format"])))
        region = self.region()
        if "binning" in changes and (binning := int(changes["binning"])) != self.binning():
            region = self._write_binning(binning)
        if REGION_NAMES & changes.keys():
            region = region.changed(changes)
            limits = self.region_limits().parameters(region)
            for name in REGION_NAMES & changes.keys():
                limits[name].check(changes[name])
            self._write_region(region)
        for name, number in (("exposure_us", self._nodes.exposure()), ("gain", self._nodes.gain())):
            if name in changes and number is not None:
                number.set(changes[name])
        if changes.keys() - {"gain"}:
            self._write_rate(changes.get("frame_rate_hz"))

    def _write_pixel_format(self, pixel_format: PixelFormat) -> None:
        if pixel_format != self.pixel_format():
            self._nodes.readable("PixelFormat").SetValue(f"Mono{pixel_format.bits}")

    def _write_binning(self, binning: int) -> Region:
        """Keeps the field of view; answers with the region that came of it."""
        old_region, old_binning = self.region(), self.binning()
        self._write_region(self.region_limits().nearest(Region(0, 0, 0, 0)))
        for name in ("BinningHorizontal", "BinningVertical"):
            self._nodes.readable(name).SetValue(binning)
        region = self.region_limits().nearest(old_region.rebinned(old_binning, binning))
        self._write_region(region)
        return region

    def _write_region(self, region: Region) -> None:
        """Offsets to 0 first, as they limit the size; then the size, then the offsets."""
        if region == self.region():
            return
        for name, value in (
            ("OffsetX", 0),
            ("OffsetY", 0),
            ("Width", region.width_px),
            ("Height", region.height_px),
            ("OffsetX", region.x_px),
            ("OffsetY", region.y_px),
        ):
            node = self._nodes.readable(name)
            if node is not None and int(node.GetValue()) != value:
                node.SetValue(value)

    def _write_rate(self, rate_hz: float | None) -> None:
        """Ask for a rate, or for the one asked before again, as far as the camera reaches it now."""
        rate = self._nodes.frame_rate()
        if rate is None:
            return
        if not self._is_grabbing():
            # Asked for more than it can, the camera says what it reaches.
            rate.set(rate.range().maximum)
            self._reached_hz = self._nodes.resulting_rate_hz() or np.inf
        fastest_hz = self._fastest_hz(rate)
        if rate_hz is not None:
            Parameter("frame_rate_hz", rate_hz, NumberRange(rate.range().minimum, fastest_hz)).check(rate_hz)
            self._asked_rate_hz = rate_hz
        rate.set(min(self._asked_rate_hz, fastest_hz))

    def _fastest_hz(self, rate: NumberNode) -> float:
        exposure = self._nodes.exposure()
        by_exposure = 1e6 / exposure.value() if exposure is not None and exposure.value() > 0 else np.inf
        return float(min(rate.range().maximum, self._reached_hz, by_exposure))

    def pixel_formats(self) -> tuple[PixelFormat, ...]:
        """Monochrome, unpacked formats that the camera offers, fewest bits first."""
        names = self._nodes.symbols("PixelFormat")
        return tuple(sorted(_FORMAT_NAMES[name] for name in names if name in _FORMAT_NAMES))

    def pixel_format(self) -> PixelFormat | None:
        """None: one that is not ours, as before prepare."""
        return _FORMAT_NAMES.get(str(self._nodes.readable("PixelFormat").GetValue()))

    def binning(self) -> int:
        """1 where the camera has none."""
        node = self._nodes.readable("BinningHorizontal")
        return int(node.GetValue()) if node is not None else 1

    def region(self) -> Region:
        """As the camera has it."""
        x, y, width, height = (self._nodes.readable(name) for name in ("OffsetX", "OffsetY", "Width", "Height"))
        return Region(
            int(x.GetValue()) if x is not None else 0,
            int(y.GetValue()) if y is not None else 0,
            int(width.GetValue()),
            int(height.GetValue()),
        )

    def region_limits(self) -> RegionLimits:
        """At the present binning."""
        read = self._nodes.readable
        width, height, x, y = read("Width"), read("Height"), read("OffsetX"), read("OffsetY")
        widest, highest = read("WidthMax", "SensorWidth"), read("HeightMax", "SensorHeight")
        return RegionLimits(
            int(widest.GetValue()),
            int(highest.GetValue()),
            min_width_px=int(width.GetMin()),
            min_height_px=int(height.GetMin()),
            width_step_px=int(width.GetInc()),
            height_step_px=int(height.GetInc()),
            x_step_px=int(x.GetInc()) if x is not None else 1,
            y_step_px=int(y.GetInc()) if y is not None else 1,
        )

    def sensor_size_px(self) -> tuple[int, int]:
        """Width and height of the whole sensor, unbinned."""
        width = self._nodes.readable("SensorWidth", "WidthMax")
        height = self._nodes.readable("SensorHeight", "HeightMax")
        return int(width.GetValue()), int(height.GetValue())
