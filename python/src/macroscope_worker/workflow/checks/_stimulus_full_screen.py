"""Whether the stimulus fills the display it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ._check import Finding, passed, skipped, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

# What the system tells of a display with a scale such as 1.5 is rounded; another mode of it is much further away.
_ROUNDING_PX: Final = 8


class StimulusFullScreen:
    """Looks at what the stimulus window says of itself, and at the geometry."""

    id: ClassVar[str] = "stimulus_full_screen"
    label: ClassVar[str] = "Full screen"
    looks_at: ClassVar[str] = (
        "the stimulus window fills the chosen display, with the pixels of the geometry: warns if not"
    )

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        display = instruments.stage.display
        if display is None:
            return skipped("No stimulus display is there.")
        configuration = instruments.store.state.configuration
        geometry = configuration.display if configuration is not None else None
        if geometry is None or not geometry.display_id:
            return warned(
                "No display is chosen for the stimulus; its window may share one with the operator's.",
                "Choose the display that the animal sees.",
            )
        if display.display_id != geometry.display_id:
            return warned(
                "The stimulus window stands on another display than the chosen one.",
                "Move it there: close the stimulus window and open it again.",
            )
        if not display.full_screen:
            return warned(
                "The stimulus window does not fill its display, or shares the only one with the operator's window.",
                "Connect a display for the animal and choose it. Angles are right only in a full window.",
            )
        off_px = max(abs(display.width_px - geometry.width_px), abs(display.height_px - geometry.height_px))
        if off_px > _ROUNDING_PX:
            return warned(
                f"The window has {display.width_px} x {display.height_px} pixels, the geometry says "
                f"{geometry.width_px} x {geometry.height_px}.",
                "Choose the display again, so that its pixels are taken over.",
            )
        return passed("The stimulus window fills the chosen display.")
