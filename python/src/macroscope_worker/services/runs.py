"""The runs that lie on the disk: listing them, and verifying one."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1 import runs_connect
from macroscope.acquisition.v1.errors_pb import FolderProblem
from macroscope.acquisition.v1.runs_pb import (
    ListRunsRequest,
    ListRunsResponse,
    VerifyRunRequest,
    VerifyRunResponse,
)

from macroscope_worker.acquisition import AcquisitionPhase, CommandCanceled
from macroscope_worker.errors import RecordingRunning
from macroscope_worker.journal import verify_run

from .acquisition_translation import summary_to_proto
from .news import News, Pace
from .run_list import list_runs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from connectrpc.request import RequestContext
    from macroscope.acquisition.v1.runs_pb import RunEntry

    from macroscope_worker.acquisition import RecordingSummary
    from macroscope_worker.journal import RunReport

    from .engine_port import EnginePort
    from .engine_threads import EngineThreads

PROGRESS_GAP_S: Final = 0.1
REST_WHILE_RECORDING_S: Final = 0.02
"""After each frame that is verified while another run is recorded: the disk is the recording's."""


class RunService(runs_connect.RunService):
    """Lists in the threads of queries, and verifies one run at a time in a thread of its own."""

    def __init__(self, engine: EnginePort, threads: EngineThreads) -> None:
        self._engine = engine
        self._threads = threads
        self._verifying = ThreadPoolExecutor(max_workers=1, thread_name_prefix="verify")

    async def list_runs(self, request: ListRunsRequest, ctx: RequestContext[Any, Any], /) -> ListRunsResponse:
        """The run folders of a directory, newest first."""
        del ctx
        directory = _full_path(request.directory) or self._engine.acquisition().default_directory
        try:
            listed = await self._threads.query(
                lambda cancellation: list_runs(directory, request.most, cancellation.check)
            )
        except OSError as error:
            raise _unreadable(directory, error.strerror or str(error)) from error
        running = self._running()
        for entry in listed.runs:
            if running is not None and entry.run_id == running.run_id:
                _as_it_stands(entry, running)
        return ListRunsResponse(runs=list(listed.runs), directory=str(directory), left_out=listed.left_out)

    async def verify_run(
        self, request: VerifyRunRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[VerifyRunResponse]:
        """How far it is, and at the end what was found. Ending the stream ends the verification."""
        del ctx
        directory = _full_path(request.directory)
        assert directory is not None  # The schema wants one.
        verification = _Verification(directory, self._engine)
        news, pace = News(), Pace(PROGRESS_GAP_S)
        done = asyncio.get_running_loop().run_in_executor(self._verifying, verification.run)
        done.add_done_callback(lambda _done: news.tell())
        verification.on_progress = news.tell
        try:
            while not done.done():
                yield VerifyRunResponse(progress=verification.progress)
                await news.wait()
                await pace.wait()
            yield _report(await done)
        finally:
            verification.given_up.set()
            if not done.done():
                done.cancel()

    def close(self) -> None:
        """Take no more verifications."""
        self._verifying.shutdown(wait=False, cancel_futures=True)

    def _running(self) -> RecordingSummary | None:
        acquisition = self._engine.acquisition()
        return acquisition.recording if acquisition.phase is not AcquisitionPhase.IDLE else None


class _Verification:
    """One verification, in its thread."""

    def __init__(self, directory: Path, engine: EnginePort) -> None:
        self._directory = directory
        self._engine = engine
        self.given_up = threading.Event()
        self.progress = 0.0
        self.on_progress: Callable[[], None] = _tell_nobody

    def run(self) -> RunReport:
        # Here, because the disk is asked; and a recording may have begun while another verification was waited for.
        acquisition = self._engine.acquisition()
        recording = acquisition.recording if acquisition.phase is not AcquisitionPhase.IDLE else None
        if recording is not None and recording.directory.resolve() == self._directory.resolve():
            raise RecordingRunning(recording.run_id, recording.directory)
        return verify_run(self._directory, self._told, self._check)

    def _told(self, checked: int, total: int) -> None:
        self.progress = checked / total if total else 1.0
        self.on_progress()

    def _check(self) -> None:
        recording = self._engine.acquisition().phase is not AcquisitionPhase.IDLE
        if self.given_up.wait(REST_WHILE_RECORDING_S if recording else 0):
            raise CommandCanceled("Nobody waits for the verification any more.")


def _tell_nobody() -> None:
    """Until somebody listens."""


def _report(report: RunReport) -> VerifyRunResponse:
    return VerifyRunResponse(
        progress=1.0,
        done=True,
        complete=report.is_good,
        good_frames=report.frames.good_frames,
        expected_frames=report.frames.written_frames,
        flips=report.events.flips,
        sweeps=report.events.sweeps,
        problems=list(report.problems) if report.problems or report.is_good else [report.verdict],
    )


def _as_it_stands(entry: RunEntry, running: RecordingSummary) -> None:
    """What is being recorded: the engine knows better than the disk."""
    summary = summary_to_proto(running)
    entry.captured_frames, entry.bytes_written = summary.captured_frames, summary.bytes_written
    entry.dropped_frames = sum(drop.frames for drop in summary.drops)


def _full_path(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text)
    if not path.is_absolute() or "\0" in text:
        # Else it would lie wherever the worker was started.
        raise _unreadable(path, "it is no full path")
    return path


def _unreadable(directory: Path, cause: str) -> ConnectError:
    problem = FolderProblem(directory=str(directory), cause=cause)
    return ConnectError(
        Code.INVALID_ARGUMENT, f"The runs of {directory} cannot be listed: {cause}. Choose another folder.", [problem]
    )
