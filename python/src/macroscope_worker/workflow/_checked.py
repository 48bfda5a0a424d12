"""The last checks, and whether they still hold."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1.workflow_pb import Check, CheckResult, Preflight

from ._duration import duration_in_words
from ._preflight import make_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from macroscope.configuration.v1.settings_pb import Configuration
    from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest

    from ._ports import Instruments


HOLD_S: Final = 600.0
"""Light drifts, disks fill up, animals move: what was found longer ago says little."""


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
        self._camera: object = None

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
        return next((sentence for stands, sentence in self._against() if stands), "") if self._made_ns else ""

    @property
    def hold_until_ns(self) -> int:
        """Worker's clock: then they are too old. 0: they have not been made."""
        return self._made_ns + round(HOLD_S * 1e9) if self._made_ns else 0

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
        self._display, self._camera = self._with.stage.display, self._camera_now()
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
            holds_until_ns=self.hold_until_ns,
        )

    def _against(self) -> Iterator[tuple[bool, str]]:
        yield self._run_since, "A run was made since."
        state = self._with.store.state
        # Not every revision changes a setting: the end of a run is one too.
        changed = state.revision != self._revision and state.configuration != self._configuration
        yield changed, "The configuration has been changed since."
        display = self._with.stage.display
        yield display is not None and display != self._display, "The stimulus display is another one since."
        yield self._camera != self._camera_now(), "The camera has been changed since."
        old = self._with.clock() >= self.hold_until_ns
        yield old, f"They were made more than {duration_in_words(HOLD_S)} ago."

    def _camera_now(self) -> object:
        camera = self._with.engine.camera()
        return camera.camera_id, camera.settings
