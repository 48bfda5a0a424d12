"""What people are told of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope.notification.v1.notification_pb import Severity
from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepOutcome

from ._duration import duration_in_words
from ._sequence import Cause

if TYPE_CHECKING:
    from ._ports import NotificationsPort
    from ._sequencer import Sequencer
    from ._showing import Showing

SOURCE: Final = "workflow"

_CODES: Final[dict[Cause | None, str]] = {
    Cause.DISPLAY: "stimulus_window_lost",
    Cause.CAMERA: "camera_silent_in_run",
    Cause.FRAMES: "sweep_frames_missing",
}


class RunNews:
    """Looks at a sequencer after each step, and posts what is new."""

    def __init__(self, notifications: NotificationsPort) -> None:
        self._notifications = notifications
        self._step = RunStep.UNSPECIFIED
        self._broken: set[int] = set()
        self._outcome_told = False
        self._reason_told = ""

    def started(self, run_id: str, sweeps: int, seconds: float) -> None:
        """A run has begun."""
        takes = duration_in_words(seconds)
        self._post(Severity.INFO, "run_started", f"The run {run_id} has started: {sweeps} sweeps, {takes}.")

    def shifted(self, late_ns: int) -> None:
        """What comes was put off."""
        self._post(
            Severity.WARNING,
            "run_held_up",
            f"The worker was held up; the next sweep begins {late_ns / 1e9:.1f} s later than planned.",
            "Close what keeps this computer busy.",
        )

    def look(self, sequencer: Sequencer) -> None:
        """Post what has happened since the last time."""
        before, self._step = self._step, sequencer.step
        for showing in sequencer.shown:
            if showing.outcome is SweepOutcome.BROKEN and showing.number not in self._broken:
                self._broken.add(showing.number)
                self._tell_broken(sequencer, showing)
        self._tell_pause(sequencer)
        if before is RunStep.PAUSED and self._step not in {RunStep.PAUSED, RunStep.ENDING, RunStep.ENDED}:
            self._post(Severity.INFO, "run_resumed", "The run goes on.")
        if before is not RunStep.PAUSED and self._step is RunStep.PAUSED and not sequencer.pause_reason:
            self._post(Severity.INFO, "run_paused", "The run is paused.", "Resume it to go on.")
        if self._step is RunStep.ENDED and not self._outcome_told:
            self._outcome_told = True
            self._tell_end(sequencer)

    def _tell_pause(self, sequencer: Sequencer) -> None:
        reason = sequencer.pause_reason
        if reason and reason != self._reason_told:
            paused = "The run is paused" if sequencer.step is RunStep.PAUSED else "The run pauses after this sweep"
            code = _CODES.get(sequencer.pause_cause, "run_interrupted")
            self._post(Severity.ERROR, code, f"{paused}: {reason}", "Mend it, then resume the run.")
        self._reason_told = reason

    def _tell_broken(self, sequencer: Sequencer, showing: Showing) -> None:
        again = sequencer.outcome is RunOutcome.RUNNING and not sequencer.stop_after_sweep
        self._post(
            Severity.WARNING,
            "sweep_broken",
            f"{showing.name} does not count. {showing.reason}",
            "It is shown again when the run goes on." if again else "",
        )

    def _tell_end(self, sequencer: Sequencer) -> None:
        complete = sum(showing.outcome is SweepOutcome.COMPLETE for showing in sequencer.shown)
        counted = f"{complete} of {len(sequencer.plan.sweeps)} sweeps are complete."
        match sequencer.outcome:
            case RunOutcome.COMPLETE:
                self._post(Severity.INFO, "run_complete", f"The run is complete. {counted}")
            case RunOutcome.FAILED:
                failure = sequencer.failure
                message = failure.message if failure is not None else ""
                remedy = failure.remedy if failure is not None else ""
                self._post(Severity.ERROR, "run_failed", f"The run failed. {message} {counted}", remedy)
            case _:
                self._post(Severity.INFO, "run_stopped", f"The run was stopped. {counted}")

    def _post(self, severity: Severity, code: str, message: str, remedy: str = "") -> None:
        self._notifications.post(severity, SOURCE, code, message, remedy)
