"""The last run, kept so that a worker started after a crash knows which sweeps are complete."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1.workflow_pb import Fault, Run, RunOutcome, RunStep, SweepFault, SweepOutcome

from macroscope_worker.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG = logging.getLogger(__name__)

MEMORY_NAME: Final = "run.json"


class RunMemory:
    """A file in the runtime folder."""

    def __init__(self, directory: Path, write: Callable[[Path, str], None] = write_whole) -> None:
        self._path = directory / MEMORY_NAME
        self._write = write
        self._newest: str | None = None
        self._writing: asyncio.Task[None] | None = None

    def load(self) -> Run | None:
        """The run of an earlier worker; None when there is none that can be read. Waits for the disk."""
        try:
            text = self._path.read_text(encoding="utf-8")
            json.loads(text)  # First: it knows how deep it can go, where the message's own reader ends the process.
            return Run.from_json(text)
        except (OSError, ValueError, TypeError, OverflowError, RecursionError):
            return None

    def note(self, run: Run) -> None:
        """Have the run written as it stands now. Does not wait; of several in a row the last one is written."""
        self._newest = run.to_json()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_newest())

    async def written(self) -> None:
        """Wait until everything noted is on the disk, or was refused by it."""
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def _write_newest(self) -> None:
        while self._newest is not None:
            text, self._newest = self._newest, None
            try:
                await asyncio.to_thread(self._write, self._path, text)
            except OSError as error:
                LOG.warning("the run is not remembered", extra={"reason": str(error)})


def was_cut_short(run: Run) -> bool:
    """The worker that made it ended before the run did."""
    return run.step is not RunStep.ENDED


def cut_short(run: Run) -> Run:
    """What became of a run whose worker ended in the middle of it."""
    for sweep in run.shown:
        if sweep.outcome == SweepOutcome.RUNNING:
            sweep.outcome, sweep.broken_by = SweepOutcome.BROKEN, SweepFault.RUN_FAILED
            shown = bool(sweep.ended_ns)
            ended = "before its flips and frames were counted" if shown else "while it was shown"
            sweep.reason = f"The worker ended {ended}."
    complete = len({sweep.sweep_index for sweep in run.shown if sweep.outcome == SweepOutcome.COMPLETE})
    run.step, run.outcome = RunStep.ENDED, RunOutcome.FAILED
    run.step_ends_ns, run.remaining_s = 0, 0.0
    run.pause_asked = run.stop_after_sweep_asked = False
    run.fault = Fault(
        message=f"The worker ended in the middle of the run. {complete} of {run.sweeps} sweeps are complete.",
        remedy="Everything recorded until then is kept. Look at the run, and start another one for what is missing.",
    )
    return run
