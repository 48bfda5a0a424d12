"""The operator's day: phases, guards, the run's sequence of baselines, sweeps and pauses, and the checks before it."""

from __future__ import annotations

from ._errors import TransitionOvertaken, TransitionRefused
from ._ports import (
    EnginePort,
    HistogramPort,
    ImagingPort,
    Instruments,
    JournalPort,
    NotificationsPort,
    StagePort,
    StorePort,
    ThreadsPort,
)
from ._run_memory import RunMemory
from ._workflow import Workflow

__all__ = [
    "EnginePort",
    "HistogramPort",
    "ImagingPort",
    "Instruments",
    "JournalPort",
    "NotificationsPort",
    "RunMemory",
    "StagePort",
    "StorePort",
    "ThreadsPort",
    "TransitionOvertaken",
    "TransitionRefused",
    "Workflow",
]
