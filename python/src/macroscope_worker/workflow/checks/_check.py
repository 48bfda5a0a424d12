"""What a check is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from macroscope.workflow.v1.workflow_pb import CheckResult

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


@dataclass(frozen=True, slots=True)
class Finding:
    """`found` says what is so, with numbers; `remedy` what to do about it. Both are sentences."""

    result: CheckResult
    found: str
    remedy: str = ""


class Check(Protocol):
    """Looks at one thing. `id` is stable, `looks_at` stands in the documentation."""

    id: ClassVar[str]
    label: ClassVar[str]
    looks_at: ClassVar[str]

    async def look(self, instruments: Instruments) -> Finding:
        """On the event loop; what waits does so in a thread. Its deadline cancels it."""


def passed(found: str) -> Finding:
    """Nothing is against it."""
    return Finding(CheckResult.PASS, found)


def warned(found: str, remedy: str) -> Finding:
    """The run may start when somebody has accepted it."""
    return Finding(CheckResult.WARN, found, remedy)


def failed(found: str, remedy: str) -> Finding:
    """The run cannot start."""
    return Finding(CheckResult.FAIL, found, remedy)


def skipped(found: str) -> Finding:
    """It cannot be looked at here; `found` says why."""
    return Finding(CheckResult.SKIPPED, found)
