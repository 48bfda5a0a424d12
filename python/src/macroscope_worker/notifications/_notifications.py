"""The list of notifications: bounded, counted, acknowledged."""

from __future__ import annotations

import copy
import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from macroscope.notification.v1.notification_pb import Notification, Severity

from macroscope_worker.clock import clock_ns

from ._errors import NotificationNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

log = logging.getLogger(__name__)

MOST_KEPT: Final = 200

_LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING, Severity.ERROR: logging.ERROR}


class Notifications:
    """Thread-safe; nothing waits. A message that was handed out never changes: a newer one takes its place.

    `run_id` says which run is recorded at the moment, "" for none; it is asked on whatever thread posts.
    """

    def __init__(
        self,
        *,
        run_id: Callable[[], str] = lambda: "",
        clock: Callable[[], int] = clock_ns,
        wall_clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._run_id = run_id
        self._clock = clock
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._kept: dict[int, Notification] = {}
        self._last_id = 0
        self._run = ""
        self._before_run_id = 0
        """The last of what was told before the newest run."""
        self._revision = 1
        self._listeners: list[Callable[[], None]] = []
        self._readers: list[Callable[[Notification], None]] = []

    def post(self, severity: Severity, source: str, code: str, message: str, remedy: str = "") -> Notification:
        """Tell something.

        The same source and code again counts on, with the newer words, until it is acknowledged or another run begins:
        what happened in one run is not to be read as of the next.
        """
        run_id, now_ns, unix_ns = self._run_id(), self._clock(), self._wall_clock()
        with self._lock:
            if run_id and run_id != self._run:
                self._run, self._before_run_id = run_id, self._last_id
            before = self._unseen(source, code)
            if before is None:
                self._last_id += 1
                posted = Notification(
                    id=self._last_id,
                    severity=severity,
                    source=source,
                    code=code,
                    message=message,
                    remedy=remedy,
                    raised_unix_ns=unix_ns,
                    raised_ns=now_ns,
                    count=1,
                    last_unix_ns=unix_ns,
                    run_id=run_id,
                )
            else:
                posted = copy.copy(before)
                posted.count += 1
                posted.last_unix_ns = unix_ns
                posted.severity = max(before.severity, severity)
                posted.message, posted.remedy = message, remedy
                posted.run_id = run_id or before.run_id
            self._put([posted])
        if before is None:
            log.log(
                _LEVELS.get(severity, logging.INFO),
                "notification: %s",
                message,
                extra={"source": source, "code": code, "id": posted.id},
            )
        self._tell([posted])
        return posted

    def acknowledge(self, ids: Sequence[int], by: str) -> int:
        """Somebody has seen these, or with no ids all; answers the revision. One seen before stays the first one's.

        Raises NotificationNotFound when none of the ids is kept any more.
        """
        unix_ns = self._wall_clock()
        with self._lock:
            known = [self._kept[number] for number in (ids or self._kept) if number in self._kept]
            if ids and not known:
                raise NotificationNotFound(ids)
            seen: list[Notification] = []
            for notification in known:
                if notification.acknowledged_unix_ns:
                    continue
                changed = copy.copy(notification)
                # An empty label would read as "nobody yet".
                changed.acknowledged_by = by or "unnamed"
                changed.acknowledged_unix_ns = unix_ns
                seen.append(changed)
            if seen:
                self._put(seen)
            revision = self._revision
        if seen:
            self._tell(seen)
        return revision

    def snapshot(self) -> tuple[int, list[Notification]]:
        """The revision, and what is kept, oldest first."""
        with self._lock:
            return self._revision, list(self._kept.values())

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after each change, on the thread that made it; returns what ends that."""
        return self._add(self._listeners, listener)

    def read(self, reader: Callable[[Notification], None]) -> Callable[[], None]:
        """Have `reader` given each notification that is new or has changed, like `subscribe`."""
        return self._add(self._readers, reader)

    def _add(self, entries: list[Callable[..., None]], entry: Callable[..., None]) -> Callable[[], None]:
        with self._lock:
            entries.append(entry)

        def end() -> None:
            with self._lock:
                if entry in entries:
                    entries.remove(entry)

        return end

    def _unseen(self, source: str, code: str) -> Notification | None:
        for notification in reversed(self._kept.values()):
            if notification.id <= self._before_run_id:
                continue
            if (notification.source, notification.code) == (source, code) and not notification.acknowledged_unix_ns:
                return notification
        return None

    def _put(self, changed: Iterable[Notification]) -> None:
        for notification in changed:
            self._kept[notification.id] = notification
        while len(self._kept) > MOST_KEPT:
            # What nobody has seen stays longer than what somebody has.
            seen = (number for number, kept in self._kept.items() if kept.acknowledged_unix_ns)
            del self._kept[next(seen, next(iter(self._kept)))]
        self._revision += 1

    def _tell(self, changed: Iterable[Notification]) -> None:
        with self._lock:
            readers, listeners = tuple(self._readers), tuple(self._listeners)
        for reader in readers:
            for notification in changed:
                self._call(lambda reader=reader, notification=notification: reader(notification))  # type: ignore[misc]
        for listener in listeners:
            self._call(listener)

    def _call(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            log.exception("A listener of notifications failed")
