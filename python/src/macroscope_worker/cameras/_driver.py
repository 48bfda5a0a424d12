"""What a plug-in provides: a driver, found by entry point."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._camera import Camera
    from ._description import CameraDescription


class CameraDriver(ABC):
    """Finds and opens the cameras of one vendor or library.

    It is named by an entry point of the group "macroscope_worker.cameras". The constructor takes no arguments;
    neither it nor the module imports the vendor's library, which may be missing, slow, or noisy.
    """

    name: ClassVar[str]
    """The entry point's name, and the prefix of its cameras' ids."""

    @abstractmethod
    def list_cameras(self) -> Sequence[CameraDescription]:
        """The cameras that are there now. Raises DriverUnavailable with what to do about it."""

    @abstractmethod
    def open(self, camera_id: str) -> Camera:
        """Open a camera; the caller closes it. Raises CameraNotFound, CameraUnavailable, or DriverUnavailable."""
