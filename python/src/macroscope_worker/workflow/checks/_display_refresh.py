"""Whether the display refreshes as it says, and misses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ._check import Finding, passed, skipped, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

WITHIN: Final = 0.02
MISSED_ABOVE: Final = 0.001
"""Part of the refreshes since the window was opened; its opening misses some."""


class DisplayRefresh:
    """Looks at the measured figures."""

    id: ClassVar[str] = "display_refresh"
    label: ClassVar[str] = "Display refresh"
    looks_at: ClassVar[str] = (
        "measured refresh rate against the configuration's: warns beyond 2 %, and of more than 0.1 % missed refreshes"
    )

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        if not instruments.stage.attached:
            return skipped("No stimulus display is there.")
        figures = instruments.stage.figures()
        measured_hz = figures.refresh_rate_hz
        if not measured_hz:
            return warned(
                "The refresh rate is not measured yet: too few flips have been reported.",
                "Wait some seconds and make the checks again; if it stays so, open the stimulus window anew.",
            )
        configuration = instruments.store.state.configuration
        geometry = configuration.display if configuration is not None else None
        nominal_hz = geometry.refresh_rate_hz if geometry is not None else None
        found = f"{measured_hz:.2f} Hz measured, jitter {figures.jitter_ms:.2f} ms"
        if nominal_hz and abs(measured_hz - nominal_hz) > WITHIN * nominal_hz:
            return warned(
                f"{found}; the configuration says {nominal_hz:.2f} Hz.",
                "Choose the display again, or set its refresh rate in the system.",
            )
        if figures.missed_refreshes > MISSED_ABOVE * max(figures.flips, 1):
            return warned(
                f"{found}; {figures.missed_refreshes} refreshes were missed beside {figures.flips} flips.",
                "Close previews and other programs that need the graphics card.",
            )
        return passed(f"{found}; {figures.missed_refreshes} refreshes missed.")
