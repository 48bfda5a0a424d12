from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from macroscope_worker.worker.stopping import Stopping

pytestmark = [pytest.mark.asyncio, pytest.mark.skipif(os.name == "nt", reason="signals of Unix")]


async def test_the_first_reason_counts() -> None:
    stopping = Stopping()
    stopping.ask("first")
    stopping.ask("second")
    assert await stopping.wait() == "first"


async def test_a_signal_asks() -> None:
    stopping = Stopping()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(stopping.wait(), 10) == "SIGTERM"
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)


SECOND_SIGNAL = """
import asyncio, os, signal
from macroscope_worker.worker.stopping import Stopping

async def main():
    stopping = Stopping()
    os.kill(os.getpid(), signal.SIGTERM)
    await stopping.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.Event().wait()

asyncio.run(main())
"""

HANGS = """
import threading
from macroscope_worker.worker.stopping import limit_stopping

limit_stopping(0.05)
threading.Event().wait()
"""


@pytest.mark.parametrize(("script", "code"), [(SECOND_SIGNAL, 128 + signal.SIGTERM), (HANGS, 1)])
async def test_a_second_signal_and_a_hang_end_the_process_at_once(script: str, code: int) -> None:
    run = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], check=False, capture_output=True, timeout=30
    )
    assert run.returncode == code
