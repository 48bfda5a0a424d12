"""What can go wrong with the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.errors import MacroscopeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macroscope.workflow.v1.workflow_pb import Check, Guard, Verb, WorkflowPhase


class TransitionRefused(MacroscopeError):
    """A guard stands against what was asked for; `checks` are those behind it, where checks are."""

    def __init__(self, verb: Verb, phase: WorkflowPhase, guard: Guard, checks: Sequence[Check] = ()) -> None:
        super().__init__(f"{guard.reason} {guard.remedy}".strip())
        self.verb = verb
        self.phase = phase
        self.guard = guard
        self.checks = tuple(checks)


class TransitionOvertaken(TransitionRefused):
    """Somebody else has just done the same."""
