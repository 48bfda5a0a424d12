"""All cameras of all drivers, whatever state the drivers are in."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from macroscope_worker.errors import CameraError, CameraNotFound, CameraUnavailable, DriverUnavailable

from ._discovery import UnavailableDriver, describe_error, find_drivers, load_driver
from ._driver_listing import PATIENCE_S, DriverListing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
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
    UnavailableDriver with the reason, and so does one that hangs. Opening asks only the driver that the id names, so
    one slow driver does not hold up another's cameras.
    """

    def __init__(
        self, find: Callable[[], Mapping[str, list[EntryPoint]]] = find_drivers, patience_s: float = PATIENCE_S
    ) -> None:
        """Find the drivers; none is loaded yet. `patience_s` is how long one is waited for that does not answer."""
        self._points = find()
        self._patience_s = patience_s
        self._driver_locks = {name: threading.Lock() for name in self._points}
        self._drivers: dict[str, CameraDriver] = {}
        self._listings = {
            name: DriverListing(name, partial(self._list_driver, name), patience_s) for name in self._points
        }

    @property
    def driver_names(self) -> tuple[str, ...]:
        """In the order they are listed."""
        return tuple(self._points)

    def list_cameras(self, rescan: bool = False) -> CameraListing:
        """The cameras of all drivers, which are asked side by side; the last answer unless `rescan`."""
        for listing in self._listings.values():
            listing.begin(again=rescan)
        cameras: list[CameraDescription] = []
        unavailable: list[UnavailableDriver] = []
        for listing in self._listings.values():
            found = listing.answer()
            if isinstance(found, UnavailableDriver):
                unavailable.append(found)
            else:
                cameras += found
        return CameraListing(tuple(cameras), tuple(unavailable))

    def list_driver(self, name: str) -> tuple[CameraDescription, ...] | UnavailableDriver:
        """The cameras of one driver, asked now, without touching the others."""
        if name not in self._listings:
            return UnavailableDriver(name, f"No driver {name!r} is installed. There are: {', '.join(self._points)}.")
        self._listings[name].begin(again=True)
        return self._listings[name].answer()

    def open(self, camera_id: str) -> Camera:
        """Open a camera; the caller closes it. Raises CameraNotFound, CameraUnavailable, or DriverUnavailable."""
        name = camera_id.partition(":")[0]
        if name not in self._points:
            raise CameraNotFound(camera_id, self._known_ids())
        with self._turn_of(name) as has_turn:
            if not has_turn:
                raise CameraUnavailable(camera_id, name, f"its driver has not answered for {self._patience_s:.0f} s")
            try:
                return self._driver(name).open(camera_id)
            except CameraError:
                raise
            except (Exception, SystemExit) as error:  # a plug-in may raise anything
                _log.warning("camera %r did not open", camera_id, exc_info=True)
                raise CameraUnavailable(camera_id, name, describe_error(error)) from error

    def _known_ids(self) -> tuple[str, ...]:
        answers = [listing.last for listing in self._listings.values()]
        return tuple(camera.id for answer in answers if isinstance(answer, tuple) for camera in answer)

    @contextmanager
    def _turn_of(self, name: str) -> Iterator[bool]:
        """Alone with a driver: vendors' libraries are seldom safe in two threads. False: it hangs in another one."""
        has_turn = self._driver_locks[name].acquire(timeout=self._patience_s)
        try:
            yield has_turn
        finally:
            if has_turn:
                self._driver_locks[name].release()

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
