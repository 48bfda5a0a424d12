"""A real, small file system, where the system lets us mount one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def small_disk(directory: Path, size_mb: int) -> Iterator[Path]:
    """Mount a file system of this size below `directory`; skips the test with the reason where that cannot be done."""
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs Linux and mount")
    place = directory / "small"
    place.mkdir()
    _mount(["-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(place)])
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def make_read_only(place: Path) -> None:
    """Let the mounted file system take no more writes."""
    _mount(["-o", "remount,ro", str(place)])


def _mount(arguments: list[str]) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
