"""The door for browsers, in a real worker: who gets in, and what the rest can do to a recording (nothing)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
from typing import TYPE_CHECKING

import psutil
import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1.acquisition_connect import AcquisitionServiceClient
from macroscope.acquisition.v1.acquisition_pb import (
    AcquisitionPhase,
    StartRecordingRequest,
    StopRecordingRequest,
    WatchAcquisitionRequest,
)
from macroscope.camera.v1.camera_connect import CameraServiceClient
from macroscope.camera.v1.camera_pb import CameraPhase, ConfigureCameraRequest, WatchCameraRequest
from macroscope.camera.v1.settings_pb import CameraSettings
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.websocket_attacks import GARBAGE, MESSAGES, ORIGIN, REQUESTS, Handshake, Wire
from tests.worker.process_runner import RunningWorker, running_worker

from macroscope_worker.recording import verify
from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.websocket_listener import dial_websocket

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.rpc.client import ClientConnection

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(os.name == "nt", reason="the runner of these tests knows Unix only"),
]

WITH_WEBSOCKET = ("--linger-s", "0.2", "--websocket-port", "0", "--websocket-origin", ORIGIN)


def door_of(worker: RunningWorker) -> dict[str, str]:
    value = json.loads((worker.runtime / "websocket.json").read_text())
    assert isinstance(value, dict)
    return value


async def enter(worker: RunningWorker, who: str = "operator") -> tuple[DialledLink, ClientConnection]:
    door = door_of(worker)
    link = DialledLink(await dial_websocket(door["address"], origin=ORIGIN), token=door[f"{who}_token"])
    return link, link.open_connection(Role.UNSPECIFIED, label="browser")


async def live(connection: ClientConnection) -> None:
    async for response in connection.client(CameraServiceClient).watch_camera(WatchCameraRequest()):
        if response.state is not None and response.state.phase == CameraPhase.LIVE:
            return


async def written(connection: ClientConnection, frames: int) -> None:
    client = connection.client(AcquisitionServiceClient)
    async for response in client.watch_acquisition(WatchAcquisitionRequest()):
        recording = response.state.recording if response.state is not None else None
        if recording is not None and recording.written_frames >= frames:
            return


async def test_is_shut_unless_asked_for(tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    (runtime / "websocket.json").write_text("{}")
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        assert not (runtime / "websocket.json").exists(), "what a killed worker left leads nowhere"
        sockets = psutil.Process(worker.process.pid).net_connections("inet")
        assert sockets == []


async def test_says_in_a_private_file_how_it_is_reached(tmp_path: Path) -> None:
    async with running_worker(tmp_path, *WITH_WEBSOCKET) as worker:
        await worker.listening()
        path = worker.runtime / "websocket.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        door = door_of(worker)
        assert door["address"].startswith("ws://127.0.0.1:")
        tokens = [door["operator_token"], door["viewer_token"]]
        assert [len(bytes.fromhex(token)) for token in tokens] == [32, 32]
        assert tokens[0] != tokens[1]
        process = psutil.Process(worker.process.pid)
        seen = " ".join([*process.cmdline(), *process.environ().values()])
        assert {sock.laddr.ip for sock in process.net_connections("inet")} <= {"127.0.0.1", "::1"}

        link, _ = await enter(worker)
        await link.authenticated()
        worker.process.send_signal(signal.SIGTERM)
        assert await worker.process.wait() == 0
        assert not path.exists()
        log = await worker.errors()
        assert '"websocket open"' in log
        assert not [token for token in tokens if token in seen + log]


async def test_a_port_that_is_taken_does_not_stop_the_worker(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with running_worker(tmp_path, "--websocket-port", str(taken.getsockname()[1])) as worker:
            await worker.listening()
            assert not (worker.runtime / "websocket.json").exists()
            link, _ = await worker.connect()
            link.close()
            worker.process.terminate()
            assert "websocket not opened" in await worker.errors()


async def test_a_viewer_looks_and_an_operator_works(tmp_path: Path) -> None:
    async with running_worker(tmp_path, *WITH_WEBSOCKET) as worker:
        await worker.listening()
        _, viewer = await enter(worker, "viewer")
        _, operator = await enter(worker, "operator")
        assert (await viewer.opened()).role == Role.VIEWER
        assert (await operator.opened()).role == Role.OPERATOR
        await live(viewer)
        change = ConfigureCameraRequest(settings=CameraSettings(exposure_us=5000))
        with pytest.raises(ConnectError) as refused:
            await viewer.client(CameraServiceClient).configure_camera(change)
        assert refused.value.code == Code.PERMISSION_DENIED
        with pytest.raises(ConnectError) as refused:
            await viewer.client(AcquisitionServiceClient).start_recording(StartRecordingRequest(name="no"))
        assert refused.value.code == Code.PERMISSION_DENIED
        answer = await operator.client(CameraServiceClient).configure_camera(change)
        assert answer.state is not None
        assert answer.state.settings is not None
        assert answer.state.settings.exposure_us == pytest.approx(5000, rel=0.01)


async def test_attacks_are_refused_and_the_recording_goes_on(tmp_path: Path) -> None:
    """All of them at once, again and again, by somebody on this machine; memory stays where it was."""
    async with running_worker(tmp_path, *WITH_WEBSOCKET) as worker:
        await worker.listening()
        door = door_of(worker)
        port = int(door["address"].split(":")[2].split("/")[0])
        # Through the other door: what is told here does not depend on the one that is attacked.
        _, host = await worker.connect()
        await live(host)
        acquisition = host.client(AcquisitionServiceClient)
        started = await acquisition.start_recording(StartRecordingRequest(name="attacked"))
        assert started.state is not None
        assert started.state.phase in (AcquisitionPhase.STARTING, AcquisitionPhase.RECORDING)
        await written(host, 5)
        process = psutil.Process(worker.process.pid)
        before = process.memory_info().rss

        # Far under the limit of sockets, so that each meets the guard that it is meant for: the worker counts a socket
        # for a while after the other end has seen it close.
        crowd = asyncio.Semaphore(6)

        async def request(handshake: Handshake, status: int) -> None:
            async with crowd:
                wire = await Wire.dial(port)
                assert await wire.ask(handshake) == status, handshake
                # Until the worker has closed it, or a busy one still counts it when the next ones come.
                await wire.until_closed()
                wire.close()

        async def garbage(data: bytes) -> None:
            async with crowd:
                wire = await Wire.dial(port)
                wire.write(data)
                wire.writer.write_eof()
                assert await wire.until_closed() == b""
                wire.close()

        async def message(name: str) -> None:
            async with crowd:
                wire = await Wire.dial(port)
                assert await wire.ask(Handshake()) == 101
                wire.write(MESSAGES[name](door["operator_token"]))
                assert b"MS\x01" not in await wire.until_closed(), name
                wire.close()

        for _ in range(3):
            async with asyncio.TaskGroup() as attacks:
                for handshake, status in REQUESTS.values():
                    attacks.create_task(request(handshake, status))
                for data in GARBAGE.values():
                    attacks.create_task(garbage(data))
                for name in MESSAGES:
                    attacks.create_task(message(name))
        grown = process.memory_info().rss - before
        assert grown < 16 * 2**20, f"the worker grew by {grown / 2**20:.1f} MiB"

        # Somebody who may is still let in, and the recording has lost nothing.
        link, browser = await enter(worker)
        await written(browser, 10)
        link.close()
        summary = (await acquisition.stop_recording(StopRecordingRequest())).summary
        assert summary is not None
        [folder] = list(worker.recordings.iterdir())
        verification = verify(folder)
        assert verification.is_good
        assert verification.good_frames == summary.durable_frames > 10
        assert not summary.drops
