"""Any sequence of commands to the configuration, against a model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.configuration.making import Stored, default_settings, settings, stored

from macroscope_worker.configuration import (
    NothingToUndo,
    StaleRevision,
)
from macroscope_worker.configuration._paths import changed_paths, merged, value_at

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope.configuration.v1.settings_pb import Configuration


def at(made: Stored, path: str) -> Any:
    return value_at(made.store.configuration, path)


FIELDS = {
    "stimulus.gamma": st.floats(0.5, 5),
    "stimulus.azimuth_to_deg": st.one_of(st.none(), st.floats(-60, 20)),
    "display.tilt_deg": st.floats(-20, 30),
    "session.notes": st.text(max_size=5),
    "acquisition.sweeps_per_direction": st.integers(1, 20),
    "camera.settings.exposure_us": st.floats(10, 1000),
    "camera.um_per_px": st.one_of(st.none(), st.floats(1, 10)),
}
assignments = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.none(), min_size=1).flatmap(
    lambda chosen: st.fixed_dictionaries({path: FIELDS[path] for path in chosen})
)
steps: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(st.just("update"), assignments),
    st.tuples(st.just("stale"), assignments),
    st.tuples(st.just("undo"), st.just({})),
    st.tuples(st.just("redo"), st.just({})),
    st.tuples(st.just("reset"), assignments),
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=12))
def test_any_sequence_of_commands_is_as_in_a_model(
    tmp_path_factory: pytest.TempPathFactory, sequence: list[tuple[str, dict[str, Any]]]
) -> None:
    asyncio.run(run_against_model(tmp_path_factory.mktemp("model"), sequence))


async def run_against_model(directory: Path, sequence: list[tuple[str, dict[str, Any]]]) -> None:
    """The model: whole configurations in two lists, one to go back in and one to go forward."""
    async with stored(directory, camera=True) as made:
        present = made.store.configuration
        past: list[Configuration] = []
        future: list[Configuration] = []
        for verb, values in sequence:
            revision = made.revision
            wanted = merged(present, settings(values) if verb == "update" else default_settings(), list(values))
            if verb == "stale":
                with pytest.raises(StaleRevision):
                    await made.store.update(revision + 1, settings(values), list(values), "model")
            elif verb in ("undo", "redo"):
                source, target = (past, future) if verb == "undo" else (future, past)
                if source:
                    await getattr(made.store, verb)(revision, "model")
                    target.append(present)
                    present = source.pop()
                    assert made.revision == revision + 1
                else:
                    with pytest.raises(NothingToUndo):
                        await getattr(made.store, verb)(revision, "model")
            else:
                if verb == "reset":  # A camera has no defaults.
                    wanted = merged(wanted, present, ["camera.settings"])
                    await made.store.reset(revision, list(values), "model")
                else:
                    await made.store.update(revision, settings(values), list(values), "model")
                if changed_paths(present, wanted):
                    past.append(present)
                    future.clear()
                    present = wanted
            assert made.store.configuration == present
            assert (bool(made.store.state.undo_label), bool(made.store.state.redo_label)) == (bool(past), bool(future))
