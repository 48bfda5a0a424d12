from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1.acquisition_connect import AcquisitionServiceClient
from macroscope.acquisition.v1.acquisition_pb import (
    AcquisitionPhase,
    RecordingOutcome,
    StartRecordingRequest,
    StopRecordingRequest,
    WatchAcquisitionRequest,
)
from macroscope.acquisition.v1.errors_pb import FolderProblem, RecordingConflict
from macroscope.camera.v1 import errors_pb
from macroscope.camera.v1.camera_connect import CameraServiceClient
from macroscope.camera.v1.camera_pb import (
    CameraPhase,
    CameraState,
    ConfigureCameraRequest,
    SelectCameraRequest,
    WatchCameraRequest,
    WatchPreviewRequest,
)
from macroscope.camera.v1.errors_pb import ParameterRejected
from macroscope.camera.v1.settings_pb import CameraSettings, RegionOfInterest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodRequest
from macroscope.rpc.v1.options_pb import Role
from tests.worker.process_runner import RunningWorker, running_worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.client import ClientConnection

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(os.name == "nt", reason="the runner of these tests knows Unix only"),
]


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[RunningWorker]:
    async with running_worker(tmp_path, "--linger-s", "0.2") as running:
        await running.listening()
        yield running


async def live(connection: ClientConnection) -> CameraState:
    """Wait until frames are coming."""
    async for response in connection.client(CameraServiceClient).watch_camera(WatchCameraRequest()):
        assert response.state is not None
        assert response.state.phase != CameraPhase.FAILED, response.state.fault
        if response.state.phase == CameraPhase.LIVE:
            return response.state
    raise AssertionError


async def recorded(connection: ClientConnection, frames: int) -> None:
    """Wait until so many frames are on the disk."""
    client = connection.client(AcquisitionServiceClient)
    async for response in client.watch_acquisition(WatchAcquisitionRequest()):
        assert response.state is not None
        if response.state.recording is not None and response.state.recording.written_frames >= frames:
            return


def worker_arguments(pid: int) -> str:
    """What anybody on the machine can read of the process."""
    return " ".join(psutil.Process(pid).cmdline())


def run_info(folder: Path) -> dict[str, object]:
    value = json.loads((folder / "run.json").read_text())
    assert isinstance(value, dict)
    return value


