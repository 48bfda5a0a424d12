from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.recording._table import encode_record
from macroscope_worker.workflow._frame_count import frames_between

if TYPE_CHECKING:
    from pathlib import Path

from tests.recording.made_runs import made_run

RECEIVED_NS = [1000, 2000, 3000, 4000]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with a table of frames at these times."""
    folder = made_run(tmp_path)
    table = folder / "frames.table"
    header = table.read_bytes()[:4096]
    table.write_bytes(header + b"".join(encode_record(frame_id=n, received_ns=at) for n, at in enumerate(RECEIVED_NS)))
    return folder


def never(_seconds: float) -> None:
    raise AssertionError("it waits")


def test_counts_from_the_start_up_to_the_end(run: Path) -> None:
    assert frames_between(run, 2000, 4000, pause=never) == 2
    assert frames_between(run, 1001, 3001, pause=never) == 2


def test_counts_what_was_dropped_and_not_what_never_came(run: Path) -> None:
    with (run / "frames.table").open("ab") as table:
        table.write(encode_record(frame_id=4, received_ns=5000, count=7, outcome=1))  # A gap in the camera's numbers.
        table.write(encode_record(frame_id=11, received_ns=5000, count=2, outcome=2))  # The ring was full.
        table.write(encode_record(frame_id=13, received_ns=6000))
    assert frames_between(run, 4500, 6000, pause=never) == 2


def test_waits_for_the_frame_behind(run: Path) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        with (run / "frames.table").open("ab") as table:
            table.write(encode_record(frame_id=4, received_ns=4900))
            table.write(encode_record(frame_id=5, received_ns=5100))

    assert frames_between(run, 3500, 5000, pause=pause) == 2
    assert len(pauses) == 1


def test_waits_no_longer_than_it_may(run: Path) -> None:
    pauses: list[float] = []
    assert frames_between(run, 3500, 9000, within_s=0.5, pause=pauses.append) == 1
    assert sum(pauses) == pytest.approx(0.5)


def test_a_run_that_cannot_be_read_has_none(tmp_path: Path) -> None:
    assert frames_between(tmp_path / "away", 0, 10, within_s=0.1, pause=lambda _: None) == 0


def test_counting_late_in_a_long_run_reads_no_more_than_early_in_it(run: Path) -> None:
    # An hour at 300 Hz is a million records. Each one read holds up capture.
    table = run / "frames.table"
    header = table.read_bytes()[:4096]
    spoiled = b"\xff" * 64 * 1_000_000
    last = b"".join(encode_record(frame_id=n, received_ns=10_000 + n) for n in range(3000))
    table.write_bytes(header + spoiled + last)
    begun_s = time.thread_time()
    assert frames_between(run, 11_000, 12_500, pause=never) == 1500
    assert time.thread_time() - begun_s < 0.5
