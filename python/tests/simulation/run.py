"""Simulated worlds of the Python side: python -m tests.simulation.run [--seeds N] [--first S] [--seed S [--trace]]."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter

from tests.simulation.world import simulate


def main() -> int:
    """Let the worlds live, and say what went wrong in which."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--trace", action="store_true")
    asked = parser.parse_args()
    logging.disable()
    seeds = range(asked.first, asked.first + asked.seeds) if asked.seed is None else [asked.seed]
    began = told = time.monotonic()
    totals: Counter[str] = Counter()
    failed = 0
    trace = None
    for done, seed in enumerate(seeds, 1):
        trace = simulate(seed, print if asked.trace else None)
        totals += trace.counts
        if trace.objections:
            failed += 1
            print(f"\nSeed {seed} failed:", *trace.objections[:10], sep="\n  ")
            if failed <= 3:
                print(f"The last of {trace.lines} lines:", *trace.last, sep="\n  ")
            print(f"Again: npm run simulate -- --only python --seed {seed} --trace\n")
        now = time.monotonic()
        if now - told > 5:
            told = now
            left_s = (now - began) / done * (len(seeds) - done)
            print(f"{done} of {len(seeds)} seeds, {left_s:.0f} s left", flush=True)
    for name in sorted(totals):
        print(f"{totals[name]:9}  {name}")
    only = (
        f" The trace of {trace.lines} lines has the hash {trace.hash}." if trace is not None and len(seeds) == 1 else ""
    )
    print(f"Python: {len(seeds)} seeds in {time.monotonic() - began:.1f} s; {failed} failed.{only}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
