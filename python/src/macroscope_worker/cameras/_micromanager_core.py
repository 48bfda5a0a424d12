"""Micro-Manager cores: made once, kept for ever."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class CorePool:
    """Lends cores and takes them back without devices.

    A core is never destroyed: its destructor waits for the core's log thread, now and then for ever, and holds Python
    still meanwhile. Event callbacks are not used: the core calls them from a thread of its own, which may abort the
    process at its end.
    """

    def __init__(self) -> None:
        self._idle: list[Any] = []
        self._lock = threading.Lock()

    def take(self, make: Callable[[], Any]) -> Any:
        """An idle core, or a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        core = make()
        core.thisown = False  # so that not even the end of the process destroys it
        return core

    def give_back(self, core: Any) -> None:
        """Unload its devices and keep it for the next. Raises what the core raises when a device does not let go."""
        core.unloadAllDevices()
        with self._lock:
            self._idle.append(core)


CORES = CorePool()
"""Those of this process."""
