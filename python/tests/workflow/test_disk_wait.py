from __future__ import annotations

from macroscope.workflow.v1.workflow_pb import RunStep
from tests.workflow.bench import Bench

from macroscope_worker.acquisition import AcquisitionPhase, DropReason
from macroscope_worker.workflow._disk_wait import STUCK_AFTER_NS, TOLD_AFTER_NS, DiskWait


def stopping(bench: Bench, **changes: int) -> None:
    drops = {DropReason.RING_FULL: 3, DropReason.CAMERA_GAP: 5}
    bench.recording(AcquisitionPhase.STOPPING, **({"drops": drops} | changes))


def test_a_run_that_ends_tells_what_it_waits_for_and_since_when() -> None:
    bench = Bench()
    stopping(bench, captured_frames=70, written_frames=60)
    wait = DiskWait(bench.instruments)
    wait.look(RunStep.ENDING)
    began_ns = bench.now_ns
    assert (wait.waits_for, wait.stuck) == ("", False)
    bench.now_ns += TOLD_AFTER_NS
    wait.look(RunStep.ENDING)
    assert wait.waits_for == "The disk of /runs/run does not answer: 7 frames wait to be written."
    assert (wait.since_ns, wait.stuck) == (began_ns, False)
    bench.now_ns = began_ns + STUCK_AFTER_NS
    assert wait.stuck
    assert wait.lasts_s == STUCK_AFTER_NS / 1e9


def test_what_moves_on_the_disk_begins_the_wait_anew() -> None:
    bench = Bench()
    stopping(bench, captured_frames=70, written_frames=60)
    wait = DiskWait(bench.instruments)
    wait.look(RunStep.ENDING)
    bench.now_ns += STUCK_AFTER_NS
    stopping(bench, captured_frames=70, written_frames=67)
    wait.look(RunStep.ENDING)
    assert (wait.waits_for, wait.stuck) == ("", False)
    bench.now_ns += TOLD_AFTER_NS
    assert "the last frames are being made durable" in wait.waits_for


def test_a_run_that_starts_waits_for_its_folder() -> None:
    bench = Bench()
    bench.state.configuration.session.directory = "/net/lab"  # type: ignore[union-attr]
    wait = DiskWait(bench.instruments)
    wait.look(RunStep.STARTING)
    bench.now_ns += STUCK_AFTER_NS
    wait.look(RunStep.STARTING)
    assert wait.waits_for.startswith("The run's folder in /net/lab is not made yet")
    assert wait.stuck


def test_in_the_middle_of_a_run_nothing_is_waited_for() -> None:
    bench = Bench()
    wait = DiskWait(bench.instruments)
    wait.look(RunStep.STARTING)
    bench.now_ns += STUCK_AFTER_NS
    wait.look(RunStep.SWEEP)
    bench.now_ns += STUCK_AFTER_NS
    assert (wait.waits_for, wait.stuck) == ("", False)
