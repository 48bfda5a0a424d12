"""The chain of versions."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.configuration._migrations import STEPS, VERSION, migrated


def test_there_is_a_step_from_every_version() -> None:
    assert sorted(STEPS) == list(range(VERSION))


def test_the_present_version_stays_as_it_is() -> None:
    settings = {"stimulus": {"flicker_interval_ms": 5}}
    assert migrated(settings, VERSION) is settings


def test_version_0_had_a_flicker() -> None:
    assert migrated({"stimulus": {"flicker_interval_ms": 5, "gamma": 1}, "session": {}}, 0) == {
        "stimulus": {"reversal_interval_ms": 5, "gamma": 1},
        "session": {},
    }


def test_a_file_that_has_both_names_keeps_the_new_one() -> None:
    both = {"stimulus": {"flicker_interval_ms": 5, "reversal_interval_ms": 6}}
    assert migrated(both, 0) == {"stimulus": {"reversal_interval_ms": 6}}


@pytest.mark.parametrize("settings", [{}, {"stimulus": None}, {"stimulus": []}, {"stimulus": "x"}, {"stimulus": {}}])
def test_what_is_not_there_is_not_renamed(settings: dict[str, Any]) -> None:
    assert migrated(settings, 0) == settings


@given(st.dictionaries(st.text(max_size=5), st.dictionaries(st.sampled_from(["flicker_interval_ms", "x"]), st.none())))
def test_changes_nothing_of_what_it_is_given(settings: dict[str, Any]) -> None:
    settings["stimulus"] = {"flicker_interval_ms": 1}
    before = deepcopy(settings)
    migrated(settings, 0)
    assert settings == before