async def test_says_where_it_listens_and_leaves_a_record(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        said = await worker.listening()
        record_path = worker.runtime / "worker.json"
        record = json.loads(record_path.read_text())
        assert stat.S_IMODE(record_path.stat().st_mode) == 0o600
        assert said == {
            "event": "listening",
            "endpoint": record["endpoint"],
            "pid": worker.process.pid,
            "epoch": record["epoch"],
        }
        socket = Path(record["endpoint"])
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        link = await worker.link()
        authenticated = await link.authenticated()
        assert (authenticated.pid, authenticated.epoch) == (worker.process.pid, record["epoch"])
        hello = await link.open_connection(Role.VIEWER).opened()
        assert (hello.session, hello.epoch, hello.build) == (record["session"], record["epoch"], record["build"])
        assert record["token"] not in worker_arguments(worker.process.pid)
        worker.process.send_signal(signal.SIGTERM)
        assert await worker.process.wait() == 0
        assert not record_path.exists()
        assert not socket.parent.exists()


@pytest.mark.parametrize("line", ["{}", "not json", json.dumps({"token": "short"})])
async def test_without_a_good_token_it_does_not_start(tmp_path: Path, line: str) -> None:
    async with running_worker(tmp_path, line=line) as worker:
        assert await worker.process.wait() == 2
        assert "token" in await worker.errors()
        assert not (worker.runtime / "worker.json").exists()


async def test_a_wrong_token_is_refused_and_the_right_one_still_works(worker: RunningWorker) -> None:
    wrong = await worker.link("x" * 64)
    with pytest.raises(ConnectError) as caught:
        await wrong.authenticated()
    assert caught.value.code is Code.UNAUTHENTICATED
    _, connection = await worker.connect()
    client = connection.client(DiagnosticsServiceClient)
    assert (await client.echo(EchoRequest(payload=b"hi"))).payload == b"hi"


async def test_a_camera_is_live_without_asking_and_its_picture_comes(worker: RunningWorker) -> None:
    _, connection = await worker.connect(Role.VIEWER)
    state = await live(connection)
    assert state.camera is not None
    assert state.camera.simulated
    request = WatchPreviewRequest(max_width_px=128, max_height_px=128, max_rate_hz=60)
    pictures = connection.client(CameraServiceClient).watch_preview(request)
    first, second = (await anext(pictures)).frame, (await anext(pictures)).frame
    assert first is not None
    assert second is not None
    assert first.frame_id < second.frame_id
    assert 0 < first.width_px <= 128
    assert len(first.pixels) == first.width_px * first.height_px * first.bytes_per_pixel
    await pictures.aclose()  # type: ignore[attr-defined]


async def test_bad_input_has_codes_and_leaves_everything_running(worker: RunningWorker) -> None:
    _, connection = await worker.connect()
    state = await live(connection)
    camera = connection.client(CameraServiceClient)
    with pytest.raises(ConnectError) as caught:
        await camera.select_camera(SelectCameraRequest(camera_id="simulated:nothing"))
    assert caught.value.code is Code.NOT_FOUND
    assert caught.value.details[0].value(errors_pb.CameraNotFound) is not None

    too_long = ConfigureCameraRequest(settings=CameraSettings(exposure_us=3_600_000_000))
    past_the_sensor = ConfigureCameraRequest(
        settings=CameraSettings(region_of_interest=RegionOfInterest(width_px=65535))
    )
    for request, parameter in ((too_long, "exposure_us"), (past_the_sensor, "region_of_interest.width_px")):
        with pytest.raises(ConnectError) as caught:
            await camera.configure_camera(request)
        assert caught.value.code is Code.OUT_OF_RANGE
        rejected = caught.value.details[0].value(ParameterRejected)
        assert rejected is not None
        assert rejected.parameter == parameter
        assert rejected.limits is not None
        assert rejected.limits.range is not None

    acquisition = connection.client(AcquisitionServiceClient)
    with pytest.raises(ConnectError) as caught:
        await acquisition.start_recording(StartRecordingRequest(name="run", directory="/proc/nowhere"))
    assert caught.value.code in (Code.PERMISSION_DENIED, Code.NOT_FOUND)
    assert caught.value.details[0].value(FolderProblem) is not None

    settings = (await live(connection)).settings
    assert settings == state.settings
    changed = await camera.configure_camera(ConfigureCameraRequest(settings=CameraSettings(exposure_us=5000)))
    assert changed.state is not None
    assert changed.state.settings is not None
    assert changed.state.settings.exposure_us == pytest.approx(5000)


async def test_records_refuses_a_second_start_and_stops(worker: RunningWorker) -> None:
    _, connection = await worker.connect()
    await live(connection)
    acquisition = connection.client(AcquisitionServiceClient)
    started = (await acquisition.start_recording(StartRecordingRequest(name="run"))).state
    assert started is not None
    assert started.recording is not None
    with pytest.raises(ConnectError) as caught:
        await acquisition.start_recording(StartRecordingRequest(name="second"))
    assert caught.value.code is Code.FAILED_PRECONDITION
    conflict = caught.value.details[0].value(RecordingConflict)
    assert conflict is not None
    assert conflict.run_id == started.recording.run_id
    await recorded(connection, 10)
    summary = (await acquisition.stop_recording(StopRecordingRequest())).summary
    assert summary is not None
    assert summary.outcome == RecordingOutcome.COMPLETE
    assert summary.durable_frames + sum(drop.frames for drop in summary.drops) >= summary.captured_frames >= 10
    assert Path(summary.directory).is_relative_to(worker.recordings)
    assert run_info(Path(summary.directory))


async def test_frames_flow_from_the_worker_at_speed(worker: RunningWorker) -> None:
    _, connection = await worker.connect(Role.VIEWER)
    client = connection.client(DiagnosticsServiceClient)
    total = 0
    async for message in client.flood(FloodRequest(message_bytes=2**20, messages=100)):
        total += len(message.block)
    assert total == 100 * 2**20


async def test_ends_by_itself_when_its_host_lets_go(worker: RunningWorker) -> None:
    worker.let_go()
    assert await worker.process.wait() == 0
    assert "no host" in await worker.errors()


async def test_a_client_that_came_back_keeps_it_and_its_leaving_ends_it(worker: RunningWorker) -> None:
    link, connection = await worker.connect()
    worker.let_go()
    client = connection.client(DiagnosticsServiceClient)
    with pytest.raises(TimeoutError):
        # Longer than it lingers.
        await asyncio.wait_for(worker.process.wait(), 0.6)
    assert (await client.echo(EchoRequest(payload=b"there"))).payload == b"there"
    link.close()
    assert await worker.process.wait() == 0


async def test_a_recording_outlives_its_host(worker: RunningWorker) -> None:
    link, connection = await worker.connect()
    await live(connection)
    acquisition = connection.client(AcquisitionServiceClient)
    await acquisition.start_recording(StartRecordingRequest(name="run", planned_frames=40))
    await recorded(connection, 1)
    link.close()
    worker.let_go()
    again, connection = await worker.connect()
    acquisition = connection.client(AcquisitionServiceClient)
    async for response in acquisition.watch_acquisition(WatchAcquisitionRequest()):
        assert response.state is not None
        if response.state.phase == AcquisitionPhase.IDLE:
            assert response.state.recording is not None
            assert response.state.recording.durable_frames == 40
            break
    again.close()
    assert await worker.process.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_recording_well(worker: RunningWorker, number: signal.Signals) -> None:
    _, connection = await worker.connect()
    await live(connection)
    acquisition = connection.client(AcquisitionServiceClient)
    started = (await acquisition.start_recording(StartRecordingRequest(name="run"))).state
    assert started is not None
    assert started.recording is not None
    await recorded(connection, 5)
    worker.process.send_signal(number)
    assert await worker.process.wait() == 0
    assert (await connection.ended()).code is Code.UNAVAILABLE
    info = json.dumps(run_info(Path(started.recording.directory)))
    assert "complete" in info
    assert "incomplete" not in info


async def test_a_hang_up_of_the_terminal_changes_nothing(worker: RunningWorker) -> None:
    _, connection = await worker.connect()
    client = connection.client(DiagnosticsServiceClient)
    worker.process.send_signal(signal.SIGHUP)
    assert (await client.echo(EchoRequest(payload=b"there"))).payload == b"there"


async def test_an_epoch_grows_with_every_start(tmp_path: Path) -> None:
    epochs = []
    for _ in range(2):
        async with running_worker(tmp_path) as worker:
            epochs.append((await worker.listening())["epoch"])
    assert epochs[0] < epochs[1]


async def test_a_broken_stderr_does_not_end_it(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        transport = worker.process._transport.get_pipe_transport(2)  # type: ignore[attr-defined]
        transport.close()
        for _ in range(3):
            wrong = await worker.link("x" * 64)
            assert await wrong.closed()
        _, connection = await worker.connect()
        client = connection.client(DiagnosticsServiceClient)
        assert (await client.echo(EchoRequest(payload=b"there"))).payload == b"there"
