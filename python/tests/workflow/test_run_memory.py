from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from macroscope.workflow.v1.workflow_pb import Run, RunOutcome, RunStep, Sweep, SweepFault, SweepOutcome

from macroscope_worker.workflow._run_memory import MEMORY_NAME, RunMemory, cut_short, was_cut_short

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio


async def test_comes_back_as_it_was(tmp_path: Path) -> None:
    run = Run(run_id="a", step=RunStep.PAUSED, shown=[Sweep(showing=0, frames=12)])
    memory = RunMemory(tmp_path)
    memory.note(run)
    await memory.written()
    assert RunMemory(tmp_path).load() == run


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"step": "NO_SUCH"}',
        '{"runId": 3}',
        '{"startedNs": "-1"}',
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
async def test_what_cannot_be_read_is_none(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / MEMORY_NAME).write_text(text)
    assert RunMemory(tmp_path).load() is None


async def test_of_several_in_a_row_the_last_one_is_written(tmp_path: Path) -> None:
    gate, texts = threading.Event(), []

    def write(_path: Path, text: str) -> None:
        gate.wait(5)
        texts.append(Run.from_json(text).run_id)

    memory = RunMemory(tmp_path, write)
    memory.note(Run(run_id="first"))
    await asyncio.sleep(0.05)
    for name in ("second", "third", "fourth"):
        memory.note(Run(run_id=name))
    gate.set()
    await memory.written()
    assert texts == ["first", "fourth"]


async def test_a_disk_that_refuses_is_no_end_of_it(tmp_path: Path) -> None:
    texts: list[str] = []

    def write(_path: Path, text: str) -> None:
        texts.append(text)
        if len(texts) == 1:
            raise OSError("no space")

    memory = RunMemory(tmp_path, write)
    memory.note(Run(run_id="a"))
    await memory.written()
    memory.note(Run(run_id="b"))
    await memory.written()
    assert len(texts) == 2


async def test_a_run_that_was_cut_short_tells_what_is_complete() -> None:
    shown = [
        Sweep(sweep_index=0, outcome=SweepOutcome.BROKEN, reason="lost"),
        Sweep(sweep_index=0, outcome=SweepOutcome.COMPLETE),
        Sweep(sweep_index=1, outcome=SweepOutcome.COMPLETE),
        Sweep(sweep_index=2, outcome=SweepOutcome.RUNNING, ended_ns=7),
        Sweep(sweep_index=3, outcome=SweepOutcome.RUNNING),
    ]
    run = Run(step=RunStep.SWEEP, outcome=RunOutcome.RUNNING, sweeps=8, shown=shown, pause_asked=True, remaining_s=9)
    assert was_cut_short(run)
    cut_short(run)
    assert not was_cut_short(run)
    assert (run.outcome, run.pause_asked, run.remaining_s) == (RunOutcome.FAILED, False, 0)
    assert run.fault is not None
    assert "2 of 8 sweeps are complete" in run.fault.message
    assert [sweep.reason for sweep in run.shown] == [
        "lost",
        "",
        "",
        "The worker ended before its flips and frames were counted.",
        "The worker ended while it was shown.",
    ]
    assert [sweep.broken_by for sweep in run.shown[2:]] == [
        SweepFault.UNSPECIFIED,
        SweepFault.RUN_FAILED,
        SweepFault.RUN_FAILED,
    ]
