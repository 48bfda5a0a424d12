"""What is kept beside the frames is opened before the first of them and closed behind the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from macroscope_worker.acquisition import Cancellation, CommandCanceled, RecordingOutcome
from macroscope_worker.recording import EventsInfo, RunReader

from .scripted_camera import ScriptedCamera, live_engine

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.recording import Moment


class Companion:
    """Notes how the run stood when it was told of it."""

    def __init__(self, fail: str = "") -> None:
        self.fail = fail
        self.told: list[tuple[str, int, RecordingOutcome]] = []
        self.directory: Path | None = None
        self.cancellation: Cancellation | None = None

    def opened(self, run_id: str, directory: Path, started: Moment) -> None:
        self.directory = directory
        reader = RunReader(directory)
        assert (reader.info.run_id, reader.info.started) == (run_id, started)
        self._note("opened")
        if self.cancellation is not None:
            self.cancellation.cancel("the test gave it up.")

    def closing(self) -> EventsInfo | None:
        self._note("closing")
        return EventsInfo(7, 2)

    def _note(self, what: str) -> None:
        assert self.directory is not None
        reader = RunReader(self.directory)
        self.told.append((what, reader.frame_count, reader.info.outcome))
        if self.fail == what:
            raise RuntimeError(what)


def record(companion: Companion, directory: Path) -> RunReader:
    camera = ScriptedCamera()
    with live_engine(camera, directory, companion=companion) as engine:
        engine.start_recording("run")
        camera.deliver(*range(5))
        summary = engine.stop_recording()
        assert summary is not None
        return RunReader(summary.directory)


def test_is_there_from_before_the_first_frame_to_behind_the_last(tmp_path: Path) -> None:
    companion = Companion()
    reader = record(companion, tmp_path)
    assert companion.told == [
        ("opened", 0, RecordingOutcome.INCOMPLETE),
        ("closing", 5, RecordingOutcome.INCOMPLETE),
    ]
    assert (reader.info.outcome, reader.info.events) == (RecordingOutcome.COMPLETE, EventsInfo(7, 2))


@pytest.mark.parametrize(("fail", "calls"), [("opened", 1), ("closing", 2)])
def test_one_that_fails_costs_no_frame(tmp_path: Path, fail: str, calls: int) -> None:
    companion = Companion(fail)
    reader = record(companion, tmp_path)
    assert len(companion.told) == calls
    assert (reader.info.outcome, reader.info.durable_frames) == (RecordingOutcome.COMPLETE, 5)
    assert reader.info.events is None


def test_a_start_that_is_given_up_closes_it_before_the_folder_goes(tmp_path: Path) -> None:
    companion = Companion()
    companion.cancellation = Cancellation()
    with live_engine(ScriptedCamera(), tmp_path, companion=companion) as engine:
        with pytest.raises(CommandCanceled):
            engine.start_recording("run", cancellation=companion.cancellation)
        assert [what for what, _, _ in companion.told] == ["opened", "closing"]
        assert not list(tmp_path.iterdir())


def test_a_recording_without_one_has_none(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        engine.start_recording("run")
        camera.deliver(0)
        summary = engine.stop_recording()
        assert summary is not None
        assert RunReader(summary.directory).info.events is None
