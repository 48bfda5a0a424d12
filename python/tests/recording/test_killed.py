"""A writer killed at any moment loses nothing that was written. More kills by MACROSCOPE_TEST_KILLS."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from macroscope_worker.recording import RecordingOutcome, RunReader, verify

from .made_runs import pixels_of

PROGRAM = Path(__file__).with_name("writes_until_killed.py")
KILLS = int(os.environ.get("MACROSCOPE_TEST_KILLS", "10"))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_writer_loses_no_written_frame(tmp_path: Path, seed: int) -> None:
    with subprocess.Popen([sys.executable, str(PROGRAM), str(tmp_path)], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(random.Random(seed).randrange(1, 150))]
        program.kill()
        lines += program.stdout.readlines()
    said = [line.split() for line in lines if line.endswith(b"\n")]
    written = max((int(n) for word, n in said if word == b"written"), default=0)
    durable = max((int(n) for word, n in said if word == b"durable"), default=0)
    (run,) = tmp_path.iterdir()

    reader = RunReader(run)
    assert reader.info.outcome is RecordingOutcome.INCOMPLETE
    assert reader.frame_count >= written
    for index in range(reader.frame_count):
        np.testing.assert_array_equal(reader.read_frame(index), pixels_of(index))

    array: Any = zarr.open_group(run / "frames.zarr", mode="r")["0"]
    assert durable <= array.shape[0] <= reader.frame_count
    for index in range(array.shape[0]):
        np.testing.assert_array_equal(array[index], pixels_of(index))

    report = verify(run)
    assert report.problems == ()
    assert report.good_frames == reader.frame_count
