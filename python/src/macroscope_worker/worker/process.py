"""The worker process from its start to its end."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.acquisition import AcquisitionPhase, Engine
from macroscope_worker.cameras import CameraRegistry
from macroscope_worker.errors import MacroscopeError
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.listener import listen
from macroscope_worker.rpc.protocol import PROTOCOL
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.acquisition import AcquisitionService
from macroscope_worker.services.call_log import CallLog
from macroscope_worker.services.camera import CameraService
from macroscope_worker.services.command_journal import CommandJournal
from macroscope_worker.services.diagnostics import DiagnosticsService
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.monitoring import MonitoringService
from macroscope_worker.services.news import News
from macroscope_worker.services.workflow import WorkflowService

from .camera_memory import RememberedCamera
from .desk import Desk
from .imaging_desk import ImagingDesk
from .life_line import LifeLine, LifeLineError
from .lingering import Lingering
from .record import WorkerRecord
from .recording_memory import RecordingMemory
from .stopping import Stopping, limit_stopping
from .websocket import WebSocketDoor
from .workflow_desk import open_workflow, start_up_after

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from macroscope_worker.rpc.call_ledger import CallRecord
    from macroscope_worker.rpc.link import Link
    from macroscope_worker.rpc.listener import Listener
    from macroscope_worker.rpc.server import Service
    from macroscope_worker.workflow import Workflow

    from .arguments import Arguments

LOG = logging.getLogger(__name__)

SIMULATED_DRIVER: Final = "simulated"
EXIT_OK: Final = 0
EXIT_NO_TOKEN: Final = 2


class WorkerProcess:
    """Owns the engine, the server and the record, from `run` to its return."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self._started_unix_ns = time.time_ns()
        self._build = f"macroscope-worker {version('macroscope-worker')}"
        self._session = secrets.token_hex(8)

    async def run(self) -> int:
        """Serve until asked to end or no longer needed; returns the exit code."""
        stopping = Stopping()
        life_line = LifeLine()
        try:
            async with asyncio.timeout(PROTOCOL.hello_within_ms / 1e3):
                token = await life_line.token()
        except (LifeLineError, TimeoutError) as error:
            LOG.error("no token", extra={"reason": str(error) or "No line came on stdin."})  # noqa: TRY400 - no bug.
            return EXIT_NO_TOKEN

        registry = CameraRegistry()
        desk = Desk(self._arguments.data_directory, self._build)
        recordings = RecordingMemory(self._arguments.runtime_directory)
        engine = Engine(
            registry,
            default_directory=self._arguments.recordings_directory,
            last_recording=await asyncio.to_thread(recordings.interrupted),
            companion=desk.journal,
        )
        threads = EngineThreads()
        desk.begin(engine, threads)
        server = self._server(engine, threads, desk)
        looking = await ImagingDesk.open(engine, self._arguments.runtime_directory, desk.animal_id)
        server.add(looking.service(threads))
        workflow = await open_workflow(engine, threads, desk, looking.imaging, self._arguments.runtime_directory)
        server.add(WorkflowService(workflow))
        listener = await listen(lambda link: self._accept(server, link, token))
        door = await WebSocketDoor.open(server, self._arguments)
        record = self._record(listener, token)
        self._publish(record)

        opening = asyncio.create_task(self._open_first_camera(registry, engine, threads))
        start_up_after(workflow, opening)
        watching = _watched(self._watch_need(life_line, server, engine, workflow, stopping))
        remembering = asyncio.create_task(self._remember(engine, recordings))
        reason = await stopping.wait()

        LOG.info("stopping", extra={"reason": reason})
        watching.cancel()
        remembering.cancel()
        listener.close()
        door.close()
        try:
            await workflow.close()
            await threads.stop(engine.stop_recording)
        except Exception:
            LOG.exception("the recording did not end well")
        # Only now: what is recorded may take its time to the disk.
        limit_stopping()
        server.close("The worker is ending.")
        await looking.close()
        await asyncio.to_thread(engine.close)
        desk.close()
        await desk.store.close()
        opening.cancel()
        threads.close()
        recordings.forget()
        record.remove(self._arguments.runtime_directory)
        await asyncio.gather(opening, watching, remembering, return_exceptions=True)
        LOG.info("ended")
        return EXIT_OK

    def _server(self, engine: Engine, threads: EngineThreads, desk: Desk) -> Server:
        greeting = Greeting(
            build=self._build, role=Role.HOST, session=self._session, epoch=self._started_unix_ns, label="worker"
        )
        services: list[Service] = [
            CameraService(engine, threads),
            AcquisitionService(engine, threads),
            MonitoringService(engine),
            *desk.services(),
        ]
        log = CallLog(asyncio.get_running_loop().call_later, is_stream=lambda path: server.methods[path].streams)
        commands = CommandJournal(desk.journal.write, lambda: server.methods)

        def on_call(record: CallRecord) -> None:
            log.on_call(record)
            commands.on_call(record)

        server = Server(
            greeting,
            services,
            translate=lambda error: translate(error, engine.camera().parameters),
            on_call=on_call,
            on_behind=log.on_behind,
        )
        server.add(DiagnosticsService("worker", server))
        return server

    def _accept(self, server: Server, link: Link, token: str) -> None:
        server.accept(link, token=token, role=Role.HOST)

    def _record(self, listener: Listener, token: str) -> WorkerRecord:
        return WorkerRecord(
            pid=os.getpid(),
            endpoint=listener.endpoint,
            token=token,
            epoch=self._started_unix_ns,
            session=self._session,
            build=self._build,
            started_unix_ns=self._started_unix_ns,
        )

    def _publish(self, record: WorkerRecord) -> None:
        """Say how the worker is reached, in its record and on stdout."""
        record.write(self._arguments.runtime_directory)
        line = {"event": "listening", "endpoint": record.endpoint, "pid": record.pid, "epoch": record.epoch}
        with suppress(OSError):  # Whoever read it may be gone.
            sys.stdout.write(f"{json.dumps(line)}\n")
            sys.stdout.flush()

    async def _open_first_camera(self, registry: CameraRegistry, engine: Engine, threads: EngineThreads) -> None:
        """Make the picture live before anybody asks. What goes wrong stands in the camera's state, or in the log."""
        remembered = RememberedCamera.load(self._arguments.runtime_directory) if self._arguments.resume else None

        def open_camera() -> None:
            if remembered is not None:
                refused = remembered.restore(engine)
                if refused:
                    LOG.warning("the camera did not take all its settings again", extra={"refused": refused})
                return
            camera_id = self._arguments.camera or _first_simulated(registry)
            if camera_id:
                engine.select_camera(camera_id)

        try:
            await threads.command(lambda _: open_camera())
        except MacroscopeError as error:
            LOG.warning("the first camera did not open", extra={"reason": str(error)})
        except Exception:
            LOG.exception("the first camera did not open")

    async def _remember(self, engine: Engine, recordings: RecordingMemory) -> None:
        """Keep what a worker after this one needs to go on with the same picture, and to say what was cut short."""
        news = News()
        unsubscribe = engine.subscribe(news.tell)
        stored: RememberedCamera | None = None
        try:
            while True:
                remembered = RememberedCamera.of(engine.camera())
                try:
                    await asyncio.to_thread(recordings.note, engine.acquisition())
                    if remembered is not None and remembered != stored:
                        await asyncio.to_thread(remembered.store, self._arguments.runtime_directory)
                        stored = remembered
                except OSError as error:
                    LOG.warning("the camera and the recording are not remembered", extra={"reason": str(error)})
                await news.wait()
        finally:
            unsubscribe()

    async def _watch_need(
        self, life_line: LifeLine, server: Server, engine: Engine, workflow: Workflow, stopping: Stopping
    ) -> None:
        """Ask the worker to end when nobody needs it."""
        loop = asyncio.get_running_loop()
        lingering = Lingering(
            self._arguments.linger_s, loop.call_later, lambda: stopping.ask("no host, no client, no recording")
        )
        news = News()
        server.on_links_changed(news.tell)
        unsubscribe = engine.subscribe(news.tell)
        unsubscribe_workflow = workflow.subscribe(news.tell)
        ended = asyncio.create_task(life_line.ended.wait())
        ended.add_done_callback(lambda _task: news.tell())
        try:
            while True:
                recording = workflow.running or engine.acquisition().phase != AcquisitionPhase.IDLE
                lingering.update(life_line=not life_line.ended.is_set(), links=server.links, recording=recording)
                await news.wait()
        finally:
            unsubscribe()
            unsubscribe_workflow()
            ended.cancel()


def _watched(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_log_failure)
    return task


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        LOG.error("the worker no longer notices when nobody needs it", exc_info=error)


def _first_simulated(registry: CameraRegistry) -> str:
    """The id of the first simulated camera, asking no other driver: vendors' libraries take seconds."""
    listed = registry.list_driver(SIMULATED_DRIVER)
    return listed[0].id if isinstance(listed, tuple) and listed else ""
