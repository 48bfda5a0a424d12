from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from macroscope_worker.process_priority import NICENESS

# In a process of its own: a niceness that is lowered stays so.
PROGRAM = """
import os, sys
from macroscope_worker.process_priority import raise_priority
os.setpriority(os.PRIO_PROCESS, 0, int(sys.argv[1]))
if len(sys.argv) > 2:
    os.setuid(int(sys.argv[2]))
print(raise_priority())
print(raise_priority())
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


NOBODY = "65534"

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or psutil.Process().uids().real != 0, reason="only root may lower the niceness of a process"
)


def told(niceness: int, *user: str) -> list[str]:
    command = [sys.executable, "-c", PROGRAM, str(niceness), *user]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_who_may_goes_before_the_others() -> None:
    assert told(0) == [f"niceness {NICENESS}", f"niceness {NICENESS}", str(NICENESS)]


def test_who_may_not_stays_as_it_is_and_says_so() -> None:
    first, _, niceness = told(5, NOBODY)
    assert first.startswith("ordinary: ")
    assert niceness == "5"


def test_what_somebody_put_further_ahead_stays_there() -> None:
    assert told(-15) == ["niceness -15", "niceness -15", "-15"]
