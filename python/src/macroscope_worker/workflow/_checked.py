"""The last checks, and whether they still hold."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from macroscope.workflow.v1.workflow_pb import Check, CheckResult, Preflight

from ._preflight import make_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from macroscope.configuration.v1.settings_pb import Configuration
    from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest

    from ._ports import Instruments


class Checked:
    """Made by `make`, made old by what changes after."""

    def __init__(self, instruments: Instruments) -> None:
        self._with = instruments
        self._checks: list[Check] = []
        self._made_ns = 0
        self._running = False
        self._revision = 0
        self._configuration: Configuration | None = None
        self._display: AttachDisplayRequest | None = None
        self._run_since = False

    @property
    def made(self) -> bool:
        """They have been made."""
        return bool(self._made_ns)

    @property
    def running(self) -> bool:
        """They are being made."""
        return self._running

    @property
    def outdated(self) -> str:
        """Why they do not hold any more, a sentence; empty: they do."""
        if not self._made_ns:
            return ""
        if self._run_since:
            return "A run was made since."
        state = self._with.store.state
        # Not every revision changes a setting: the end of a run is one too.
        if state.revision != self._revision and state.configuration != self._configuration:
            return "The configuration has been changed since."
        display = self._with.stage.display
        if display is not None and display != self._display:
            return "The stimulus display is another one since."
        return ""

    @property
    def failures(self) -> tuple[Check, ...]:
        """Those that keep a run from starting."""
        return tuple(check for check in self._checks if check.result == CheckResult.FAIL)

    def warnings_beside(self, accepted: Collection[str]) -> tuple[Check, ...]:
        """Those that warn and are not among the accepted ids."""
        return tuple(check for check in self._checks if check.result == CheckResult.WARN and check.id not in accepted)

    def warns(self, check_id: str) -> bool:
        """Whether a check warns. Of a run that was started, the warning was accepted."""
        return any(check.id == check_id and check.result == CheckResult.WARN for check in self._checks)

    async def make(self, on_change: Callable[[], object]) -> None:
        """Make them. The configuration that they are of is that of their beginning."""
        self._running, self._checks, self._made_ns, self._run_since = True, [], 0, False
        state = self._with.store.state
        self._revision, self._configuration = state.revision, state.configuration
        self._display = self._with.stage.display
        on_change()

        def found(checks: list[Check]) -> None:
            self._checks = checks
            on_change()

        try:
            self._checks = await make_checks(self._with, found)
            self._made_ns = self._with.clock()
        finally:
            self._running = False
            on_change()

    def run_was_made(self) -> None:
        """They were of the state before it."""
        self._run_since = True

    def to_proto(self) -> Preflight:
        """As the contract has it."""
        return Preflight(
            checks=[copy.copy(check) for check in self._checks],
            made_ns=self._made_ns,
            running=self._running,
            configuration_revision=self._revision,
            outdated=self.outdated,
        )
