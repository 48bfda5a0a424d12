"""Numbers in a GenICam node map, whose names and kinds differ from one camera generation to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._parameter import NumberRange

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number that can be read, in the unit of our own parameter."""

    node: Any
    factor: float = 1.0
    """Our unit for one of the node's."""
    unit: str = ""
    whole: bool = False
    """The node holds whole numbers; a value between is rounded."""
    locked: bool = False
    """It cannot be written now."""

    def value(self) -> float:
        """As the camera has it."""
        return float(self.node.GetValue()) * self.factor

    def range(self) -> NumberRange:
        """What it allows now. The increment of a rounded number is not told, as any value between is taken."""
        return NumberRange(float(self.node.GetMin()) * self.factor, float(self.node.GetMax()) * self.factor)

    def set(self, value: float) -> None:
        """Write a value, rounded to what the node holds and kept within its ends."""
        wanted = value / self.factor
        low, high = self.node.GetMin(), self.node.GetMax()
        if self.whole:
            step = self.node.GetInc()
            wanted = low + round((wanted - low) / step) * step
        self.node.SetValue(type(low)(min(max(wanted, low), high)))


class NodeMap:
    """The nodes of a camera by name, where a missing one is None and no error."""

    def __init__(self, genicam: Any, node_map: Any) -> None:
        self._genicam = genicam
        self._map = node_map
        self.error: type[Exception] = genicam.GenericException
        """What any use of a node may raise."""

    def readable(self, *names: str) -> Any:
        """The first of these nodes that can be read, or None."""
        for name in names:
            node = self._map.GetNode(name)
            if node is not None and self._genicam.IsReadable(node):
                return node
        return None

    def writable(self, *names: str) -> Any:
        """The first of these nodes that can be written now, or None."""
        for name in names:
            node = self._map.GetNode(name)
            if node is not None and self._genicam.IsWritable(node):
                return node
        return None

    def set(self, name: str, value: object) -> bool:
        """Write a node if it is there and takes the value. Whether it did."""
        node = self.writable(name)
        if node is None:
            return False
        try:
            node.SetValue(value)
        except self.error:
            return False
        return True

    def symbols(self, name: str) -> Sequence[str]:
        """The names that an enumeration offers in the camera's present state."""
        node = self.readable(name)
        names: Sequence[str] = node.GetSymbolics() if node is not None else ()
        return names

    def exposure(self) -> NumberNode | None:
        """In µs: ExposureTime today, ExposureTimeAbs on GigE cameras before, ExposureTimeRaw on the oldest."""
        node = self.readable("ExposureTime", "ExposureTimeAbs")
        if node is not None:
            return NumberNode(node, locked=self._locked(node))
        raw, base = self.readable("ExposureTimeRaw"), self.readable("ExposureTimeBaseAbs")
        if raw is None:
            return None
        factor = float(base.GetValue()) if base is not None else 1.0
        return NumberNode(raw, factor=factor, whole=True, locked=self._locked(raw))

    def gain(self) -> NumberNode | None:
        """In dB where the camera counts so, else in its raw numbers."""
        node = self.readable("Gain", "GainAbs")
        if node is not None:
            return NumberNode(node, unit="dB", locked=self._locked(node))
        raw = self.readable("GainRaw")
        return NumberNode(raw, unit="raw", whole=True, locked=self._locked(raw)) if raw is not None else None

    def frame_rate(self) -> NumberNode | None:
        """In Hz, as asked of the camera's timer; None if it has none that can be set."""
        node = self.writable("AcquisitionFrameRate", "AcquisitionFrameRateAbs")
        return NumberNode(node) if node is not None else None

    def _locked(self, node: Any) -> bool:
        return not self._genicam.IsWritable(node)

    def resulting_rate_hz(self) -> float | None:
        """What the camera can do with its present settings, at most what was asked."""
        node = self.readable("ResultingFrameRate", "ResultingFrameRateAbs", "BslResultingAcquisitionFrameRate")
        return float(node.GetValue()) if node is not None else None

    def binnings(self) -> tuple[int, ...]:
        """Binnings that it offers in both directions alike."""
        nodes = [self.readable("BinningHorizontal"), self.readable("BinningVertical")]
        if None in nodes:
            return (1,)
        high = min(node.GetMax() for node in nodes)
        low = max(node.GetMin() for node in nodes)
        listed = set(range(low, high + 1))
        for node in nodes:
            if hasattr(node, "GetListOfValidValues"):
                listed &= set(node.GetListOfValidValues()) or listed
        return tuple(sorted(listed)) or (1,)

    def clock_hz(self) -> float | None:
        """Ticks a second of the stamps on frames, if the camera tells."""
        tick = self.readable("GevTimestampTickFrequency", "TimestampTickFrequency", "BslTimestampTickFrequency")
        if tick is not None:
            return float(tick.GetValue()) or None
        major = self.readable("DeviceSFNCVersionMajor")
        return 1e9 if major is not None and major.GetValue() >= 2 else None  # from SFNC 2 on, stamps are nanoseconds

    def temperature_c(self) -> float | None:
        """Of the sensor, or whatever the camera measures."""
        node = self.readable("DeviceTemperature", "TemperatureAbs")
        return float(node.GetValue()) if node is not None else None
