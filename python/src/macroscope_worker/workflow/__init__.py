"""The operator's day: phases, guards, the run's sequence of baselines, sweeps and pauses, and the checks before it."""

from __future__ import annotations
