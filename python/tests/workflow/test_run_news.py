from __future__ import annotations

from macroscope_worker.notifications import Notifications, Severity
from macroscope_worker.workflow._run_news import RunNews
from macroscope_worker.workflow._sequence import Cause, Failed, Pause, Resume, StopNow, Trouble

from .simulated_run import SimulatedRun


class Told:
    """A run of which people are told."""

    def __init__(self) -> None:
        self.notifications = Notifications()
        self.news = RunNews(self.notifications)
        self.run = SimulatedRun()
        self.look()

    def look(self) -> list[str]:
        before = len(self.notifications.snapshot()[1])
        self.news.look(self.run.sequencer)
        return [note.code for note in self.notifications.snapshot()[1][before:]]

    def last(self) -> str:
        return self.notifications.snapshot()[1][-1].message


def test_a_pause_that_somebody_asked_for() -> None:
    here = Told()
    here.run.pass_s(2)
    here.run.send(Pause())
    assert here.look() == ["run_paused"]
    assert here.look() == []
    here.run.send(Resume())
    assert here.look() == ["run_resumed"]


def test_a_pause_with_a_reason_is_told_when_it_is_known() -> None:
    here = Told()
    here.run.pass_s(7)
    here.run.send(Trouble(Cause.DISPLAY, "It is gone."))
    assert here.look() == ["sweep_broken", "stimulus_window_lost"]
    assert here.last() == "The run pauses after this sweep: It is gone."
    here.run.pass_s(10)
    assert here.look() == []
    assert here.notifications.snapshot()[1][-1].severity == Severity.ERROR


def test_the_end() -> None:
    here = Told()
    here.run.to_end()
    assert here.look() == ["run_complete"]
    assert here.last() == "The run is complete. 4 of 4 sweeps are complete."
    assert here.look() == []


def test_a_stop_names_what_is_complete() -> None:
    here = Told()
    here.run.pass_s(20)
    here.run.send(StopNow())
    assert here.look() == ["sweep_broken", "run_stopped"]
    assert here.last() == "The run was stopped. 1 of 4 sweeps are complete."


def test_a_failure_says_what_to_do() -> None:
    here = Told()
    here.run.pass_s(2)
    here.run.send(Failed("The disk is full.", "Free some space."))
    assert here.look() == ["run_failed"]
    note = here.notifications.snapshot()[1][-1]
    assert (note.message, note.remedy) == (
        "The run failed. The disk is full. 0 of 4 sweeps are complete.",
        "Free some space.",
    )


def test_the_start_and_a_worker_that_was_held_up() -> None:
    here = Told()
    here.news.started("a", 4, 742)
    assert here.last() == "The run a has started: 4 sweeps, 12 min."
    here.news.shifted(2_500_000_000)
    assert "2.5 s later" in here.last()
