"""Drivers found by entry point: built-in ones and a facility's own, alike."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from macroscope_worker.errors import DriverUnavailable

from ._driver import CameraDriver

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP = "macroscope_worker.cameras"

_FIRST = ("simulated", "pylon", "micromanager", "opencv", "file")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnavailableDriver:
    """A driver that lists no camera because it cannot work here."""

    driver: str
    reason: str
    """A sentence that says what to do about it."""


def find_drivers() -> Mapping[str, list[EntryPoint]]:
    """The entry points of installed drivers by name: built-in ones first, then by alphabet.

    Two of one name are kept, for load_driver to report.
    """
    found: dict[str, list[EntryPoint]] = {}
    for point in _sorted(_distinct(entry_points(group=ENTRY_POINT_GROUP))):
        found.setdefault(point.name, []).append(point)
    return found


def load_driver(name: str, points: list[EntryPoint]) -> CameraDriver:
    """Import and make a driver. Raises DriverUnavailable whatever is wrong with the plug-in."""
    if len(points) > 1:
        origins = " and ".join(sorted(f"{_package(point)} ({point.value})" for point in points))
        raise DriverUnavailable(name, f"Two plug-ins are called {name!r}: {origins}. Uninstall one of them.")
    point = points[0]
    try:
        loaded = point.load()
        if not (isinstance(loaded, type) and issubclass(loaded, CameraDriver)):
            raise DriverUnavailable(
                name, f"The plug-in {point.value} is not a CameraDriver. Tell the authors of {_package(point)}."
            )
        driver = loaded()
        declared = getattr(driver, "name", None)
    except DriverUnavailable:
        raise
    except (Exception, SystemExit) as error:  # a plug-in may raise anything
        _log.warning("camera driver %r is broken", name, exc_info=True)
        raise DriverUnavailable(
            name,
            f"The plug-in {point.value} does not load: {describe_error(error)}. Update or uninstall {_package(point)}.",
        ) from error
    if declared != name:
        raise DriverUnavailable(
            name,
            f"The driver of {point.value} calls itself {declared!r}, its entry point {name!r}. "
            f"Tell the authors of {_package(point)}.",
        )
    return driver


def describe_error(error: BaseException) -> str:
    """The first line of an error, with its type when the text alone says little."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0].rstrip('.')}" if lines else type(error).__name__


def _distinct(points: Iterable[EntryPoint]) -> list[EntryPoint]:
    # One plug-in may be seen twice, through two folders of the path; only different targets are a clash.
    return list({(point.name, point.value): point for point in points}.values())


def _sorted(points: list[EntryPoint]) -> list[EntryPoint]:
    return sorted(
        points, key=lambda point: (_FIRST.index(point.name) if point.name in _FIRST else len(_FIRST), point.name)
    )


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unnamed package"
