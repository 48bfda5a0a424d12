"""What the configuration asks of the camera that is live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from ._paths import is_under

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from macroscope.configuration.v1.settings_pb import CameraChoice

    from ._errors import BrokenRule
    from ._experiment import CameraRate

CAMERA: Final = "camera"
"""Who is said to have made a change that the camera made."""
FOLLOWED: Final = ("camera.camera_id", "camera.settings")
"""What the live camera works with stands there. The rest of the group is the operators'."""


def is_followed(path: str) -> bool:
    """The live camera decides on the field."""
    return any(is_under(path, group) for group in FOLLOWED)


def blamed(broken: Iterable[BrokenRule], changed: Iterable[str]) -> tuple[BrokenRule, ...]:
    """The broken rules that whoever changes these paths has to answer for.

    What the camera works with may be beyond the schema's rules; that is no fault of one who changes something else.
    """
    asked = any(is_followed(path) for path in changed)
    return tuple(rule for rule in broken if asked or not is_followed(rule.path))


class CameraPort(Protocol):
    """The live camera, as far as the configuration has to do with it. On the event loop, but for `subscribe`."""

    def live(self) -> CameraChoice | None:
        """Which camera is live and what it works with; None when none is."""

    def rate(self, choice: CameraChoice) -> CameraRate:
        """What the live camera would send with these settings; zeros without a camera."""

    async def ask(self, wanted: CameraChoice) -> CameraChoice:
        """Have the camera take all of it, or nothing; answers with what it made of it. Raises CameraError."""

    async def offer(self, wanted: CameraChoice) -> tuple[CameraChoice | None, list[str]]:
        """Have the camera take what it can; answers with what it has then, and sentences about the rest."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell of changes, from any thread; returns how to stop that."""
