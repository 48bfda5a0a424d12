"""The table of transitions: what can be asked for, in which phases, against which guards, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1 import workflow_pb
from macroscope.workflow.v1.workflow_pb import Verb, WorkflowPhase

from . import _guards as guard

if TYPE_CHECKING:
    from ._facts import Facts

_SET_UP, _PRE_FLIGHT, _REVIEW = WorkflowPhase.SET_UP, WorkflowPhase.PRE_FLIGHT, WorkflowPhase.REVIEW
_ACQUISITION, _ERROR = WorkflowPhase.ACQUISITION, WorkflowPhase.ERROR


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table. The guards are asked in their order, those about the phase first."""

    verb: Verb
    from_phases: frozenset[WorkflowPhase]
    guards: tuple[guard.Guard, ...]
    to_phase: WorkflowPhase | None
    """None: the phase that recovery leads to."""
    note: str = ""

    def refused_by(self, facts: Facts) -> guard.Guard | None:
        """The first guard that stands against it; None: it is allowed."""
        return next((guard for guard in self.guards if not guard.holds(facts)), None)

    def leads_to(self, facts: Facts) -> WorkflowPhase:
        """The phase that it enters."""
        return self.to_phase if self.to_phase is not None else facts.recovers_to


_OUTSIDE_OF_A_RUN = (guard.STARTED_UP, guard.NO_FAULT, guard.NO_RUN)
_IN_A_RUN = (guard.RUN_GOES_ON,)

TRANSITIONS: Final = (
    Transition(
        Verb.ENTER_SET_UP, frozenset({_SET_UP, _PRE_FLIGHT, _REVIEW}), _OUTSIDE_OF_A_RUN, _SET_UP, "nothing runs"
    ),
    Transition(
        Verb.RUN_PREFLIGHT,
        frozenset({_SET_UP, _PRE_FLIGHT, _REVIEW}),
        _OUTSIDE_OF_A_RUN,
        _PRE_FLIGHT,
        "asked for while the checks are made, it waits for the same ones",
    ),
    Transition(
        Verb.START_RUN,
        frozenset({_PRE_FLIGHT}),
        (
            guard.STARTED_UP,
            guard.NO_FAULT,
            guard.NOT_STARTED,
            guard.CHECKS_FIRST,
            guard.CHECKS_IDLE,
            guard.CHECKS_MADE,
            guard.CHECKS_HOLD,
            guard.CHECKS_PASSED,
            guard.DISK_ANSWERS,
            guard.NO_RECORDING,
            guard.CAMERA_LIVE,
            guard.DISPLAY_ATTACHED,
            guard.WARNINGS_ACCEPTED,
        ),
        _ACQUISITION,
        "a state counts no warning as accepted: the request accepts them; checks that do not hold are made again first",
    ),
    Transition(
        Verb.PAUSE_RUN,
        frozenset({_ACQUISITION}),
        (*_IN_A_RUN, guard.NOT_ENDING, guard.SWEEPS_LEFT, guard.NO_STOP_ASKED, guard.NO_PAUSE_YET),
        _ACQUISITION,
        "at the end of the sweep that is shown, or at once where none is",
    ),
    Transition(
        Verb.RESUME_RUN,
        frozenset({_ACQUISITION}),
        (
            *_IN_A_RUN,
            guard.NOT_ENDING,
            guard.PAUSED,
            guard.CAMERA_LIVE,
            guard.DISPLAY_ATTACHED,
            guard.FLIPS_ARRIVE,
        ),
        _ACQUISITION,
        "a pause that has not begun is taken back",
    ),
    Transition(
        Verb.STOP_AFTER_SWEEP,
        frozenset({_ACQUISITION}),
        (*_IN_A_RUN, guard.NOT_ENDING, guard.SWEEPS_LEFT, guard.NO_STOP_ASKED),
        _REVIEW,
        "after the sweep and the last baseline",
    ),
    Transition(
        Verb.STOP_NOW,
        frozenset({_ACQUISITION}),
        (*_IN_A_RUN, guard.MAY_GIVE_UP),
        _REVIEW,
        "when the last frames are on the disk, or nobody waits for them any more",
    ),
    Transition(
        Verb.ENTER_REVIEW,
        frozenset({_SET_UP, _PRE_FLIGHT, _REVIEW}),
        (*_OUTSIDE_OF_A_RUN, guard.RUN_KEPT),
        _REVIEW,
    ),
    Transition(
        Verb.RECOVER,
        frozenset({_ERROR}),
        (guard.FAULT_THERE, guard.RECORDING_ENDED),
        None,
        "to the phase before; set-up and pre-flight look at the rest",
    ),
)

BY_VERB: Final = {transition.verb: transition for transition in TRANSITIONS}


def transitions_to_proto(facts: Facts) -> list[workflow_pb.Transition]:
    """Every transition there is, with what stands against it now."""
    told: list[workflow_pb.Transition] = []
    for transition in TRANSITIONS:
        refused_by = transition.refused_by(facts)
        told.append(
            workflow_pb.Transition(
                verb=transition.verb,
                allowed=refused_by is None,
                refused_by=refused_by.refusal(facts) if refused_by is not None else None,
            )
        )
    return told
