"""The real parts of the worker around a workflow: engine, simulated camera, stage, configuration, disk."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macroscope.configuration.v1.acquisition_pb import AcquisitionSettings
from macroscope.configuration.v1.display_pb import DisplayGeometry
from macroscope.configuration.v1.session_pb import SessionSettings
from macroscope.configuration.v1.settings_pb import Configuration
from macroscope.configuration.v1.stimulus_pb import Direction, StimulusSettings
from tests.workflow.fake_display import FakeDisplay

from macroscope_worker.acquisition import Engine
from macroscope_worker.cameras import CameraRegistry
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.worker.desk import Desk
from macroscope_worker.worker.imaging_desk import ImagingDesk
from macroscope_worker.worker.workflow_desk import open_workflow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from macroscope.workflow.v1.workflow_pb import Run, RunStep, WorkflowState

    from macroscope_worker.workflow import Workflow

CAMERA = "simulated:cortex-64"


@dataclass
class Day:
    """What a test works with."""

    folder: Path
    engine: Engine
    desk: Desk
    workflow: Workflow
    display: FakeDisplay
    states: list[WorkflowState]

    @property
    def run(self) -> Run:
        run = self.workflow.state.run
        assert run is not None
        return run

    def codes(self) -> list[str]:
        """Of what people were told, in order."""
        return [note.code for note in self.desk.notifications.snapshot()[1]]

    async def configure(self, **groups: Any) -> None:
        """Set groups of the configuration as a window does."""
        paths = [
            f"{group}.{field.name}"
            for group, message in groups.items()
            for field in message.desc().fields
            if (len(getattr(message, field.name)) if field.name == "directions" else message.has_field(field.name))
        ]
        store = self.desk.store
        await store.update(store.state.revision, Configuration(**groups), paths, "test")

    async def until(self, holds: Callable[[], bool], within_s: float = 15.0) -> None:
        """Wait for a state in which it holds."""
        news = asyncio.Event()
        unsubscribe = self.workflow.subscribe(news.set)
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    await news.wait()
                    news.clear()
        except TimeoutError:
            msg = f"it does not come: {self.workflow.state}"
            raise AssertionError(msg) from None
        finally:
            unsubscribe()

    async def until_step(self, step: RunStep, within_s: float = 15.0) -> None:
        await self.until(lambda: self.run.step is step, within_s)

    async def ready(self) -> None:
        """A display is there, and the checks are made."""
        self.display.open()
        # The refresh rate is measured of some flips.
        await asyncio.sleep(0.5)
        await self.workflow.run_preflight()

    async def start(self) -> None:
        """Start the run; all that warns is accepted."""
        preflight = self.workflow.state.preflight
        assert preflight is not None
        await self.workflow.start_run([check.id for check in preflight.checks])


@asynccontextmanager
async def day(
    folder: Path,
    *,
    drift_deg_per_s: float = 200.0,
    baseline_s: float = 0.3,
    between_s: float = 0.4,
    sweeps: int = 2,
    started_up: bool = True,
    missing_frames_percent: float = 60.0,
    **options: Any,
) -> AsyncIterator[Day]:
    """From start-up to the worker's end. Sweeps of about 0.6 s unless they drift slower.

    Many frames may be missing unless a test is about them, for machines that run tests are busy. `options` are the
    engine's.
    """
    registry = CameraRegistry()
    desk = Desk(folder / "data", "a test")
    engine = Engine(
        registry, default_directory=folder / "recordings", companion=desk.journal, **({"reserve_bytes": 0} | options)
    )
    threads = EngineThreads()
    desk.begin(engine, threads)
    looking = await ImagingDesk.open(engine, folder / "runtime")
    workflow = await open_workflow(engine, threads, desk, looking.imaging, folder / "runtime")
    display = FakeDisplay(desk.stage)
    states: list[WorkflowState] = []
    workflow.subscribe(lambda: states.append(workflow.state))
    here = Day(folder, engine, desk, workflow, display, states)
    try:
        await asyncio.to_thread(engine.select_camera, CAMERA)
        await here.configure(
            session=SessionSettings(name="day"),
            display=DisplayGeometry(display_id="fake"),
            stimulus=StimulusSettings(drift_speed_deg_per_s=drift_deg_per_s),
            acquisition=AcquisitionSettings(
                baseline_s=baseline_s,
                between_sweeps_s=between_s,
                sweeps_per_direction=sweeps,
                directions=[Direction.LEFT_TO_RIGHT, Direction.TOP_TO_BOTTOM],
                missing_frames_percent=missing_frames_percent,
            ),
        )
        if started_up:
            workflow.started_up()
        yield here
    finally:
        await display.lose()
        await workflow.close()
        await looking.close()
        await asyncio.to_thread(engine.close)
        desk.close()
        await desk.store.close()
        threads.close()
