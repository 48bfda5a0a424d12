from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from macroscope.workflow.v1.workflow_pb import CheckResult
from tests.workflow.bench import Bench

from macroscope_worker.workflow._in_daemon import in_daemon
from macroscope_worker.workflow._preflight import CHECK_WITHIN_S, make_checks
from macroscope_worker.workflow.checks import CHECKS, Finding, passed

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope.workflow.v1.workflow_pb import Check

    from macroscope_worker.workflow import Instruments

pytestmark = pytest.mark.asyncio


class Scripted:
    """Answers when it is let."""

    id: ClassVar[str] = ""
    label: ClassVar[str] = ""
    looks_at: ClassVar[str] = ""

    def __init__(self, check_id: str, look: Callable[[], Any]) -> None:
        self.id, self.label, self._look = check_id, check_id.title(), look  # type: ignore[misc]

    async def look(self, instruments: Instruments) -> Finding:
        del instruments
        finding = await self._look()
        assert isinstance(finding, Finding)
        return finding


async def at_once() -> Finding:
    return passed("It is well.")


async def test_all_are_made_at_once_and_told_as_they_are_done() -> None:
    gate, told = asyncio.Event(), []

    async def waits() -> Finding:
        await gate.wait()
        return passed("It is well.")

    def found(checks: list[Check]) -> None:
        told.append([check.id for check in checks])
        gate.set()

    made = await make_checks(Bench().instruments, found, checks=[Scripted("slow", waits), Scripted("quick", at_once)])
    assert told == [["quick"], ["slow", "quick"]]  # In the list's order, not in that of their answers.
    assert [(check.id, check.label, check.result, check.found) for check in made] == [
        ("slow", "Slow", CheckResult.PASS, "It is well."),
        ("quick", "Quick", CheckResult.PASS, "It is well."),
    ]


async def test_a_disk_that_hangs_is_a_failure_and_no_hang() -> None:
    hanging = threading.Event()
    checks = [Scripted("disk", lambda: in_daemon(hanging.wait)), Scripted("quick", at_once)]
    started = time.monotonic()
    made = await make_checks(Bench().instruments, lambda _: None, checks=checks, within_s=0.2)
    assert time.monotonic() - started < 2
    assert [(check.result, check.found) for check in made] == [
        (CheckResult.FAIL, "No answer within 0.2 s."),
        (CheckResult.PASS, "It is well."),
    ]
    hanging.set()


async def test_a_check_that_breaks_is_a_failure_and_takes_no_other_along() -> None:
    async def breaks() -> Finding:
        raise KeyError("pixel")

    checks = [Scripted("broken", breaks), Scripted("quick", at_once)]
    made = await make_checks(Bench().instruments, lambda _: None, checks=checks)
    assert [check.result for check in made] == [CheckResult.FAIL, CheckResult.PASS]
    assert "KeyError: 'pixel'" in made[0].found


async def test_the_real_ones_answer_within_three_seconds() -> None:
    started = time.monotonic()
    made = await make_checks(Bench().instruments, lambda _: None)
    assert time.monotonic() - started < 3
    assert [check.id for check in made] == [check.id for check in CHECKS]
    assert CHECK_WITHIN_S < 3
