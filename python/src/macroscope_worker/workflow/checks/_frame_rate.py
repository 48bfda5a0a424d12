"""Whether the camera reaches the rate that was asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ._check import Finding, failed, passed, skipped, warned
from ._watched import watch

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

WARN_BELOW: Final = 0.98
FAIL_BELOW: Final = 0.8


class FrameRate:
    """Counts frames."""

    id: ClassVar[str] = "frame_rate"
    label: ClassVar[str] = "Frame rate"
    looks_at: ClassVar[str] = (
        "frames counted over 1.5 s against the camera's setting: warns below 98 %, fails below 80 % or without a frame"
    )

    async def look(self, instruments: Instruments) -> Finding:
        """Takes as long as it counts."""
        setting = instruments.engine.camera().parameters.get("frame_rate_hz")
        watched = await watch(instruments)
        if watched is None:
            return warned("The camera was changed while its frames were counted.", "Make the checks again.")
        rate_hz = watched.rate_hz
        if not watched.frames:
            return failed(f"No frame came in {watched.seconds:.1f} s.", "Check the camera's cable, power and trigger.")
        if setting is None or setting.value <= 0:
            return skipped(f"{rate_hz:.1f} Hz came; the camera has no rate to compare with.")
        found = f"{rate_hz:.1f} Hz came, {setting.value:.1f} Hz are set."
        # Of a slow camera, one frame more or less is no fault.
        short = setting.value - 1 / watched.seconds
        if rate_hz < min(FAIL_BELOW * setting.value, short):
            return failed(found, "Shorten the exposure, bin, read less of the sensor, or set a lower rate.")
        if rate_hz < min(WARN_BELOW * setting.value, short):
            return warned(found, "Shorten the exposure, or set the rate that the camera reaches.")
        return passed(found)
