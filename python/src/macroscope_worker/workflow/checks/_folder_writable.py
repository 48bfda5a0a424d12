"""Whether run folders can be made where they are wanted."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING, ClassVar

from macroscope_worker.workflow._in_daemon import in_daemon

from ._check import Finding, failed, passed
from ._run_folder import asked_folder, nearest_folder, run_folder

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.workflow._ports import Instruments

_TEXT = b"macroscope"


class FolderWritable:
    """Writes a file there, reads it back, and deletes it."""

    id: ClassVar[str] = "folder_writable"
    label: ClassVar[str] = "Folder"
    looks_at: ClassVar[str] = "writes a small file into the folder of the runs, syncs it, reads it back and deletes it"

    async def look(self, instruments: Instruments) -> Finding:
        """In a thread: the disk may hang."""
        asked, folder = asked_folder(instruments), run_folder(instruments)
        if asked is not None and not asked.is_absolute():
            return failed(f"{asked} is no full path.", "Name the folder from its root on.")
        # A folder that was named has to have its parent: a disk that is away is no folder to be made.
        return await in_daemon(lambda: _try_folder(folder, make=asked is None))


def _try_folder(folder: Path, *, make: bool) -> Finding:
    place = nearest_folder(folder)
    if not place.is_dir():
        return failed(f"{place} is no folder.", "Choose another folder.")
    if not make and place not in {folder, folder.parent}:
        return failed(f"There is no folder {folder.parent}.", "Connect the disk, or choose another folder.")
    file = place / f".macroscope-check-{secrets.token_hex(8)}"
    try:
        with file.open("xb") as written:
            written.write(_TEXT)
            written.flush()
            os.fsync(written.fileno())
        same = file.read_bytes() == _TEXT
        file.unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            file.unlink()
        return failed(
            f"Nothing can be written in {place}: {error.strerror or error}.",
            "Choose another folder, or have this one opened for you.",
        )
    if not same:
        return failed(f"What was written in {place} reads otherwise.", "Do not record to this disk.")
    return passed(f"{folder} can be written.")
