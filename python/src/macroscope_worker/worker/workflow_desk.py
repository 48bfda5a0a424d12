"""The workflow, as a part of the worker process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from macroscope_worker.clock import clock_ns
from macroscope_worker.workflow import Instruments, RunMemory, Workflow

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.acquisition import Engine
    from macroscope_worker.imaging import Imaging
    from macroscope_worker.services.engine_threads import EngineThreads

    from .desk import Desk

START_UP_WITHIN_S: Final = 20.0
"""A driver that takes longer to open the first camera keeps nobody from choosing another one."""


async def open_workflow(
    engine: Engine, threads: EngineThreads, desk: Desk, imaging: Imaging, runtime_directory: Path
) -> Workflow:
    """In START_UP, with what an earlier worker left. Whoever opened it closes it."""
    memory = RunMemory(runtime_directory)
    last_run = await asyncio.to_thread(memory.load)
    instruments = Instruments(
        engine=engine,
        threads=threads,
        stage=desk.stage,
        store=desk.store,
        notifications=desk.notifications,
        journal=desk.journal,
        imaging=imaging,
        clock=clock_ns,
        region_ids=lambda: [(region.id, region.name) for region in imaging.regions.snapshot.regions],
    )
    return Workflow(instruments, memory, last_run)


def start_up_after(workflow: Workflow, opening: asyncio.Task[None]) -> None:
    """Leave START_UP when the first camera has been opened, or could not be, or takes too long."""
    timer = asyncio.get_running_loop().call_later(START_UP_WITHIN_S, workflow.started_up)

    def opened(_task: asyncio.Task[None]) -> None:
        timer.cancel()
        workflow.started_up()

    opening.add_done_callback(opened)
