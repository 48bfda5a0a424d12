"""All cameras of all drivers, whatever state the drivers are in."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope_worker.errors import CameraError, CameraNotFound, CameraUnavailable, DriverUnavailable

from ._discovery import UnavailableDriver, describe_error, find_drivers, load_driver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint

    from ._camera import Camera
    from ._description import CameraDescription
    from ._driver import CameraDriver

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CameraListing:
    """What listing found: cameras, and drivers that cannot work here."""

    cameras: tuple[CameraDescription, ...]
    unavailable: tuple[UnavailableDriver, ...]


class CameraRegistry:
    """Finds drivers by entry point, lists their cameras, and opens one. Safe to call from several threads.

    Listing never raises: a plug-in that is broken, one of a name that is taken, a missing SDK all end as an
    UnavailableDriver with the reason. Opening asks only the driver that the id names, so one slow driver does not
    hold up another's cameras.
    """

    def __init__(self, find: Callable[[], Mapping[str, list[EntryPoint]]] = find_drivers) -> None:
        self._points = find()
        self._listing_lock = threading.Lock()
        self._driver_locks = {name: threading.Lock() for name in self._points}
        self._drivers: dict[str, CameraDriver] = {}
        self._listing: CameraListing | None = None

    @property
    def driver_names(self) -> tuple[str, ...]:
        """In the order they are listed."""
        return tuple(self._points)

    def list_cameras(self, rescan: bool = False) -> CameraListing:
        """The cameras of all drivers; the last answer unless `rescan`."""
        with self._listing_lock:
            if self._listing is None or rescan:
                cameras: list[CameraDescription] = []
                unavailable: list[UnavailableDriver] = []
                for name in self._points:
                    found = self._list_driver(name)
                    if isinstance(found, UnavailableDriver):
                        unavailable.append(found)
                    else:
                        cameras += found
                self._listing = CameraListing(tuple(cameras), tuple(unavailable))
            return self._listing

    def list_driver(self, name: str) -> tuple[CameraDescription, ...] | UnavailableDriver:
        """The cameras of one driver, asked now, without touching the others."""
        if name not in self._points:
            return UnavailableDriver(name, f"No driver {name!r} is installed. There are: {', '.join(self._points)}.")
        return self._list_driver(name)

    def open(self, camera_id: str) -> Camera:
        """Open a camera; the caller closes it. Raises CameraNotFound, CameraUnavailable, or DriverUnavailable."""
        name = camera_id.partition(":")[0]
        if name not in self._points:
            raise CameraNotFound(camera_id, self._known_ids())
        with self._driver_locks[name]:
            try:
                return self._driver(name).open(camera_id)
            except CameraError:
                raise
            except (Exception, SystemExit) as error:  # a plug-in may raise anything
                _log.warning("camera %r did not open", camera_id, exc_info=True)
                raise CameraUnavailable(camera_id, name, describe_error(error)) from error

    def _known_ids(self) -> tuple[str, ...]:
        return tuple(camera.id for camera in self._listing.cameras) if self._listing is not None else ()

    def _driver(self, name: str) -> CameraDriver:
        if name not in self._drivers:
            self._drivers[name] = load_driver(name, self._points[name])
        return self._drivers[name]

    def _list_driver(self, name: str) -> tuple[CameraDescription, ...] | UnavailableDriver:
        with self._driver_locks[name]:
            try:
                return tuple(self._driver(name).list_cameras())
            except DriverUnavailable as error:
                return UnavailableDriver(name, error.reason)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in may raise anything
                _log.warning("camera driver %r failed to list its cameras", name, exc_info=True)
                return UnavailableDriver(
                    name, f"It failed to list its cameras: {describe_error(error)}. Its log lines say more."
                )
