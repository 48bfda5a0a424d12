from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from macroscope_worker.acquisition import AcquisitionPhase, AcquisitionSnapshot, RecordingOutcome, RecordingSummary
from macroscope_worker.worker.recording_memory import MEMORY_NAME, RecordingMemory

SUMMARY = RecordingSummary(
    run_id="run",
    directory=Path("run"),
    camera_id="simulated:one",
    planned_frames=0,
    captured_frames=0,
    written_frames=0,
    durable_frames=0,
    drops={},
    bytes_written=0,
    started_unix_ns=0,
    started_ns=0,
    elapsed_s=0.0,
    outcome=RecordingOutcome.INCOMPLETE,
)


def snapshot(phase: AcquisitionPhase, directory: Path | None = None) -> AcquisitionSnapshot:
    recording = replace(SUMMARY, directory=directory) if directory is not None else None
    return AcquisitionSnapshot(1, phase, recording, Path("recordings"), 0, 0.0)


def test_a_running_recording_is_remembered_until_it_has_ended(tmp_path: Path) -> None:
    memory = RecordingMemory(tmp_path)
    memory.note(snapshot(AcquisitionPhase.IDLE))
    assert list(tmp_path.iterdir()) == []
    memory.note(snapshot(AcquisitionPhase.STARTING, tmp_path / "before"))
    assert list(tmp_path.iterdir()) == []
    memory.note(snapshot(AcquisitionPhase.RECORDING, tmp_path / "run"))
    assert json.loads((tmp_path / MEMORY_NAME).read_text()) == {"directory": str(tmp_path / "run")}
    memory.note(snapshot(AcquisitionPhase.STOPPING, tmp_path / "run"))
    assert (tmp_path / MEMORY_NAME).exists()
    memory.note(snapshot(AcquisitionPhase.IDLE, tmp_path / "run"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "[" * 100_000,
        "{}",
        '{"directory": 1}',
        '{"directory": "/nowhere/at/all"}',
        '{"directory": "/no\\u0000name"}',
        # Asking for such a folder fails, as for one on a share that is away.
        json.dumps({"directory": "/" + 300 * "a"}),
    ],
)
def test_a_memory_that_makes_no_sense_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / MEMORY_NAME).write_text(content)
    assert RecordingMemory(tmp_path).interrupted() is None


def test_nothing_was_cut_short_where_nothing_is_remembered(tmp_path: Path) -> None:
    assert RecordingMemory(tmp_path).interrupted() is None


def test_the_last_word_of_a_worker_is_kept_until_it_records_itself(tmp_path: Path) -> None:
    (tmp_path / MEMORY_NAME).write_text('{"directory": "/run"}')
    memory = RecordingMemory(tmp_path)
    # A worker that is killed again before it records has the same to tell.
    memory.note(snapshot(AcquisitionPhase.IDLE))
    assert (tmp_path / MEMORY_NAME).exists()
    memory.forget()
    assert list(tmp_path.iterdir()) == []
