"""Whether the camera is too warm, where it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ._check import Finding, passed, skipped, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

WARN_ABOVE_C: Final = 65.0
"""Most industrial cameras are made for less in their housing; their noise doubles every 6 to 8 degrees."""


class CameraTemperature:
    """Looks at the camera's own thermometer."""

    id: ClassVar[str] = "camera_temperature"
    label: ClassVar[str] = "Camera temperature"
    looks_at: ClassVar[str] = "the camera's own thermometer: warns above 65 °C; skipped where it has none"

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        temperature_c = instruments.engine.health().camera.temperature_c
        if temperature_c is None:
            return skipped("The camera does not tell its temperature.")
        found = f"The camera is at {temperature_c:.0f} °C."
        if temperature_c > WARN_ABOVE_C:
            return warned(found, "Let it cool down, or give its housing air.")
        return passed(found)
