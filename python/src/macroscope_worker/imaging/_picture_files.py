"""Pictures on the disk: written once, never over another, readable by any program of the field."""

from __future__ import annotations

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
    """The values of a picture. Raises OSError or ValueError."""
    return np.asarray(tifffile.imread(path))


def stretched(pixels: npt.NDArray[Any], significant_bits: int) -> npt.NDArray[np.uint8]:
    """To eight bits, from the darkest tenth of a percent to the brightest."""
    sample = histogram_of(pixels, significant_bits)
    span = max(1, sample.high - sample.low)
    shades = np.clip((pixels - np.float32(sample.low)) * np.float32(255 / span), 0, 255)
    eight_bits: npt.NDArray[np.uint8] = shades.astype(np.uint8)
    return eight_bits


def _write_new(path: Path, write: Callable[[BinaryIO], object]) -> None:
    try:
        with path.open("xb") as file:
            try:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FolderUnwritable(path.parent, error.strerror or str(error)) from error
