"""Previews: the newest frame, binned, to everyone who subscribed."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._binning import fitting_binning, make_picture
from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.acquisition._frame import Frame
    from macroscope_worker.acquisition._placement import SensorPart
    from macroscope_worker.acquisition._snapshots import PreviewPicture

log = logging.getLogger(__name__)


class _Subscriber:
    """One window's wish. Its fields are the preview thread's own, but for `delivered`, which the lock guards."""

    def __init__(
        self,
        max_width_px: int,
        max_height_px: int,
        max_rate_hz: float,
        deliver: Callable[[PreviewPicture], None],
        part: SensorPart | None,
    ) -> None:
        self.max_width_px = max_width_px
        self.max_height_px = max_height_px
        self.interval_ns = int(1e9 / max_rate_hz)
        self.deliver = deliver
        self.part = part
        self.due_ns = 0
        self.seen: Frame | None = None

    def took(self, frame: Frame, now_ns: int) -> None:
        self.seen = frame
        # Steps on from the last due time, so that jitter does not lower the rate; after a pause it starts anew.
        self.due_ns += self.interval_ns
        if self.due_ns < now_ns:
            self.due_ns = now_ns + self.interval_ns


class Preview:
    """The preview thread. It pins the newest frame while it bins it, so capture neither waits nor copies."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._subscribers: list[_Subscriber] = []
        self._latest: Frame | None = None
        self._wants_frame = False
        self._takers = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def subscribe(
        self,
        max_width_px: int,
        max_height_px: int,
        max_rate_hz: float,
        deliver: Callable[[PreviewPicture], None],
        part: SensorPart | None = None,
    ) -> Callable[[], None]:
        """Have pictures, of all or only of a part, delivered from the preview thread; returns what ends it.

        `deliver` must not wait, because others wait behind it.
        """
        if max_width_px < 1 or max_height_px < 1 or not max_rate_hz > 0:
            raise ValueError("A preview needs a size of at least one pixel and a rate above zero.")
        subscriber = _Subscriber(max_width_px, max_height_px, max_rate_hz, deliver, part)
        with self._changed:
            self._subscribers.append(subscriber)
            self._changed.notify_all()

        def unsubscribe() -> None:
            with self._changed:
                if subscriber in self._subscribers:
                    self._subscribers.remove(subscriber)

        return unsubscribe

    def offer(self, frame: Frame) -> None:
        """Make this the newest frame. Called by the capture thread; never waits for a picture."""
        frame.slot.hold()
        with self._changed:
            previous, self._latest = self._latest, frame
            if self._wants_frame or self._takers:
                self._changed.notify_all()
        if previous is not None:
            previous.slot.release()

    def take(self, after_ns: int, timeout_s: float) -> Frame | None:
        """Hold the newest frame that arrived after this time of the worker's clock; None when none comes in time.

        For one thread at a time, which looks at the frame and then releases its slot: there is one spare slot for it.
        """
        with self._changed:
            self._takers += 1
            try:
                self._changed.wait_for(lambda: self._closing or self._is_newer(after_ns), timeout_s)
            finally:
                self._takers -= 1
            frame = self._latest
            if frame is None or frame.received_ns <= after_ns:
                return None
            frame.slot.hold()
            return frame

    def _is_newer(self, after_ns: int) -> bool:
        return self._latest is not None and self._latest.received_ns > after_ns

    def forget(self) -> None:
        """Let go of the newest frame: the camera changed."""
        with self._changed:
            previous, self._latest = self._latest, None
            for subscriber in self._subscribers:
                subscriber.seen = None
        if previous is not None:
            previous.slot.release()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(5)
        self.forget()

    def _run(self) -> None:
        while True:
            chosen = self._wait()
            if chosen is None:
                return
            frame, due = chosen
            try:
                self._serve(frame, due)
            except Exception:
                log.exception("A preview picture could not be made")
            finally:
                frame.slot.release()

    def _wait(self) -> tuple[Frame, list[_Subscriber]] | None:
        """Wait until someone is due a newer frame; the frame is held. None at the end."""
        with self._changed:
            while not self._closing:
                now_ns = clock_ns()
                frame = self._latest
                waiting = [s for s in self._subscribers if frame is not None and s.seen is not frame]
                due = [s for s in waiting if s.due_ns <= now_ns]
                if frame is not None and due:
                    frame.slot.hold()
                    for subscriber in due:
                        subscriber.took(frame, now_ns)
                    return frame, due
                # Who has the newest frame waits for another one; who has not waits for their time.
                self._wants_frame = len(waiting) < len(self._subscribers)
                self._changed.wait((min(s.due_ns for s in waiting) - now_ns) / 1e9 if waiting else None)
            return None

    def _serve(self, frame: Frame, due: list[_Subscriber]) -> None:
        pictures: dict[tuple[object, ...], PreviewPicture] = {}
        height_px, width_px = frame.slot.pixels.shape
        for subscriber in due:
            wish = (subscriber.max_width_px, subscriber.max_height_px, subscriber.part)
            binning = fitting_binning(width_px, height_px, subscriber.max_width_px, subscriber.max_height_px)
            # Without a part, the sizes that ask for the same binning get the same picture.
            key = (binning, None) if subscriber.part is None else wish
            picture = pictures.get(key)
            if picture is None:
                picture = pictures[key] = make_picture(frame, *wish)
            try:
                subscriber.deliver(picture)
            except Exception:
                log.exception("A preview's receiver failed; it gets no more pictures")
                with self._changed:
                    if subscriber in self._subscribers:
                        self._subscribers.remove(subscriber)
