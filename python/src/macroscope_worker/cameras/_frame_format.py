"""The shape of frames, and the stamp of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


class PixelFormat(IntEnum):
    """Monochrome, unpacked, least significant bits used, little-endian. The numbers are those of the contract."""

    MONO8 = 1
    MONO10 = 2
    MONO12 = 3
    MONO14 = 4
    MONO16 = 5

    @property
    def bits(self) -> int:
        """Significant bits of a pixel."""
        return {1: 8, 2: 10, 3: 12, 4: 14, 5: 16}[self.value]

    @property
    def bytes_per_pixel(self) -> int:
        return 1 if self is PixelFormat.MONO8 else 2

    @classmethod
    def of_bits(cls, bits: int) -> PixelFormat:
        """The smallest format that holds so many bits. Raises ValueError above 16."""
        for pixel_format in cls:
            if bits <= pixel_format.bits:
                return pixel_format
        raise ValueError(f"No pixel format holds {bits} bits.")


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """What every frame of a sequence looks like, until the camera is configured anew."""

    width_px: int
    height_px: int
    bytes_per_pixel: int
    significant_bits: int

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width), as numpy counts."""
        return (self.height_px, self.width_px)

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype("<u1" if self.bytes_per_pixel == 1 else "<u2")

    @property
    def nbytes(self) -> int:
        return self.width_px * self.height_px * self.bytes_per_pixel

    def empty(self) -> npt.NDArray[Any]:
        """A frame of this format, not filled."""
        return np.empty(self.shape, self.dtype)


@dataclass(slots=True)
class FrameStamp:
    """What the camera says about a frame beside its pixels."""

    frame_id: int
    """The camera's own count, from the start of the sequence. A gap is frames that were lost."""
    camera_ns: int | None = None
    """The camera's own clock, if it has one."""
    damaged: bool = False
    """The frame arrived incomplete."""
