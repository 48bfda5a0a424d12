"""However a call ends before its command is done, the command is told; a recording that runs is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1.acquisition_connect import AcquisitionServiceClient
from macroscope.acquisition.v1.acquisition_pb import StartRecordingRequest
from macroscope.camera.v1.camera_pb import SelectCameraRequest
from macroscope.rpc.v1.options_pb import Role
from tests.acquisition.disk_that_fails import DiskThatFails
from tests.acquisition.scripted_camera import PATIENCE_S, ScriptedCamera, live_engine
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare
from tests.services.served import served

from macroscope_worker.acquisition import AcquisitionPhase, Engine
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.acquisition import AcquisitionService
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.services.error_mapping import translate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.asyncio

SELECT = SelectCameraRequest(camera_id="simulated:cortex-512")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - nobody tells of it.
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("how", ["canceled", "deadline", "lost"])
async def test_the_command_is_told(how: str) -> None:
    async with served() as here:
        here.engine.gate.clear()
        timeout_ms = 300 if how == "deadline" else None
        call = asyncio.ensure_future(here.camera.select_camera(SELECT, timeout_ms=timeout_ms))
        assert await asyncio.to_thread(here.engine.entered.wait, PATIENCE_S)
        cancellation = here.engine.cancellation
        assert cancellation is not None
        assert not cancellation.canceled
        if how == "canceled":
            call.cancel()
        elif how == "lost":
            here.server.close("The link is gone.")
        await until(lambda: cancellation.canceled)
        await asyncio.gather(call, return_exceptions=True)


async def test_one_that_has_not_begun_never_runs() -> None:
    async with served() as here:
        here.engine.gate.clear()
        held = [asyncio.ensure_future(here.camera.select_camera(SELECT)) for _ in range(4)]
        assert await asyncio.to_thread(here.engine.entered.wait, PATIENCE_S)
        with pytest.raises(ConnectError) as caught:
            await here.acquisition.start_recording(StartRecordingRequest(name="run"), timeout_ms=200)
        assert caught.value.code is Code.DEADLINE_EXCEEDED
        here.engine.gate.set()
        await asyncio.gather(*held)
        assert here.engine.acquisition().phase is AcquisitionPhase.IDLE


async def recorder_of(engine: Engine) -> tuple[Server, EngineThreads, AcquisitionServiceClient]:
    threads = EngineThreads()
    server = Server(SERVER, [AcquisitionService(engine, threads)], translate=translate)
    return server, threads, (await bare(server, role=Role.OPERATOR)).client(AcquisitionServiceClient)


async def test_the_window_is_lost_while_its_recording_starts(tmp_path: Path) -> None:
    disk = DiskThatFails()
    with live_engine(ScriptedCamera(), tmp_path, storage=disk) as engine:
        server, threads, client = await recorder_of(engine)
        disk.hang()
        call = asyncio.ensure_future(client.start_recording(StartRecordingRequest(name="run")))
        assert await asyncio.to_thread(disk.entered.wait, PATIENCE_S)
        server.close("The window is gone.")
        await asyncio.gather(call, return_exceptions=True)
        await asyncio.sleep(0)  # The server's task has ended, and told the command.
        disk.go_on()
        await until(lambda: engine.acquisition().phase is AcquisitionPhase.IDLE)
        await until(lambda: list(tmp_path.iterdir()) == [])
        threads.close()


async def test_the_window_is_lost_while_its_recording_runs(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        server, threads, client = await recorder_of(engine)
        await client.start_recording(StartRecordingRequest(name="run"))
        server.close("The window is gone.")
        await asyncio.to_thread(camera.deliver, 0, 1, 2)
        assert engine.acquisition().phase is AcquisitionPhase.RECORDING
        summary = await asyncio.to_thread(engine.stop_recording)
        assert summary is not None
        assert summary.durable_frames == 3
        threads.close()
