"""What the engine tells about itself: immutable pictures of its state, with the fields of the protocol's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from macroscope_worker.acquisition._placement import WHOLE_SENSOR, Placement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from macroscope_worker.cameras import CameraDescription, Parameter
    from macroscope_worker.recording import DropReason, Fault, RecordingOutcome


class CameraPhase(IntEnum):
    """Numbers equal those of camera.proto."""

    CLOSED = 1
    OPENING = 2
    LIVE = 3
    FAILED = 4


class AcquisitionPhase(IntEnum):
    """Numbers equal those of acquisition.proto."""

    IDLE = 1
    STARTING = 2
    RECORDING = 3
    STOPPING = 4


@dataclass(frozen=True, slots=True)
class CameraSnapshot:
    """The live camera, whole. `parameters` is what the camera works with, not what was asked."""

    revision: int
    phase: CameraPhase
    description: CameraDescription | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    sensor_width_px: int = 0
    sensor_height_px: int = 0
    significant_bits: int = 0
    fault: Fault | None = None

    @property
    def camera_id(self) -> str:
        """Empty when there is none."""
        return self.description.id if self.description is not None else ""

    @property
    def settings(self) -> dict[str, float]:
        """What each setting is at, by its name."""
        return {parameter.name: parameter.value for parameter in self.parameters.values()}


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """How a recording stands or ended. Every captured frame ends as durable or dropped."""

    run_id: str
    directory: Path
    camera_id: str
    planned_frames: int
    captured_frames: int
    written_frames: int
    durable_frames: int
    drops: Mapping[DropReason, int]
    bytes_written: int
    started_unix_ns: int
    started_ns: int
    elapsed_s: float
    outcome: RecordingOutcome
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class AcquisitionSnapshot:
    """The recording, whole. `recording` is the running one, or the last one when idle."""

    revision: int
    phase: AcquisitionPhase
    recording: RecordingSummary | None
    default_directory: Path
    free_bytes: int
    bytes_per_s: float


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """Counts run from the moment the camera was made live."""

    live: bool
    frame_rate_hz: float
    frames: int
    missing_frames: int
    damaged_frames: int
    last_frame_age_ms: float
    temperature_c: float | None


@dataclass(frozen=True, slots=True)
class RingHealth:
    """The frames in memory between camera and disk."""

    slots: int
    used_slots: int
    highest_used_slots: int
    dropped_frames: int


@dataclass(frozen=True, slots=True)
class DiskHealth:
    """`seconds_left`: how long what is free or reserved lasts at the live camera's rate; None without a camera."""

    directory: Path
    free_bytes: int
    write_bytes_per_s: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class AcquisitionHealth:
    """The loop that takes frames from the camera. `beats` are its turns since the start."""

    running: bool
    beats: int
    last_beat_age_ms: float
    stuck: bool


@dataclass(frozen=True, slots=True)
class Health:
    """One sample; `sampled_ns` on the worker's monotonic clock."""

    sampled_ns: int
    camera: CameraHealth
    ring: RingHealth
    disk: DiskHealth
    acquisition: AcquisitionHealth


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """A frame, or a part of it, binned to what a subscriber asked for.

    `pixels` is the receiver's own, C-contiguous, little-endian. The part's corner is in image pixels.
    """

    frame_id: int
    received_ns: int
    width_px: int
    height_px: int
    binning: int
    significant_bits: int
    saturated_px: int
    image_width_px: int
    image_height_px: int
    pixels: npt.NDArray[Any]
    part_x_px: int = 0
    part_y_px: int = 0
    placement: Placement = WHOLE_SENSOR

    @property
    def bytes_per_pixel(self) -> int:
        """1 or 2."""
        return int(self.pixels.itemsize)
