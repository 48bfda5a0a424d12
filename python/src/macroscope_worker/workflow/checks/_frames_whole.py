"""Whether frames are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ._check import Finding, passed, skipped, warned
from ._watched import watch

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


class FramesWhole:
    """Counts what is lost."""

    id: ClassVar[str] = "frames_whole"
    label: ClassVar[str] = "Lost frames"
    looks_at: ClassVar[str] = "frames that were missing, damaged or dropped in the last 1.5 s: warns of any"

    async def look(self, instruments: Instruments) -> Finding:
        """Takes as long as it counts."""
        watched = await watch(instruments)
        if watched is None or not watched.frames:
            return skipped("No frames came to be looked at.")
        lost = watched.missing + watched.damaged + watched.ring_dropped
        if not lost:
            return passed(f"None of {watched.frames} frames was lost.")
        return warned(
            f"{lost} frames were lost in {watched.seconds:.1f} s: {watched.missing} missing, "
            f"{watched.damaged} damaged, {watched.ring_dropped} dropped.",
            "Check the camera's cable, and close what keeps this computer busy.",
        )
