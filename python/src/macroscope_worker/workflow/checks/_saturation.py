"""Whether pixels are at their largest value: what is there cannot be seen to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from macroscope_worker.workflow._in_daemon import in_daemon

from ._check import Finding, failed, passed, skipped, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments

WARN_ABOVE: Final = 1e-4
FAIL_ABOVE: Final = 1e-2


class Saturation:
    """Looks at the regions, or the whole image where there are none."""

    id: ClassVar[str] = "saturation"
    label: ClassVar[str] = "Saturation"
    looks_at: ClassVar[str] = (
        "saturated pixels of the newest frame, in each region or in the whole image without one: warns above 0.01 %, "
        "fails above 1 %"
    )

    async def look(self, instruments: Instruments) -> Finding:
        """In a thread: it may wait for a frame."""
        places = [(region_id, name) for region_id, name in instruments.region_ids()] or [("", "the image")]
        shares = await in_daemon(lambda: _shares(instruments, places))
        if not shares:
            return skipped("There is no frame to look at.")
        worst, where = max(shares)
        found = f"{worst * 100:.3g} % of the pixels in {where} are saturated."
        remedy = "Shorten the exposure, lower the gain, or dim the light."
        if worst > FAIL_ABOVE:
            return failed(found, remedy)
        if worst > WARN_ABOVE:
            return warned(found, remedy)
        return passed(found)


def _shares(instruments: Instruments, places: list[tuple[str, str]]) -> list[tuple[float, str]]:
    shares: list[tuple[float, str]] = []
    for region_id, name in places:
        histogram = instruments.imaging.histogram(region_id)
        if histogram is not None and histogram.sampled_px:
            shares.append((histogram.saturated_px / histogram.sampled_px, name))
    return shares
