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
    labels = [f"Field {number}" for number in range(9)]
    error = StaleRevision(1, 9, ["stimulus.x"] * 9, labels, "left window")
    assert str(error).startswith("left window has changed the configuration meanwhile (Field 0, ")
    assert "Field 4, …" in str(error)
    assert "Field 5" not in str(error)
    assert str(StaleRevision(1, 9, [], [], "")).startswith("Somebody has changed the configuration meanwhile. ")
    assert str(StaleRevision(1, 9, [], [], "camera")).startswith("The camera has changed")


def test_broken_rules_are_told() -> None:
    error = InvalidConfiguration([BrokenRule("a.b", "must be big", "x")], "B must be big")
    assert str(error) == "Nothing was changed, because rules would be broken: B must be big."


def test_a_run_names_the_fields_as_people_know_them() -> None:
    assert str(FixedDuringRun(["stimulus.gamma"], ["Gamma"], "r")).startswith("Gamma cannot change while a run")


def test_a_preset_is_named_when_it_has_a_name() -> None:
    assert str(PresetUnreadable("mine", "It is broken.")) == "The preset 'mine' cannot be loaded: It is broken."
    assert str(PresetUnreadable("", "It is broken.")) == "It cannot be read: It is broken."
    assert isinstance(PresetNotFound("x"), PresetUnreadable)
