"""The recording format: writing runs, reading them back, verifying them. Knows no camera and no protocol."""

from __future__ import annotations

from macroscope_worker.recording._fault import Fault, disk_fault
from macroscope_worker.recording._layout import RecordedFormat, RunPaths
from macroscope_worker.recording._outcome import DropReason, RecordingOutcome
from macroscope_worker.recording._reader import RunReader
from macroscope_worker.recording._run_info import EventsInfo, Moment, RunInfo, parse_run_info
from macroscope_worker.recording._software import software_version
from macroscope_worker.recording._storage import Storage
from macroscope_worker.recording._table import OUTCOME_WRITTEN, recorded_frames
from macroscope_worker.recording._verification import VerificationReport, verify
from macroscope_worker.recording._writer import RESERVE_BYTES, Ending, RunPlan, RunWriter

__all__ = [
    "OUTCOME_WRITTEN",
    "RESERVE_BYTES",
    "DropReason",
    "Ending",
    "EventsInfo",
    "Fault",
    "Moment",
    "RecordedFormat",
    "RecordingOutcome",
    "RunInfo",
    "RunPaths",
    "RunPlan",
    "RunReader",
    "RunWriter",
    "Storage",
    "VerificationReport",
    "disk_fault",
    "parse_run_info",
    "recorded_frames",
    "software_version",
    "verify",
]
