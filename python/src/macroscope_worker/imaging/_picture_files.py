"""Pictures on the disk: written once, never over another, readable by any program of the field."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tifffile
from PIL import Image

from macroscope_worker.errors import FolderUnwritable
from macroscope_worker.imaging._histogram import histogram_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import BinaryIO

    import numpy.typing as npt

_MOST_TRIES = 1000


def new_stem(folder: Path, name: str, unix_ns: int, suffixes: tuple[str, ...]) -> Path:
    """A path without suffix that no file has yet: the local date and time, then the name, then a number if need be.

    Makes the folder. Raises FolderUnwritable.
    """
    stamp = time.strftime("%Y-%m-%d_%H%M%S", time.localtime(unix_ns / 1e9))
    base = f"{stamp}_{name}" if name else stamp
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnwritable(folder, error.strerror or str(error)) from error
    for number in range(1, _MOST_TRIES):
        stem = folder / (base if number == 1 else f"{base}_{number}")
        if not any(Path(f"{stem}{suffix}").exists() for suffix in suffixes):
            return stem
    raise FolderUnwritable(folder, f"it has {_MOST_TRIES} pictures of the name {base!r}")


def write_tiff(path: Path, pixels: npt.NDArray[Any], description: Mapping[str, Any]) -> None:
    """Values as they are; the description as JSON in the file. Raises FolderUnwritable."""
    text = json.dumps(description, ensure_ascii=True)
    _write_new(
        path, lambda file: tifffile.imwrite(file, pixels, description=text, metadata=None, photometric="minisblack")
    )


def write_png(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    """Eight bits. Raises FolderUnwritable."""
    _write_new(path, lambda file: Image.fromarray(pixels).save(file, format="PNG"))


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """For people and programs. Raises FolderUnwritable."""
    _write_new(path, lambda file: file.write(json.dumps(content, indent=2).encode()))


def read_tiff(path: Path) -> npt.NDArray[Any]:
    """The values of a picture as `write_tiff` writes them. Raises OSError or ValueError, however damaged it is."""
    try:
        with tifffile.TiffFile(path) as file:
            # Only the first picture, and only what the file can hold: damage may ask for any number and any size.
            page = file.pages.first
            if page.ndim != 2 or page.dtype is None or page.dtype.kind != "u" or not page.is_contiguous:
                msg = f"it is no picture in shades of grey, but {page.dtype} values in the shape {page.shape}"
                raise ValueError(msg)
            if not 0 < page.nbytes <= path.stat().st_size:
                msg = f"it is too short for {page.nbytes} bytes"
                raise ValueError(msg)
            return np.asarray(page.asarray())
    except (OSError, ValueError):
        raise
    except Exception as error:  # The reader trips over a damaged file in many ways.
        msg = f"it cannot be decoded ({type(error).__name__}: {error})"
        raise ValueError(msg) from error


def stretched(pixels: npt.NDArray[Any], significant_bits: int) -> npt.NDArray[np.uint8]:
    """To eight bits, from the darkest tenth of a percent to the brightest."""
    sample = histogram_of(pixels, significant_bits)
    span = max(1, sample.high - sample.low)
    shades = np.clip((pixels - np.float32(sample.low)) * np.float32(255 / span), 0, 255)
    eight_bits: npt.NDArray[np.uint8] = shades.astype(np.uint8)
    return eight_bits


def _write_new(path: Path, write: Callable[[BinaryIO], object]) -> None:
    try:
        file = path.open("xb")
    except OSError as error:
        raise FolderUnwritable(path.parent, error.strerror or str(error)) from error
    try:
        with file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        # Closed before: Windows removes no file that is open.
        with contextlib.suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise FolderUnwritable(path.parent, error.strerror or str(error)) from error
        raise
