"""Storage that can hang or fail while a test looks on."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, Any

from macroscope_worker.recording import Storage

from .scripted_camera import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path


class DiskThatFails(Storage):
    """Real storage that hangs between `hang` and `go_on`, and fails with the errors it is given."""

    def __init__(self) -> None:
        self.write_error: int | None = None
        self.sync_error: int | None = None
        self.free: int | None = None
        self.entered = threading.Event()
        self._open = threading.Event()
        self._open.set()

    def hang(self) -> None:
        self.entered.clear()
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    def write_at(self, file: int, data: Any, offset: int) -> None:
        self.entered.set()
        assert self._open.wait(PATIENCE_S)
        _fail(self.write_error)
        super().write_at(file, data, offset)

    def sync(self, file: int) -> None:
        _fail(self.sync_error)
        super().sync(file)

    def free_bytes(self, directory: Path) -> int:
        return super().free_bytes(directory) if self.free is None else self.free


def _fail(number: int | None) -> None:
    if number is not None:
        raise OSError(number, os.strerror(number))


EIO, ENOSPC = errno.EIO, errno.ENOSPC
