"""The calls to the operating system that a recording makes, in one place: tests put failing ones here."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING

from macroscope_worker.whole_file import put_in_place

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import numpy.typing as npt

    Data = bytes | memoryview | npt.NDArray[Any]

# Not everywhere: macOS and Windows have no O_DIRECT, Windows no posix_fallocate, pwrite or folder sync.
_DIRECT = getattr(os, "O_DIRECT", 0)
_EXTRA_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_CANNOT_ALLOCATE = {errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTSUP}


class Storage:
    """Files of one machine. Methods raise OSError; files are descriptors, closed by the caller."""

    def make_folder(self, path: Path) -> None:
        """Make a folder that must not be there yet."""
        path.mkdir()

    def create(self, path: Path, *, direct: bool = False) -> tuple[int, bool]:
        """Make a file that must not be there yet; says whether its writes go past the page cache, if so asked."""
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | _EXTRA_FLAGS
        if direct and _DIRECT:
            try:
                return os.open(path, flags | _DIRECT, 0o666), True
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                # Some file systems make the file before they refuse the flag.
                path.unlink(missing_ok=True)
        return os.open(path, flags, 0o666), False

    def make_buffered(self, file: int) -> None:
        """Let writes of this file go through the page cache from now on."""
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) & ~_DIRECT)

    def allocate(self, file: int, size: int) -> bool:
        """Reserve `size` bytes, so that a full disk shows now and not in the middle; False where the system cannot."""
        if sys.platform == "win32" or not hasattr(os, "posix_fallocate"):
            return False
        try:
            os.posix_fallocate(file, 0, size)
        except OSError as error:
            if error.errno not in _CANNOT_ALLOCATE:
                raise
            return False
        return True

    def write_at(self, file: int, data: Data, offset: int) -> None:
        """Write all of `data` at `offset`."""
        view = _view(data)
        while view:
            count = self._write_some(file, view, offset)
            view = view[count:]
            offset += count

    def append(self, file: int, data: Data) -> None:
        """Write all of `data` where the last append ended."""
        view = _view(data)
        while view:
            view = view[os.write(file, view) :]

    def sync(self, file: int) -> None:
        """Make what was written safe from a loss of power. After a failure the file is unknown: never try again."""
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415

            fcntl.fcntl(file, fcntl.F_FULLFSYNC)
        elif hasattr(os, "fdatasync"):
            os.fdatasync(file)
        else:
            os.fsync(file)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder safe."""
        if sys.platform == "win32":
            return
        folder = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _EXTRA_FLAGS)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def replace(self, path: Path, data: bytes) -> None:
        """Give a file new content, whole or not at all, and make it safe."""
        temporary = path.with_name(path.name + ".new")
        file = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | _EXTRA_FLAGS, 0o666)
        try:
            self.append(file, data)
            self.sync(file)
        finally:
            os.close(file)
        put_in_place(temporary, path)
        self.sync_folder(path.parent)

    def truncate(self, file: int, size: int) -> None:
        """Cut a file off, which gives back what was reserved behind."""
        os.ftruncate(file, size)

    def close(self, file: int) -> None:
        """Close a file."""
        os.close(file)

    def free_bytes(self, directory: Path) -> int:
        """Bytes free for this user where `directory` is, or will be made."""
        place = directory
        while not place.exists() and place.parent != place:
            place = place.parent
        return shutil.disk_usage(place).free

    def _write_some(self, file: int, view: memoryview, offset: int) -> int:
        if hasattr(os, "pwrite"):
            return os.pwrite(file, view, offset)
        os.lseek(file, offset, os.SEEK_SET)
        return os.write(file, view)


def _view(data: Data) -> memoryview:
    view: memoryview = data if isinstance(data, memoryview) else memoryview(data)  # type: ignore[arg-type]
    return view.cast("B")
