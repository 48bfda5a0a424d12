"""Where an image lies on the sensor: what makes a place in one image the same place in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macroscope_worker.cameras import Parameter

PLACING: Final = frozenset({"binning", "region_of_interest.x_px", "region_of_interest.y_px"})
"""The settings that say it."""


@dataclass(frozen=True, slots=True)
class SensorPart:
    """A rectangle in sensor pixels, unbinned, from the sensor's corner."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The image's left upper corner in sensor pixels, unbinned, and sensor pixels in one image pixel each way."""

    x_px: int = 0
    y_px: int = 0
    binning: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, Parameter]) -> Placement:
        """From a camera's settings; a camera without them shows its whole sensor."""
        binning = max(1, _value(parameters, "binning", 1))
        return cls(
            _value(parameters, "region_of_interest.x_px", 0) * binning,
            _value(parameters, "region_of_interest.y_px", 0) * binning,
            binning,
        )

    def image_part(self, part: SensorPart, width_px: int, height_px: int) -> tuple[slice, slice] | None:
        """Rows and columns of an image of this size that the part touches; None where it lies beside the image."""
        columns = _touched(part.x_px - self.x_px, part.width_px, self.binning, width_px)
        rows = _touched(part.y_px - self.y_px, part.height_px, self.binning, height_px)
        return (rows, columns) if rows is not None and columns is not None else None


WHOLE_SENSOR: Final = Placement()


def _value(parameters: Mapping[str, Parameter], name: str, otherwise: int) -> int:
    parameter = parameters.get(name)
    return otherwise if parameter is None else int(parameter.value)


def _touched(first_px: int, length_px: int, binning: int, image_px: int) -> slice | None:
    begin = max(0, first_px // binning)
    end = min(image_px, -(-(first_px + length_px) // binning))
    return slice(begin, end) if begin < end else None
