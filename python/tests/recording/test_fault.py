from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from macroscope_worker.errors import SpaceShort
from macroscope_worker.recording import disk_fault

RUN = Path("/data/run")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "full"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), os.strerror(errno.EIO)),
        (SpaceShort(RUN, 2, 1), "free"),
        (MemoryError("no more"), "no more"),
    ],
)
def test_says_what_happened_and_what_to_do(error: BaseException, words: str) -> None:
    fault = disk_fault(error, RUN)
    assert words in fault.message
    assert "can be read" in fault.remedy
