"""Images of a file as a stack of monochrome frames, read as they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

TIFF_SUFFIXES = (".tif", ".tiff", ".btf")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".pgm")
SUFFIXES = (*TIFF_SUFFIXES, ".npy", *PICTURE_SUFFIXES)


class NotAStack(Exception):
    """The file cannot be played. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ImageStack:
    """Frames of one size and of 8 or 16 bits. Indexing reads one."""

    frames: npt.NDArray[Any]
    """(frame, height, width); of a file that is mapped when it is large and its pixels are stored as they are."""

    @classmethod
    def open(cls, path: Path) -> ImageStack:
        """Raises NotAStack, OSError, or ImportError when the library that reads the format is missing."""
        suffix = path.suffix.lower()
        if suffix in TIFF_SUFFIXES:
            pixels = _open_tiff(path)
        elif suffix == ".npy":
            pixels = _open_npy(path)
        elif suffix in PICTURE_SUFFIXES:
            pixels = _open_picture(path)
        else:
            raise NotAStack(f"{path.name} is none of {', '.join(SUFFIXES)}")
        if pixels.dtype.kind != "u" or pixels.dtype.itemsize > 2:
            raise NotAStack(f"{path.name} holds {pixels.dtype} pixels; save it with 8 or 16 bits without sign")
        if pixels.ndim < 2 or 0 in pixels.shape:
            raise NotAStack(f"{path.name} holds no images")
        return cls(pixels.reshape(-1, *pixels.shape[-2:]))

    @property
    def width_px(self) -> int:
        return int(self.frames.shape[2])

    @property
    def height_px(self) -> int:
        return int(self.frames.shape[1])


def _open_tiff(path: Path) -> npt.NDArray[Any]:
    """OME-TIFF and multi-page files alike. Stored in one piece: mapped; compressed or scattered: read whole."""
    import tifffile  # noqa: PLC0415 - only these files need it

    try:
        with tifffile.TiffFile(path) as tiff:
            series = tiff.series[0]
            if "S" in series.axes:
                raise NotAStack(f"{path.name} is in colour; save it in grey")
            # Pages that were written one by one are a series each; those like the first are the stack.
            alike = [other for other in tiff.series if (other.shape, other.dtype) == (series.shape, series.dtype)]
            if len(alike) > 1:
                return np.stack([other.asarray() for other in alike])
            if series.dataoffset is not None:
                stored = f"{tiff.byteorder}{series.dtype.char}"
                mapped: npt.NDArray[Any] = np.memmap(path, stored, "r", series.dataoffset, series.shape)
                return mapped
            pixels: npt.NDArray[Any] = series.asarray()
            return pixels
    except (tifffile.TiffFileError, IndexError, ValueError) as error:
        raise NotAStack(f"{path.name} is not a TIFF file that can be read ({error})") from error


def _open_npy(path: Path) -> npt.NDArray[Any]:
    try:
        mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise NotAStack(f"{path.name} is not an array of numpy ({error})") from error
    return mapped


def _open_picture(path: Path) -> npt.NDArray[Any]:
    import cv2  # noqa: PLC0415 - only these files need it

    image: npt.NDArray[Any] | None = cv2.imread(str(path), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise NotAStack(f"{path.name} is not a picture that OpenCV reads")
    return image
