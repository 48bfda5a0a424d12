"""Whether the run fits on the disk."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, ClassVar, Final

from macroscope_worker.recording import RESERVE_BYTES
from macroscope_worker.workflow._duration import duration_in_words
from macroscope_worker.workflow._in_daemon import in_daemon

from ._check import Finding, failed, passed, skipped, warned
from ._run_folder import nearest_folder, run_folder

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

MARGIN: Final = 1.2
"""Pauses are recorded too, and broken sweeps are shown again."""


class FreeSpace:
    """Compares what is free with what the run needs."""

    id: ClassVar[str] = "free_space"
    label: ClassVar[str] = "Free space"
    looks_at: ClassVar[str] = "free bytes against those of the run: warns below 1.2 times of them, fails below them"

    async def look(self, instruments: Instruments) -> Finding:
        """In a thread: the disk may hang."""
        derived = instruments.store.state.derived
        needed, run_s = (derived.bytes_needed, derived.run_s) if derived is not None else (0, 0.0)
        if not needed:
            return skipped("Without a live camera nobody knows what the run needs.")
        folder = run_folder(instruments)
        free = await in_daemon(lambda: shutil.disk_usage(nearest_folder(folder)).free)
        usable = max(free - RESERVE_BYTES, 0)
        left = duration_in_words(usable / needed * run_s)
        found = (
            f"{_gigabytes(free)} are free: {left}. The run takes {duration_in_words(run_s)} and {_gigabytes(needed)}."
        )
        if usable < needed:
            return failed(found, "Free some space, choose another folder, or make the run shorter.")
        if usable < needed * MARGIN:
            return warned(found, "Free some space: a pause or a repeated sweep may fill the disk.")
        return passed(found)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.2f} GB"
