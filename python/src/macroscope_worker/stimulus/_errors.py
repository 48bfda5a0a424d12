"""What can go wrong with showing the stimulus."""

from __future__ import annotations

from macroscope_worker.errors import MacroscopeError


class StimulusError(MacroscopeError):
    """Something about the stimulus."""


class DisplayAttached(StimulusError):
    """Another display shows the stimulus."""

    def __init__(self, display_id: str) -> None:
        named = f" {display_id!r}" if display_id else ""
        super().__init__(
            f"Another display{named} shows the stimulus, and only one may. Close its stimulus window first."
        )
        self.display_id = display_id


class DisplayNotAttached(StimulusError):
    """Flips came of a display that is not attached."""

    def __init__(self) -> None:
        super().__init__("This display is not attached, so its flips are not taken. Attach it first.")


class TestRefused(StimulusError):
    """A test cannot be shown; the message says why."""

    __test__ = False
    """No test of pytest's."""
