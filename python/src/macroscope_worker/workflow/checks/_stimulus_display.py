"""Whether a display shows the stimulus."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ._check import Finding, failed, passed

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


class StimulusDisplay:
    """Looks whether one is attached."""

    id: ClassVar[str] = "stimulus_display"
    label: ClassVar[str] = "Stimulus display"
    looks_at: ClassVar[str] = "a stimulus window has taken the stimulus on"

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        display = instruments.stage.display
        if display is None:
            return failed(
                f"No stimulus display is there. {instruments.stage.lost_reason}".strip(), "Open the stimulus window."
            )
        return passed(
            f"{display.width_px} x {display.height_px} pixels, drawn by {display.renderer or 'this computer'}."
        )
