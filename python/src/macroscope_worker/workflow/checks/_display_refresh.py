"""Whether the display refreshes as it says, and misses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ._check import Finding, passed, skipped, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

WITHIN: Final = 0.02
MISSED_ABOVE: Final = 0.01
"""Part of the flips since the window was opened, whose opening itself misses some."""
LONG_ABOVE: Final = 1.5
"""Refresh intervals: a longer time between two flips has missed a refresh."""


class DisplayRefresh:
    """Looks at the measured figures."""

    id: ClassVar[str] = "display_refresh"
    label: ClassVar[str] = "Display refresh"
    looks_at: ClassVar[str] = (
        "measured refresh rate against the configuration's: warns beyond 2 %, of a refresh missed in the last 5 s, "
        "and of more than 1 % missed since the window was opened"
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
        remedy = "Close previews and other programs that need the graphics card, wait 5 s and check again."
        if figures.longest_ms * measured_hz / 1e3 > LONG_ABOVE:
            return warned(f"{found}; {figures.longest_ms:.1f} ms passed between two of the last flips.", remedy)
        if figures.missed_refreshes > MISSED_ABOVE * max(figures.flips, 1):
            return warned(
                f"{found}; {figures.missed_refreshes} refreshes were missed beside {figures.flips} flips.", remedy
            )
        return passed(f"{found}; {figures.missed_refreshes} refreshes missed.")
