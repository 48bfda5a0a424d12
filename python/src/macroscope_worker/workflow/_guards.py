"""What can stand against a transition: each with a name, a test, the reason and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1 import workflow_pb
from macroscope.workflow.v1.workflow_pb import RunStep, WorkflowPhase

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._facts import Facts


@dataclass(frozen=True, slots=True)
class Guard:
    """`holds` says whether the transition may be made; where it does not, `reason` and `remedy` are sentences.

    `by_faster` marks what stands only because somebody else has just done the same: the caller sees ABORTED.
    """

    id: str
    holds: Callable[[Facts], bool]
    reason: str | Callable[[Facts], str]
    remedy: str
    by_faster: bool = False

    def refusal(self, facts: Facts) -> workflow_pb.Guard:
        """As the contract has it."""
        reason = self.reason if isinstance(self.reason, str) else self.reason(facts)
        return workflow_pb.Guard(id=self.id, reason=reason, remedy=self.remedy)


def _named(labels: tuple[str, ...]) -> str:
    return ", ".join(labels)


def _lost(facts: Facts) -> str:
    return f"No stimulus display is there. {facts.display_lost_reason}".strip()


_OF_CHECKS: Final = frozenset({WorkflowPhase.PRE_FLIGHT, WorkflowPhase.ACQUISITION})
_OF_SWEEPS: Final = frozenset(
    {RunStep.BASELINE_BEFORE, RunStep.SWEEP, RunStep.BETWEEN_SWEEPS, RunStep.PAUSED, RunStep.STARTING}
)

STARTED_UP: Final = Guard(
    "started_up",
    lambda facts: facts.phase != WorkflowPhase.START_UP,
    "The worker is still opening its camera and reading its configuration.",
    "Wait a moment.",
)
NO_FAULT: Final = Guard(
    "no_fault",
    lambda facts: facts.phase != WorkflowPhase.ERROR,
    "Something has to be mended first.",
    "Do what the fault asks for, then recover.",
)
NO_RUN: Final = Guard(
    "no_run",
    lambda facts: facts.phase != WorkflowPhase.ACQUISITION,
    "A run goes on.",
    "Wait for its end, or stop it first.",
)
NOT_STARTED: Final = Guard(
    "not_started",
    lambda facts: facts.phase != WorkflowPhase.ACQUISITION,
    "A run has been started already.",
    "Look at the run that goes on before you start another one.",
    by_faster=True,
)
FAULT_THERE: Final = Guard(
    "fault_there",
    lambda facts: facts.phase == WorkflowPhase.ERROR,
    "There is nothing to recover from.",
    "Go on with your work.",
)
RUN_GOES_ON: Final = Guard(
    "run_goes_on",
    lambda facts: facts.phase == WorkflowPhase.ACQUISITION,
    "No run goes on.",
    "Start one from pre-flight.",
)
RUN_KEPT: Final = Guard(
    "run_kept",
    lambda facts: facts.run_kept,
    "There is no run to look at yet.",
    "Start one from pre-flight.",
)
CHECKS_FIRST: Final = Guard(
    "checks_first",
    lambda facts: facts.phase in _OF_CHECKS,
    "A run is started from pre-flight.",
    "Make the checks.",
)
CHECKS_MADE: Final = Guard(
    "checks_made",
    lambda facts: facts.checks_made,
    "The checks have not been made.",
    "Make the checks.",
)
CHECKS_IDLE: Final = Guard(
    "checks_idle",
    lambda facts: not facts.checks_running,
    "The checks are being made.",
    "Wait until they are done.",
)
CHECKS_HOLD: Final = Guard(
    "checks_hold",
    lambda facts: not facts.checks_outdated,
    lambda facts: facts.checks_outdated,
    "Make the checks again.",
)
CHECKS_PASSED: Final = Guard(
    "checks_passed",
    lambda facts: not facts.failed_checks,
    lambda facts: f"A check failed: {_named(facts.failed_checks)}.",
    "Do what the check asks for, and make the checks again.",
)
WARNINGS_ACCEPTED: Final = Guard(
    "warnings_accepted",
    lambda facts: not facts.unaccepted_warnings,
    lambda facts: f"A check warns, and nobody has accepted it: {_named(facts.unaccepted_warnings)}.",
    "Accept the warning, or do what it asks for and make the checks again.",
)
NO_RECORDING: Final = Guard(
    "no_recording",
    lambda facts: not facts.recording,
    "A recording goes on.",
    "Stop it first.",
)
DISK_ANSWERS: Final = Guard(
    "disk_answers",
    lambda facts: not facts.recording_given_up,
    "The recording of a run that was given up still waits for its disk.",
    "Mend the disk, or end Macroscope and start it again.",
)
CAMERA_LIVE: Final = Guard(
    "camera_live",
    lambda facts: facts.camera_live,
    "No camera is live.",
    "Choose one, or check its cable and its power.",
)
DISPLAY_ATTACHED: Final = Guard(
    "display_attached",
    lambda facts: facts.display_attached,
    _lost,
    "Open the stimulus window.",
)
FLIPS_ARRIVE: Final = Guard(
    "flips_arrive",
    lambda facts: facts.flips_arrive,
    "The stimulus display tells of no flips.",
    "Close the stimulus window and open it again.",
)
SWEEPS_LEFT: Final = Guard(
    "sweeps_left",
    lambda facts: facts.step in _OF_SWEEPS and facts.sweeps_left,
    "No sweep is left: the run ends by itself.",
    "Wait for its end, or stop it now.",
)
NO_STOP_ASKED: Final = Guard(
    "no_stop_asked",
    lambda facts: not facts.stop_after_sweep_asked,
    "The run ends after this sweep.",
    "Wait for its end, or stop it now.",
)
NO_PAUSE_YET: Final = Guard(
    "no_pause_yet",
    lambda facts: facts.step != RunStep.PAUSED and not facts.pause_asked,
    "The run is paused, or about to pause.",
    "Resume it to go on.",
)
PAUSED: Final = Guard(
    "paused",
    lambda facts: facts.step == RunStep.PAUSED or facts.pause_asked,
    "The run is not paused.",
    "Let it go on.",
)
NOT_ENDING: Final = Guard(
    "not_ending",
    lambda facts: facts.step not in {RunStep.ENDING, RunStep.ENDED},
    "The run is ending already.",
    "Wait until its last frames are on the disk.",
)
MAY_GIVE_UP: Final = Guard(
    "may_give_up",
    lambda facts: facts.step not in {RunStep.ENDING, RunStep.ENDED} or facts.disk_stuck,
    "The run is ending already.",
    "Wait until its last frames are on the disk. Where the disk has not answered for 10 s, Stop gives up waiting.",
)
RECORDING_ENDED: Final = Guard(
    "recording_ended",
    lambda facts: not facts.recording or facts.recording_given_up,
    "The recording has not ended yet.",
    "Wait until its last frames are on the disk, or stop it.",
)
