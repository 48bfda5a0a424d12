"""The acquisition engine: the live camera, its previews, and the recording."""

from __future__ import annotations

from macroscope_worker.acquisition._binning import bin_pixels, fitting_binning
from macroscope_worker.acquisition._cancellation import Cancellation, CommandCanceled
from macroscope_worker.acquisition._engine import RING_BYTES, Engine
from macroscope_worker.acquisition._frame import Frame
from macroscope_worker.acquisition._frame_ledger import FrameTally
from macroscope_worker.acquisition._interrupted import interrupted_recording
from macroscope_worker.acquisition._placement import Placement, SensorPart
from macroscope_worker.acquisition._run_companion import RunCompanion
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
    "Frame",
    "FrameTally",
    "Health",
    "Placement",
    "PreviewPicture",
    "RecordingOutcome",
    "RecordingSummary",
    "RingHealth",
    "RunCompanion",
    "SensorPart",
    "bin_pixels",
    "fitting_binning",
    "interrupted_recording",
]
