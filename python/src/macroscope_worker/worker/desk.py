"""Everything of the worker beside engine and server: what a run needs besides frames."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from macroscope_worker.configuration import ConfigurationStore, Presets
from macroscope_worker.journal import Journal
from macroscope_worker.notifications import Notifications, Severity
from macroscope_worker.services.alarms import Alarms
from macroscope_worker.services.camera_journal import CameraJournal
from macroscope_worker.services.camera_wishes import CameraWishes
from macroscope_worker.services.configuration import ConfigurationService
from macroscope_worker.services.notification import NotificationService
from macroscope_worker.services.run_list import CONFIGURATION_NAME
from macroscope_worker.services.runs import RunService
from macroscope_worker.services.stimulus import StimulusService
from macroscope_worker.stimulus import Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope_worker.acquisition import Engine
    from macroscope_worker.rpc.server import Service
    from macroscope_worker.services.engine_threads import EngineThreads


class Desk:
    """Owns these parts from its making, on the event loop, to `close`. The journal is the engine's companion."""

    def __init__(self, data_directory: Path, program: str) -> None:
        self._loop = asyncio.get_running_loop()
        self.journal = Journal(tell=self._teller("recording"))
        self.notifications = Notifications(run_id=lambda: self.journal.run_id)
        self.notifications.read(lambda notification: self.journal.write("/notifications", notification))
        self.stage = Stage(
            write=self.journal.write,
            tell=self._teller("stimulus"),
        )
        warn = self._teller("configuration")
        self.store = ConfigurationStore(
            data_directory, program=program, tell=lambda *told: warn(Severity.WARNING, *told)
        )
        self.presets = Presets(self.store, data_directory / "presets")
        self.store.subscribe(self._on_configuration)
        self._on_configuration()
        self._alarms: asyncio.Task[None] | None = None
        self._camera: CameraJournal | None = None
        self._runs: RunService | None = None

    def begin(self, engine: Engine, threads: EngineThreads) -> None:
        """What needs the engine. Once, before anything is served."""
        self._alarms = asyncio.create_task(Alarms(engine, self.notifications.post).watch())
        self._camera = CameraJournal(engine, self.journal.write)
        self.journal.on_opened(self._on_journal_opened)
        self.journal.on_closing(self._camera.look)
        self.store.follow(CameraWishes(engine, threads))
        self._runs = RunService(engine, threads)

    def animal_id(self) -> str:
        """Whom the session is of; empty: nobody has said. From any thread: a state is never changed."""
        session = self.store.configuration.session
        return session.animal_id if session is not None else ""

    def services(self) -> list[Service]:
        """What is served of them. After `begin`."""
        assert self._runs is not None
        return [
            NotificationService(self.notifications),
            StimulusService(self.stage),
            ConfigurationService(self.store, self.presets),
            self._runs,
        ]

    def close(self) -> None:
        """End what runs by itself."""
        if self._alarms is not None:
            self._alarms.cancel()
        if self._camera is not None:
            self._camera.close()
        if self._runs is not None:
            self._runs.close()

    def _teller(self, source: str) -> Callable[[Severity, str, str, str], object]:
        return lambda severity, code, message, remedy: self.notifications.post(severity, source, code, message, remedy)

    def _on_configuration(self) -> None:
        """There is a new state: the stage draws by it, and a recording keeps it."""
        configuration = self.store.configuration
        if configuration.display is not None and configuration.stimulus is not None:
            self.stage.set_drawing(configuration.display, configuration.stimulus)
        self.journal.write("/configuration", self.store.state)

    def _on_journal_opened(self) -> None:
        """A recording has begun, on a thread of the engine: these parts belong to the event loop."""
        with contextlib.suppress(RuntimeError):  # The loop has ended.
            self._loop.call_soon_threadsafe(self._write_how_things_stand)

    def _write_how_things_stand(self) -> None:
        if self._camera is not None:
            self._camera.write_now()
        self.stage.write_now()
        self.journal.write("/configuration", self.store.state)
        self.journal.write_file(CONFIGURATION_NAME, self.store.preset_text())
