"""Simulated worlds keep the protocol's promises, whatever happens to their links and programs."""

from __future__ import annotations

import logging
from collections import Counter

import pytest
from tests.simulation.world import FAULTS, simulate

SEEDS = 120


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """What the programs log of links that break on purpose helps nobody."""
    logging.getLogger("macroscope_worker").setLevel(logging.CRITICAL)


def test_worlds_keep_the_promises_and_see_every_fault() -> None:
    totals: Counter[str] = Counter()
    for seed in range(1, SEEDS + 1):
        trace = simulate(seed)
        again = f"npm run simulate -- --only python --seed {seed} --trace"
        assert not trace.objections, "\n".join([again, *trace.objections[:5], *trace.last])
        totals += trace.counts
    seen = [
        *(f"fault: {name}" for name in (*FAULTS, "bytes came twice", "read split", "reads joined")),
        *(f"call: {name}" for name in ("Call", "CallAgain", "CallUrgently", "Stream", "Watch")),
        *(f"outcome: {name}" for name in ("ok", "CANCELED", "DEADLINE_EXCEEDED", "UNAVAILABLE", "ABORTED")),
        "outcome: skipped messages",
    ]
    assert [name for name in seen if totals[name] < 5] == []


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_a_seed_gives_the_same_again(seed: int) -> None:
    first, second, other = simulate(seed), simulate(seed), simulate(seed + 1000)
    assert (first.hash, first.lines) == (second.hash, second.lines)
    assert first.lines > 100
    assert other.hash != first.hash
