"""Whether somebody has seen what went wrong before."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from macroscope.notification.v1.notification_pb import Severity

from ._check import Finding, passed, warned

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


class ErrorsSeen:
    """Looks at the notifications."""

    id: ClassVar[str] = "errors_seen"
    label: ClassVar[str] = "Errors"
    looks_at: ClassVar[str] = "errors among the notifications that nobody has acknowledged: warns of any"

    async def look(self, instruments: Instruments) -> Finding:
        """Waits for nothing."""
        _, kept = instruments.notifications.snapshot()
        unseen = [entry for entry in kept if entry.severity == Severity.ERROR and not entry.acknowledged_unix_ns]
        if not unseen:
            return passed("No error waits to be looked at.")
        errors = "An error waits" if len(unseen) == 1 else f"{len(unseen)} errors wait"
        return warned(f"{errors} to be looked at, the last one: {unseen[-1].message}", "Read and acknowledge them.")
