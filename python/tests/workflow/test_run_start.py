from __future__ import annotations

from asyncio import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from tests.workflow.bench import RECORDING, Bench

from macroscope_worker.acquisition import Cancellation
from macroscope_worker.errors import FolderUnwritable, RecordingRunning
from macroscope_worker.workflow._run_start import RecordingStart

if TYPE_CHECKING:
    from macroscope_worker.workflow import Instruments

pytestmark = pytest.mark.asyncio


class Threads:
    """Runs at once."""

    async def command(self, work: Any) -> Any:
        return work(Cancellation())


def instruments_of(bench: Bench, asked: list[tuple[str, Path | None, int]]) -> Instruments:
    def start(name: str, folder: Path | None, planned_frames: int, _cancellation: Cancellation) -> Any:
        asked.append((name, folder, planned_frames))
        return replace(bench.acquisition, recording=RECORDING)

    instruments = bench.instruments
    cast("Any", instruments.engine).start_recording = start
    return replace(instruments, threads=cast("Any", Threads()))


async def test_records_under_the_sessions_name_until_it_is_stopped() -> None:
    bench, asked = Bench(), []  # type: ignore[var-annotated]
    assert await RecordingStart(instruments_of(bench, asked)).begin() is RECORDING
    bench.state.configuration.session.directory = "/data"  # type: ignore[union-attr]
    await RecordingStart(instruments_of(bench, asked)).begin()
    assert asked == [("session", None, 0), ("session", Path("/data"), 0)]


async def test_a_folder_that_is_no_full_path() -> None:
    bench, asked = Bench(), []  # type: ignore[var-annotated]
    bench.state.configuration.session.directory = "data"  # type: ignore[union-attr]
    with pytest.raises(FolderUnwritable):
        await RecordingStart(instruments_of(bench, asked)).begin()
    assert asked == []


async def test_of_one_that_was_refused_nothing_runs_and_of_one_that_was_given_up_it_may() -> None:
    bench = Bench()
    instruments = instruments_of(bench, [])

    def raises(error: BaseException) -> Any:
        def start(*_: Any) -> None:
            raise error

        return start

    for error, may_run in ((RecordingRunning("other", Path("/runs/other")), False), (CancelledError(), True)):
        cast("Any", instruments.engine).start_recording = raises(error)
        start = RecordingStart(instruments)
        with pytest.raises(type(error)):
            await start.begin()
        assert start.may_run is may_run
