"""Whether flips and frames can be put on one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ._check import Finding, failed, passed, skipped, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

WARN_ABOVE_MS: Final = 5.0
FAIL_ABOVE_MS: Final = 50.0


class ClockFitError:
    """Looks at the fit of the stimulus window's clock to the worker's."""

    id: ClassVar[str] = "clock_fit"
    label: ClassVar[str] = "Clock fit"
    looks_at: ClassVar[str] = (
        "bound of the error between the stimulus window's clock and the worker's: warns above 5 ms, fails above 50 ms"
    )

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        if not instruments.stage.attached:
            return skipped("No stimulus display is there.")
        fit = instruments.stage.figures().clock
        if fit is None:
            return warned(
                "The stimulus window's clock is not fitted to the worker's yet.", "Wait some seconds and check again."
            )
        error_ms = fit.error_ns / 1e6
        found = f"Flips are known to {error_ms:.2f} ms, the fit leaves {fit.residual_ns / 1e6:.2f} ms."
        remedy = "Close what keeps this computer busy, and open the stimulus window anew."
        if error_ms > FAIL_ABOVE_MS:
            return failed(found, remedy)
        if error_ms > WARN_ABOVE_MS:
            return warned(found, remedy)
        return passed(found)
