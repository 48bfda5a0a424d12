from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1.errors_pb import FolderProblem, RecordingConflict
from macroscope.acquisition.v1.runs_connect import RunServiceClient
from macroscope.acquisition.v1.runs_pb import ListRunsRequest, VerifyRunRequest, VerifyRunResponse
from macroscope.rpc.v1.options_pb import Role
from tests.journal.made_journal import MadeRun
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare

from macroscope_worker.acquisition import AcquisitionPhase
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.runs import RunService

from .fake_engine import FakeEngine, summary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from macroscope_worker.journal import RunReport

pytestmark = pytest.mark.asyncio


class Served:
    def __init__(self) -> None:
        self.engine = FakeEngine()
        self.threads = EngineThreads()
        self.service = RunService(self.engine, self.threads)
        self.server = Server(SERVER, [self.service], translate=translate)

    async def client(self, role: Role = Role.OPERATOR) -> RunServiceClient:
        return (await bare(self.server, role=role)).client(RunServiceClient)

    async def verified(self, directory: Path) -> list[VerifyRunResponse]:
        return [answer async for answer in (await self.client()).verify_run(VerifyRunRequest(directory=str(directory)))]


@pytest.fixture
async def here() -> AsyncIterator[Served]:
    served = Served()
    yield served
    served.server.close()
    served.service.close()
    served.threads.close()


async def test_lists_the_runs_of_a_folder(here: Served, tmp_path: Path) -> None:
    made = MadeRun().write(tmp_path)
    client = await here.client(Role.VIEWER)
    listed = await client.list_runs(ListRunsRequest(directory=str(tmp_path), most=5))
    assert [(run.run_id, run.complete_sweeps) for run in listed.runs] == [(made.name, 3)]
    assert (listed.directory, listed.left_out) == (str(tmp_path), 0)
    default = await client.list_runs(ListRunsRequest(most=5))
    assert (default.directory, list(default.runs)) == ("/runs", [])


async def test_what_is_being_recorded_stands_as_the_engine_has_it(here: Served, tmp_path: Path) -> None:
    made = MadeRun().write(tmp_path, finish=False)
    here.engine.set_acquisition(phase=AcquisitionPhase.RECORDING, recording=summary(made.name, made))
    listed = await (await here.client()).list_runs(ListRunsRequest(directory=str(tmp_path), most=5))
    assert (listed.runs[0].captured_frames, listed.runs[0].bytes_written) == (7, 4)


@pytest.mark.parametrize("directory", ["relative/path", "/with\0nul"])
async def test_a_folder_that_is_none_is_refused(here: Served, directory: str) -> None:
    client = await here.client()
    with pytest.raises(ConnectError) as caught:
        await client.list_runs(ListRunsRequest(directory=directory, most=5))
    assert caught.value.code is Code.INVALID_ARGUMENT
    detail = caught.value.details[0].value(FolderProblem)
    assert detail is not None
    assert detail.cause == "it is no full path"


async def test_a_folder_that_cannot_be_read_says_so(here: Served, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConnectError) as caught:
        await (await here.client()).list_runs(ListRunsRequest(directory=str(tmp_path / "file"), most=5))
    assert caught.value.code is Code.INVALID_ARGUMENT


async def test_a_sound_run_is_complete(here: Served, tmp_path: Path) -> None:
    answers = await here.verified(MadeRun().write(tmp_path))
    last = answers[-1]
    assert last == VerifyRunResponse(
        progress=1.0, done=True, complete=True, good_frames=151, expected_frames=151, flips=299, sweeps=3
    )
    assert not any(answer.done for answer in answers[:-1])
    assert [answer.progress for answer in answers] == sorted(answer.progress for answer in answers)


async def test_a_run_with_problems_says_which(here: Served, tmp_path: Path) -> None:
    made = MadeRun()
    made.flips = [flip for flip in made.flips if flip["showing"] != 2]
    last = (await here.verified(made.write(tmp_path)))[-1]
    assert (last.done, last.complete) == (True, False)
    assert any("has no flips" in problem for problem in last.problems)


async def test_a_run_that_was_killed_is_not_complete_though_nothing_is_wrong(here: Served, tmp_path: Path) -> None:
    last = (await here.verified(MadeRun().write(tmp_path, finish=False)))[-1]
    assert (last.done, last.complete) == (True, False)
    assert "incomplete" in last.problems[0]


async def test_what_is_no_run_is_not_found(here: Served, tmp_path: Path) -> None:
    with pytest.raises(ConnectError) as caught:
        await here.verified(tmp_path)
    assert caught.value.code is Code.NOT_FOUND


async def test_what_is_being_recorded_is_not_verified(here: Served, tmp_path: Path) -> None:
    run = MadeRun().write(tmp_path, finish=False)
    here.engine.set_acquisition(phase=AcquisitionPhase.RECORDING, recording=summary(run.name, run))
    with pytest.raises(ConnectError) as caught:
        await here.verified(tmp_path / "." / run.name)
    assert caught.value.code is Code.FAILED_PRECONDITION
    assert caught.value.details[0].value(RecordingConflict) is not None


async def test_a_folder_on_a_disk_that_hangs_holds_up_nobody(
    here: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = MadeRun().write(tmp_path, finish=False)
    here.engine.set_acquisition(phase=AcquisitionPhase.RECORDING, recording=summary(run.name, run))
    here_thread = threading.current_thread()

    def resolve(path: Path) -> Path:
        assert threading.current_thread() is not here_thread, "the event loop waits for the disk"
        return path

    monkeypatch.setattr("pathlib.Path.resolve", resolve)
    (tmp_path / "away").mkdir()
    with pytest.raises(ConnectError) as caught:
        await here.verified(tmp_path / "away")
    assert caught.value.code is Code.NOT_FOUND


async def test_another_run_is_verified_while_one_is_recorded(here: Served, tmp_path: Path) -> None:
    made = MadeRun(sweeps=1)
    made.frames = made.frames[:3]
    run = made.write(tmp_path)
    here.engine.set_acquisition(phase=AcquisitionPhase.RECORDING, recording=summary("other", tmp_path / "other"))
    assert (await here.verified(run))[-1].done


async def test_a_verification_that_nobody_waits_for_ends(
    here: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, ended = threading.Event(), threading.Event()

    def endless(_run: Path, progress: Callable[[int, int], None], check: Callable[[], None]) -> RunReport:
        try:
            while True:
                progress(1, 4)
                entered.set()
                check()
        finally:
            ended.set()

    monkeypatch.setattr("macroscope_worker.services.runs.verify_run", endless)
    answers: Any = (await here.client()).verify_run(VerifyRunRequest(directory=str(tmp_path)))
    async for answer in answers:
        if answer.progress == 0.25:
            break
    await answers.aclose()
    assert await here.threads.query(lambda _: ended.wait(10))


async def test_a_viewer_verifies_nothing(here: Served, tmp_path: Path) -> None:
    with pytest.raises(ConnectError) as caught:
        await anext((await here.client(Role.VIEWER)).verify_run(VerifyRunRequest(directory=str(tmp_path))))
    assert caught.value.code is Code.PERMISSION_DENIED
