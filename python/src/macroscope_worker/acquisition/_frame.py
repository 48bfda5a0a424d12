"""One frame on its way through the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._placement import WHOLE_SENSOR, Placement

if TYPE_CHECKING:
    from macroscope_worker.acquisition._ring import Slot
    from macroscope_worker.cameras import FrameFormat


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels in a slot of the ring, and when they came. `received_ns`: worker's monotonic clock when it had arrived."""

    slot: Slot
    format: FrameFormat
    frame_id: int
    received_ns: int
    camera_ns: int | None = None
    renumbered: bool = False
    """The camera's number did not rise, so the engine gave the next one."""
    placement: Placement = WHOLE_SENSOR
