from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1 import acquisition_pb
from macroscope.acquisition.v1.acquisition_pb import (
    StartRecordingRequest,
    StopRecordingRequest,
    WatchAcquisitionRequest,
)
from macroscope.acquisition.v1.errors_pb import FolderProblem, RecordingConflict, SpaceNeeded
from macroscope.rpc.v1.errors_pb import InvalidFields
from macroscope.rpc.v1.options_pb import Role
from tests.services.fake_engine import summary
from tests.services.served import served

from macroscope_worker.acquisition import AcquisitionPhase
from macroscope_worker.errors import SpaceShort

pytestmark = pytest.mark.asyncio


async def test_starts_and_stops() -> None:
    async with served() as here:
        request = StartRecordingRequest(name="run", directory="/data", planned_frames=9)
        state = (await here.acquisition.start_recording(request)).state
        assert state is not None
        assert state.phase == acquisition_pb.AcquisitionPhase.RECORDING
        assert state.recording is not None
        assert (state.recording.directory, state.recording.planned_frames) == ("/data/run", 9)
        assert (state.default_directory, state.free_bytes, state.bytes_per_s) == ("/runs", 10**9, 1.5)
        done = (await here.acquisition.stop_recording(StopRecordingRequest())).summary
        assert done is not None
        assert done.outcome == acquisition_pb.RecordingOutcome.COMPLETE


async def test_a_folder_that_is_no_full_path() -> None:
    async with served() as here:
        with pytest.raises(ConnectError) as caught:
            await here.acquisition.start_recording(StartRecordingRequest(name="run", directory="data"))
        assert caught.value.code is Code.PERMISSION_DENIED
        detail = caught.value.details[0].value(FolderProblem)
        assert detail == FolderProblem(directory="data", cause="it is no full path")


async def test_a_stop_without_any_recording_has_no_summary() -> None:
    async with served() as here:
        assert (await here.acquisition.stop_recording(StopRecordingRequest())).summary is None


async def test_a_second_start_while_one_runs() -> None:
    async with served() as here:
        await here.acquisition.start_recording(StartRecordingRequest(name="first"))
        with pytest.raises(ConnectError) as caught:
            await here.acquisition.start_recording(StartRecordingRequest(name="second"))
        assert caught.value.code is Code.FAILED_PRECONDITION
        detail = caught.value.details[0].value(RecordingConflict)
        assert detail is not None
        assert (detail.run_id, detail.directory) == ("first", "/runs/first")
        assert here.engine.acquisition().phase == AcquisitionPhase.RECORDING


async def test_a_disk_without_room() -> None:
    async with served() as here:
        here.engine.error = SpaceShort(Path("/runs"), 10**12, 10**9)
        with pytest.raises(ConnectError) as caught:
            await here.acquisition.start_recording(StartRecordingRequest(name="long", planned_frames=10**7))
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        assert "GB" in caught.value.message
        detail = caught.value.details[0].value(SpaceNeeded)
        assert detail is not None
        assert detail.needed_bytes == 10**12


@pytest.mark.parametrize("name", ["", "../escape", "a/b", ".hidden", "x" * 81])
async def test_a_name_that_is_no_folder(name: str) -> None:
    async with served() as here:
        with pytest.raises(ConnectError) as caught:
            await here.acquisition.start_recording(StartRecordingRequest(name=name))
        assert caught.value.code is Code.INVALID_ARGUMENT
        detail = caught.value.details[0].value(InvalidFields)
        assert detail is not None
        assert detail.violations[0].field == "name"
        assert here.engine.acquisition().recording is None


async def test_watches_the_state_and_not_every_change() -> None:
    async with served(Role.VIEWER) as here:
        states = here.acquisition.watch_acquisition(WatchAcquisitionRequest())
        first = (await anext(states)).state
        assert first is not None
        assert (first.revision, first.recording) == (1, None)
        started = asyncio.get_running_loop().time()
        for _ in range(50):
            here.engine.set_acquisition(phase=AcquisitionPhase.RECORDING, recording=summary("run", Path("/runs/run")))
        second = (await anext(states)).state
        assert second is not None
        assert second.revision == 51
        assert asyncio.get_running_loop().time() - started >= 0.09
        await states.aclose()  # type: ignore[attr-defined]
