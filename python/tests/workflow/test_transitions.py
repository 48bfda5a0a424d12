"""The whole table: every phase, every verb, every guard, and the page that describes it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.workflow.v1.workflow_pb import RunStep, Verb, WorkflowPhase

from macroscope_worker.workflow import _guards
from macroscope_worker.workflow._facts import Facts
from macroscope_worker.workflow._guards import Guard
from macroscope_worker.workflow._transitions import BY_VERB, TRANSITIONS, Transition, transitions_to_proto
from macroscope_worker.workflow.checks import CHECKS

PHASES: list[WorkflowPhase] = [phase for phase in WorkflowPhase if phase != WorkflowPhase.UNSPECIFIED]
GUARDS = {guard.id: guard for guard in vars(_guards).values() if isinstance(guard, Guard)}
PAGE = (Path(__file__).parents[3] / "docs/reference/workflow.md").read_text(encoding="utf-8")

# Where nothing stands against a verb but its phase.
FINE = Facts(
    phase=WorkflowPhase.SET_UP,
    recovers_to=WorkflowPhase.REVIEW,
    run_kept=True,
    step=RunStep.SWEEP,
    checks_made=True,
    camera_live=True,
    display_attached=True,
    flips_arrive=True,
)
OF_VERB: dict[Verb, dict[str, Any]] = {Verb.RESUME_RUN: {"step": RunStep.PAUSED}}

# For each guard, what makes it alone refuse.
AGAINST: dict[str, dict[str, Any]] = {
    "run_kept": {"run_kept": False},
    "checks_made": {"checks_made": False},
    "checks_idle": {"checks_running": True},
    "checks_hold": {"checks_outdated": "The configuration has been changed since."},
    "checks_passed": {"failed_checks": ("Free space",)},
    "warnings_accepted": {"unaccepted_warnings": ("Full screen", "Errors")},
    "no_recording": {"recording": True},
    "recording_ended": {"recording": True},
    "disk_answers": {"recording_given_up": True},
    "may_give_up": {"step": RunStep.ENDING},
    "camera_live": {"camera_live": False},
    "display_attached": {"display_attached": False, "display_lost_reason": "Its window was closed."},
    "flips_arrive": {"flips_arrive": False},
    "sweeps_left": {"step": RunStep.BASELINE_AFTER, "sweeps_left": False},
    "no_stop_asked": {"stop_after_sweep_asked": True},
    "no_pause_yet": {"pause_asked": True},
    "paused": {"step": RunStep.SWEEP},
    "not_ending": {"step": RunStep.ENDING},
}
OF_PHASE: dict[str, set[WorkflowPhase]] = {
    "started_up": {WorkflowPhase.START_UP},
    "no_fault": {WorkflowPhase.ERROR},
    "no_run": {WorkflowPhase.ACQUISITION},
    "not_started": {WorkflowPhase.ACQUISITION},
    "checks_first": {WorkflowPhase.START_UP, WorkflowPhase.SET_UP, WorkflowPhase.REVIEW, WorkflowPhase.ERROR},
    "fault_there": set(PHASES) - {WorkflowPhase.ERROR},
    "run_goes_on": set(PHASES) - {WorkflowPhase.ACQUISITION},
}


def facts_for(transition: Transition, phase: WorkflowPhase) -> Facts:
    return replace(FINE, phase=phase, **OF_VERB.get(transition.verb, {}))


def test_there_is_one_row_for_each_verb_and_a_case_for_each_guard() -> None:
    assert [transition.verb for transition in TRANSITIONS] == [verb for verb in Verb if verb != Verb.UNSPECIFIED]
    assert set(GUARDS) == {guard.id for transition in TRANSITIONS for guard in transition.guards}
    assert set(GUARDS) == set(AGAINST) | set(OF_PHASE)


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda transition: transition.verb.name)
def test_a_verb_is_allowed_in_its_phases_and_in_no_other(transition: Transition, phase: WorkflowPhase) -> None:
    refused_by = transition.refused_by(facts_for(transition, phase))
    assert (refused_by is None) == (phase in transition.from_phases)
    if refused_by is not None:
        assert phase in OF_PHASE[refused_by.id]


@pytest.mark.parametrize(
    ("transition", "guard"),
    [(transition, guard) for transition in TRANSITIONS for guard in transition.guards if guard.id in AGAINST],
    ids=lambda value: value.verb.name if isinstance(value, Transition) else value.id,
)
def test_each_guard_alone_refuses_and_says_why(transition: Transition, guard: Guard) -> None:
    for phase in transition.from_phases:
        facts = replace(facts_for(transition, phase), **AGAINST[guard.id])
        refused_by = transition.refused_by(facts)
        assert refused_by is guard
        told = guard.refusal(facts)
        assert (told.id, told.reason[-1], told.remedy[-1]) == (guard.id, ".", ".")


@pytest.mark.parametrize("guard", GUARDS.values(), ids=lambda guard: guard.id)
def test_a_guard_of_phases_stands_in_these_phases(guard: Guard) -> None:
    if guard.id in OF_PHASE:
        assert {phase for phase in PHASES if not guard.holds(replace(FINE, phase=phase))} == OF_PHASE[guard.id]


def test_a_reason_names_what_is_meant() -> None:
    facts = replace(FINE, unaccepted_warnings=("Full screen", "Errors"), display_lost_reason="Its window was closed.")
    assert "Full screen, Errors" in _guards.WARNINGS_ACCEPTED.refusal(facts).reason
    assert "Its window was closed." in _guards.DISPLAY_ATTACHED.refusal(facts).reason


def test_what_waits_for_a_disk_that_never_answers_can_be_given_up() -> None:
    stuck = replace(FINE, phase=WorkflowPhase.ACQUISITION, step=RunStep.ENDING, disk_stuck=True)
    assert BY_VERB[Verb.STOP_NOW].refused_by(stuck) is None
    given_up = replace(FINE, phase=WorkflowPhase.ERROR, recording=True, recording_given_up=True)
    assert BY_VERB[Verb.RECOVER].refused_by(given_up) is None


def test_only_a_second_start_was_overtaken() -> None:
    assert [guard.id for guard in GUARDS.values() if guard.by_faster] == ["not_started"]


@given(
    st.builds(
        Facts,
        phase=st.sampled_from(PHASES),
        recovers_to=st.just(WorkflowPhase.REVIEW),
        run_kept=st.booleans(),
        step=st.sampled_from(list(RunStep)),
        pause_asked=st.booleans(),
        stop_after_sweep_asked=st.booleans(),
        sweeps_left=st.booleans(),
        checks_made=st.booleans(),
        checks_running=st.booleans(),
        checks_outdated=st.sampled_from(["", "A run was made since."]),
        failed_checks=st.sampled_from([(), ("Folder",)]),
        unaccepted_warnings=st.sampled_from([(), ("Errors",)]),
        recording=st.booleans(),
        recording_given_up=st.booleans(),
        disk_stuck=st.booleans(),
        camera_live=st.booleans(),
        display_attached=st.booleans(),
        flips_arrive=st.booleans(),
    )
)
def test_the_state_says_what_the_table_does(facts: Facts) -> None:
    told = transitions_to_proto(facts)
    assert [entry.verb for entry in told] == [transition.verb for transition in TRANSITIONS]
    for entry, transition in zip(told, TRANSITIONS, strict=True):
        assert entry.allowed == (transition.refused_by(facts) is None)
        assert entry.allowed == all(guard.holds(facts) for guard in transition.guards)
        assert (entry.refused_by is None) == entry.allowed
        assert not entry.allowed or facts.phase in transition.from_phases


def test_recovery_leads_to_the_phase_before() -> None:
    recover = BY_VERB[Verb.RECOVER]
    assert recover.leads_to(replace(FINE, recovers_to=WorkflowPhase.SET_UP)) == WorkflowPhase.SET_UP
    assert BY_VERB[Verb.START_RUN].leads_to(FINE) == WorkflowPhase.ACQUISITION


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of the page."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_the_page_has_the_table() -> None:
    expected = [
        [
            transition.verb.name,
            ", ".join(phase.name for phase in PHASES if phase in transition.from_phases),
            ", ".join(f"`{guard.id}`" for guard in transition.guards),
            transition.to_phase.name if transition.to_phase is not None else "the phase before",
            transition.note,
        ]
        for transition in TRANSITIONS
    ]
    assert rows("Transitions") == expected


def test_the_page_has_the_guards() -> None:
    reasons = {
        "checks_hold": "why they do not hold any more",
        "checks_passed": "A check failed, and which.",
        "warnings_accepted": "A check warns, and nobody has accepted it, and which.",
        "display_attached": "No stimulus display is there, and why.",
    }
    order = list(dict.fromkeys(guard.id for transition in TRANSITIONS for guard in transition.guards))
    expected = [
        [
            f"`{guard_id}`",
            guard.reason if isinstance(guard.reason, str) else reasons[guard_id],
            guard.remedy,
            "ABORTED" if guard.by_faster else "FAILED_PRECONDITION",
        ]
        for guard_id in order
        for guard in [GUARDS[guard_id]]
    ]
    assert rows("Guards") == expected


def test_the_page_has_the_checks() -> None:
    assert rows("Checks") == [[f"`{check.id}`", check.label, check.looks_at] for check in CHECKS]
