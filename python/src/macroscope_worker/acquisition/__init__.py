"""The acquisition engine: the live camera, its previews, and the recording."""

from __future__ import annotations

from macroscope_worker.acquisition._cancellation import Cancellation, CommandCanceled
from macroscope_worker.acquisition._engine import RING_BYTES, Engine
from macroscope_worker.acquisition._interrupted import interrupted_recording
from macroscope_worker.acquisition._snapshots import (
    AcquisitionHealth,
    AcquisitionPhase,
    AcquisitionSnapshot,
    CameraHealth,
    CameraPhase,
    CameraSnapshot,
    DiskHealth,
    Health,
    PreviewPicture,
    RecordingSummary,
    RingHealth,
)
from macroscope_worker.recording import DropReason, Fault, RecordingOutcome

__all__ = [
    "RING_BYTES",
    "AcquisitionHealth",
    "AcquisitionPhase",
    "AcquisitionSnapshot",
    "CameraHealth",
    "CameraPhase",
    "CameraSnapshot",
    "Cancellation",
    "CommandCanceled",
    "DiskHealth",
    "DropReason",
    "Engine",
    "Fault",
    "Health",
    "PreviewPicture",
    "RecordingOutcome",
    "RecordingSummary",
    "RingHealth",
    "interrupted_recording",
]
