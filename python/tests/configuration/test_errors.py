"""What people read when something is refused."""

from __future__ import annotations

from macroscope_worker.configuration import (
    BrokenRule,
    FixedDuringRun,
    InvalidConfiguration,
    PresetNotFound,
    PresetUnreadable,
    StaleRevision,
)


def test_a_stale_revision_names_who_and_what_but_not_everything() -> None:
    error = StaleRevision(1, 9, [f"stimulus.field{number}" for number in range(9)], "left window")
    assert str(error).startswith("left window has changed the configuration meanwhile (stimulus.field0, ")
    assert "field4, …" in str(error)
    assert "field5" not in str(error)
    assert str(StaleRevision(1, 9, [], "")).startswith("Somebody has changed the configuration meanwhile. ")


def test_broken_rules_are_told_at_their_fields() -> None:
    error = InvalidConfiguration([BrokenRule("a.b", "must be big", "x"), BrokenRule("", "makes no sense", "y")])
    assert str(error).endswith("a.b must be big; the configuration makes no sense.")


def test_a_run_names_the_fields_as_people_know_them() -> None:
    assert str(FixedDuringRun(["stimulus.gamma"], ["Gamma"], "r")).startswith("Gamma cannot change while a run")


def test_a_preset_is_named_when_it_has_a_name() -> None:
    assert str(PresetUnreadable("mine", "It is broken.")) == "The preset 'mine' cannot be loaded: It is broken."
    assert str(PresetUnreadable("", "It is broken.")) == "It cannot be read: It is broken."
    assert isinstance(PresetNotFound("x"), PresetUnreadable)
