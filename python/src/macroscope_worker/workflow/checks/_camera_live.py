"""Whether frames come from the camera."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from macroscope_worker.acquisition import CameraPhase

from ._check import Finding, failed, passed

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


class CameraLive:
    """Looks at the camera's state and its last frame."""

    id: ClassVar[str] = "camera_live"
    label: ClassVar[str] = "Camera"
    looks_at: ClassVar[str] = "a camera is live, and its frames are taken"

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        camera, health = instruments.engine.camera(), instruments.engine.health()
        if camera.phase is not CameraPhase.LIVE:
            fault = camera.fault
            return failed(
                fault.message if fault is not None else "No camera is live.",
                (fault.remedy if fault is not None else "") or "Choose a camera.",
            )
        if health.acquisition.stuck:
            return failed("The camera's driver hangs.", "Choose the camera again, or turn it off and on.")
        name = camera.description.label if camera.description is not None else "The camera"
        return passed(f"{name}: the last frame came {health.camera.last_frame_age_ms:.0f} ms ago.")
