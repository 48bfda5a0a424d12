"""Which pixels of an image a region has, and looking at them without looking at every one.

A pixel belongs to a region when its middle does. A rectangle so narrow, or an image binned so coarsely, that no pixel's
middle lies in its width, has the column that its own middle lies in, and so with its height; an ellipse without any has
the pixel that its middle lies in: binning makes no region vanish.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from macroscope_worker.imaging._region import RegionShape

if TYPE_CHECKING:
    import numpy.typing as npt

    from macroscope_worker.acquisition import Placement
    from macroscope_worker.imaging._region import Region

MOST_SAMPLED_PX: Final = 1 << 18
"""Of a larger image or region, every second, third ... pixel each way is looked at: 512 x 512 of them give a mean with
a five-hundredth of one pixel's noise, and a histogram with hundreds of pixels in its outer tenth of a percent."""


@dataclass(frozen=True, slots=True)
class PixelChoice:
    """Rows and columns of an image, with steps, and which of those; no mask is all of them."""

    rows: slice
    columns: slice
    mask: npt.NDArray[np.bool_] | None = None

    def of(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The values of the chosen pixels, not copied where there is no mask."""
        box = pixels[self.rows, self.columns]
        return box if self.mask is None else box[self.mask]


def whole_image(width_px: int, height_px: int) -> PixelChoice:
    """All of an image."""
    step = _step(width_px * height_px)
    return PixelChoice(slice(0, height_px, step), slice(0, width_px, step))


def pixels_of(region: Region, placement: Placement, width_px: int, height_px: int) -> PixelChoice | None:
    """The region's pixels in an image that lies so on the sensor; None where the image shows nothing of it."""
    columns = _covered(region.x_px - placement.x_px, region.width_px, placement.binning)
    rows = _covered(region.y_px - placement.y_px, region.height_px, placement.binning)
    left, right = max(0, columns[0]), min(width_px, columns[1])
    top, bottom = max(0, rows[0]), min(height_px, rows[1])
    if left >= right or top >= bottom:
        return None
    step = _step((right - left) * (bottom - top))
    chosen = PixelChoice(slice(top, bottom, step), slice(left, right, step))
    if region.shape is RegionShape.RECTANGLE:
        return chosen
    mask = _ellipse(region, placement, np.arange(left, right, step), np.arange(top, bottom, step))
    if mask.any():
        return PixelChoice(chosen.rows, chosen.columns, mask)
    return _middle_pixel(region, placement, width_px, height_px)


def _ellipse(
    region: Region, placement: Placement, columns: npt.NDArray[Any], rows: npt.NDArray[Any]
) -> npt.NDArray[np.bool_]:
    x_px = placement.x_px + (columns + 0.5) * placement.binning
    y_px = placement.y_px + (rows + 0.5) * placement.binning
    across = (x_px - region.x_px) / region.width_px * 2 - 1
    down = (y_px - region.y_px) / region.height_px * 2 - 1
    inside: npt.NDArray[np.bool_] = across[None, :] ** 2 + down[:, None] ** 2 <= 1
    return inside


def _middle_pixel(region: Region, placement: Placement, width_px: int, height_px: int) -> PixelChoice | None:
    column = math.floor((region.x_px + region.width_px / 2 - placement.x_px) / placement.binning)
    row = math.floor((region.y_px + region.height_px / 2 - placement.y_px) / placement.binning)
    if not (0 <= column < width_px and 0 <= row < height_px):
        return None
    return PixelChoice(slice(row, row + 1), slice(column, column + 1))


def _covered(first_px: float, length_px: float, binning: int) -> tuple[int, int]:
    """First image pixel whose middle lies in the stretch, and the one after the last; one pixel at least."""
    begin = math.ceil(first_px / binning - 0.5)
    end = math.ceil((first_px + length_px) / binning - 0.5)
    if begin >= end:
        begin = math.floor((first_px + length_px / 2) / binning)
        end = begin + 1
    return begin, end


def _step(pixels: int) -> int:
    return math.ceil(math.sqrt(pixels / MOST_SAMPLED_PX)) if pixels > MOST_SAMPLED_PX else 1
