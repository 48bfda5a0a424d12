"""Looking again and again whether something is still as it should be, from a thread that nothing else holds up."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class Watch:
    """Calls `look` every `every_s` until `close`."""

    def __init__(self, look: Callable[[], None], every_s: float) -> None:
        self._look = look
        self._every_s = every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread. A second call does nothing."""
        self._closing.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            try:
                self._look()
            except Exception:
                log.exception("A look failed")
