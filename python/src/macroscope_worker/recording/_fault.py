"""Why something stopped by itself, in words for the operator."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope_worker.errors import MacroscopeError

if TYPE_CHECKING:
    from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happened, and what to do."""

    message: str
    remedy: str = ""


def disk_fault(error: BaseException, directory: Path) -> Fault:
    """Put a failed write or sync below `directory` into words."""
    kept = "Everything written before can be read."
    if isinstance(error, OSError) and error.errno in FULL:
        return Fault(f"The disk of {directory} is full.", f"Free some space or record to another disk. {kept}")
    if isinstance(error, OSError):
        cause = error.strerror or str(error)
        return Fault(
            f"The disk refused a write in {directory}: {cause}.",
            f"Check the disk, and record to another one until then. {kept}",
        )
    if isinstance(error, MacroscopeError):
        return Fault(str(error), kept)
    return Fault(
        f"The writer stopped: {type(error).__name__}: {error}.",
        f"This is a fault of the program; please report it. {kept}",
    )
