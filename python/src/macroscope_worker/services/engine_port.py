"""What the services ask of the acquisition engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from macroscope_worker.acquisition import (
        AcquisitionSnapshot,
        CameraSnapshot,
        Cancellation,
        Health,
        PreviewPicture,
        RecordingSummary,
        SensorPart,
    )
    from macroscope_worker.cameras import CameraListing


class EnginePort(Protocol):
    """The engine, as far as services use it; see `macroscope_worker.acquisition.Engine`. Thread-safe."""

    def list_cameras(self, rescan: bool = False) -> CameraListing:
        """Waits for the drivers."""

    def select_camera(self, camera_id: str, cancellation: Cancellation | None = None) -> CameraSnapshot:
        """Waits for the driver."""

    def configure(self, changes: Mapping[str, float], cancellation: Cancellation | None = None) -> CameraSnapshot:
        """Waits for the driver."""

    def camera(self) -> CameraSnapshot:
        """The live camera now."""

    def start_recording(
        self,
        name: str,
        directory: Path | None = None,
        planned_frames: int = 0,
        cancellation: Cancellation | None = None,
    ) -> AcquisitionSnapshot:
        """Waits for the disk."""

    def stop_recording(self) -> RecordingSummary | None:
        """Waits for the disk, and for no other command."""

    def acquisition(self) -> AcquisitionSnapshot:
        """The recording now."""

    def health(self) -> Health:
        """Camera, ring and disk now. Waits for nothing."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell of changes, from any thread."""

    def subscribe_preview(
        self,
        max_width_px: int,
        max_height_px: int,
        max_rate_hz: float,
        deliver: Callable[[PreviewPicture], None],
        part: SensorPart | None = None,
    ) -> Callable[[], None]:
        """Deliver pictures, from any thread."""
