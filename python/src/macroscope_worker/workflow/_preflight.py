"""The checks before a run: made all at once, each with a deadline."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1 import workflow_pb

from .checks import CHECKS, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._ports import Instruments
    from .checks import Check, Finding

LOG = logging.getLogger(__name__)

CHECK_WITHIN_S: Final = 2.5


async def make_checks(
    instruments: Instruments,
    on_found: Callable[[list[workflow_pb.Check]], None],
    *,
    checks: Sequence[Check] = CHECKS,
    within_s: float = CHECK_WITHIN_S,
) -> list[workflow_pb.Check]:
    """Make them, in the table's order. `on_found` is told those that are done whenever one more is.

    A check that does not answer in time has failed, and so has one that breaks: neither takes the others along.
    """
    found: dict[str, workflow_pb.Check] = {}

    def done() -> list[workflow_pb.Check]:
        return [found[check.id] for check in checks if check.id in found]

    async def make(check: Check) -> None:
        finding = await _look(check, instruments, within_s)
        found[check.id] = workflow_pb.Check(
            id=check.id, label=check.label, result=finding.result, found=finding.found, remedy=finding.remedy
        )
        on_found(done())

    await asyncio.gather(*(make(check) for check in checks))
    return done()


async def _look(check: Check, instruments: Instruments, within_s: float) -> Finding:
    try:
        async with asyncio.timeout(within_s):
            return await check.look(instruments)
    except TimeoutError:
        return failed(
            f"No answer within {within_s:g} s.",
            "Look why it hangs, such as a network disk that is away, and try again.",
        )
    except Exception as error:
        LOG.exception("the check %s broke", check.id)
        return failed(
            f"It could not be made: {type(error).__name__}: {error}.",
            "This is a fault of the program; please report it.",
        )
