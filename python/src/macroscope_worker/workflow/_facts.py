"""What the guards look at: everything that a transition depends on, at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from macroscope.workflow.v1.workflow_pb import RunStep, WorkflowPhase


@dataclass(frozen=True, slots=True)
class Facts:
    """A snapshot. Guards are predicates on it and on nothing else, so that a table of them can be tested whole."""

    phase: WorkflowPhase
    recovers_to: WorkflowPhase = WorkflowPhase.UNSPECIFIED
    """ERROR: where recovery leads."""
    run_kept: bool = False
    """There is a run to look at."""

    step: RunStep = RunStep.UNSPECIFIED
    """Of the run that goes on."""
    pause_asked: bool = False
    """A pause that has not begun."""
    stop_after_sweep_asked: bool = False
    disk_stuck: bool = False
    """The run starts or ends, and its disk has not answered for long."""
    sweeps_left: bool = True
    """Sweeps are to be shown yet, or one is being shown."""

    checks_made: bool = False
    checks_running: bool = False
    checks_outdated: str = ""
    """Why they do not hold any more, a sentence."""
    failed_checks: tuple[str, ...] = ()
    """Labels."""
    unaccepted_warnings: tuple[str, ...] = ()
    """Labels."""

    recording: bool = False
    """A recording goes on, the run's or one beside it."""
    recording_given_up: bool = False
    """It is that of a run which nobody waits for any more."""
    camera_live: bool = False
    display_attached: bool = False
    display_lost_reason: str = ""
    flips_arrive: bool = False
    """The display has told of flips just now, or nobody has missed any."""
