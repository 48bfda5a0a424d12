"""Telling listeners that something changed, from a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class Announcer:
    """Calls the listeners after changes, at most once in `gap_s`."""

    def __init__(self, gap_s: float = 0.05) -> None:
        self._gap_s = gap_s
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._changed = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
        self._thread.start()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after changes; returns what ends it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def announce(self) -> None:
        """Something changed. Never waits."""
        self._changed = True
        self._news.set()

    def close(self) -> None:
        """End the thread; changes announced before are still told."""
        self._closing.set()
        self._news.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._news.wait()
            self._news.clear()
            if self._changed:
                self._changed = False
                self._tell()
                self._closing.wait(self._gap_s)
        if self._changed:
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener()
            except Exception:
                log.exception("A listener failed")
