from __future__ import annotations

from dataclasses import replace

from tests.workflow.bench import Bench
from tests.workflow.simulated_run import SECOND_NS, SimulatedRun

from macroscope_worker.acquisition import AcquisitionPhase, CameraPhase, Fault
from macroscope_worker.stimulus import ShowingFigures
from macroscope_worker.workflow._run_watch import RunWatch
from macroscope_worker.workflow._sequence import Cause, Failed, Trouble


class Watched:
    """A run whose sweeps last 10 s, watched."""

    def __init__(self, at_s: float = 2.0) -> None:
        self.bench = Bench()
        self.bench.recording()
        self.run = SimulatedRun()
        self.run.pass_s(at_s)
        self.watch = RunWatch(self.bench.instruments)

    def look(self) -> Failed | Trouble | None:
        self.bench.now_ns = self.run.now_ns
        return self.watch.look(self.run.sequencer, "run")


def test_nothing() -> None:
    assert Watched().look() is None


def test_a_recording_that_failed() -> None:
    here = Watched()
    here.bench.recording(fault=Fault("The disk is full.", "Free some space."))
    assert here.look() == Failed("The disk is full.", "Free some space.")


def test_a_recording_that_was_ended_beside_the_run() -> None:
    here = Watched()
    here.bench.recording(AcquisitionPhase.STOPPING)
    found = here.look()
    assert isinstance(found, Failed)
    assert "ended beside the run" in found.message


def test_a_recording_of_another_name() -> None:
    here = Watched()
    here.bench.recording(run_id="another")
    assert isinstance(here.look(), Failed)


def test_a_camera_is_given_the_time_to_end_its_recording_itself() -> None:
    here = Watched()
    here.bench.camera = replace(here.bench.camera, phase=CameraPhase.FAILED, fault=Fault("It is gone.", "Plug it in."))
    assert here.look() is None
    here.run.pass_s(0.6)
    assert here.look() == Trouble(Cause.CAMERA, "The camera gives no frames. It is gone. Plug it in.")
    here.bench.camera = replace(here.bench.camera, phase=CameraPhase.LIVE)
    assert here.look() is None


def test_a_display_that_is_gone() -> None:
    here = Watched()
    here.bench.display, here.bench.lost_reason = None, "Its window was closed."
    found = here.look()
    assert isinstance(found, Trouble)
    assert (found.cause, "Its window was closed." in found.reason) == (Cause.DISPLAY, True)


def test_a_display_that_shows_nothing_in_a_sweep() -> None:
    here = Watched(at_s=5.9)
    started_ns = here.run.sequencer.shown[0].started_ns
    assert here.look() is None
    for _ in range(5):
        here.run.pass_s(0.2)
        here.look()
    here.run.pass_s(0.2)
    found = here.look()
    assert isinstance(found, Trouble)
    here.bench.showings[0] = ShowingFigures(5, 0, started_ns, started_ns + 2 * SECOND_NS)
    assert here.look() is None
    for _ in range(4):
        here.run.pass_s(0.2)
        found = here.look()
        assert found is None
    here.run.pass_s(0.2)
    found = here.look()
    assert isinstance(found, Trouble)
    assert "no flips for 1.1 s" in found.reason


def test_grey_is_not_watched_for_flips() -> None:
    here = Watched(at_s=17)
    assert here.look() is None


def test_a_worker_that_was_held_up_listens_before_it_takes_the_display_for_silent() -> None:
    here = Watched(at_s=5.1)
    started_ns = here.run.sequencer.shown[0].started_ns
    here.bench.showings[0] = ShowingFigures(5, 0, started_ns, started_ns + SECOND_NS // 10)
    assert here.look() is None
    here.run.pass_s(2.5)  # What the display has told of meanwhile is not read yet.
    assert here.look() is None
    for _ in range(5):
        here.run.pass_s(0.2)
        assert here.look() is None
    here.run.pass_s(0.2)
    assert isinstance(here.look(), Trouble)
