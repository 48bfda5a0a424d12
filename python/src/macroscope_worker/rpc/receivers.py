"""Who holds a broadcast open, and how far each is: a broadcast is a stream whose messages carry a revision."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from .protocol import NS_PER_MS

BEHIND_AFTER_NS: Final = 1_000 * NS_PER_MS
"""A receiver that has not acknowledged a revision for so long is behind."""

ENDED_KEPT: Final = 32
"""Receivers that are gone and still listed, with the reason."""

_MOST_UNACKNOWLEDGED: Final = 256


@dataclass(frozen=True, slots=True)
class Receiver:
    """How far one receiver is."""

    label: str
    method: str
    sent_revision: int
    acknowledged_revision: int
    behind_ms: float
    """For how long the oldest revision that was sent and not acknowledged has waited; 0 when all are."""
    skipped: int
    ended: bool
    reason: str
    """Why it has ended."""


@dataclass(slots=True)
class _Sent:
    revision: int
    at_ns: int
    messages: int


class ReceiverTrack:
    """One stream of a broadcast. `Receivers.began` makes it."""

    def __init__(self, label: str, method: str) -> None:
        self._label = label
        self._method = method
        self._sent_revision = 0
        self._acknowledged_revision = 0
        self._skipped = 0
        self._unacknowledged: deque[_Sent] = deque()
        self._told = False
        self._reason: str | None = None

    @property
    def due_ns(self) -> int | None:
        """When the receiver will be behind and nobody has been told of it; None when there is nothing to tell."""
        if self._told or not self._unacknowledged or self._reason is not None:
            return None
        return self._unacknowledged[0].at_ns + BEHIND_AFTER_NS

    def sent(self, revision: int, skipped: int, now_ns: int) -> None:
        """A message left."""
        self._sent_revision = revision
        self._skipped = skipped
        if len(self._unacknowledged) < _MOST_UNACKNOWLEDGED:
            self._unacknowledged.append(_Sent(revision, now_ns, 1))
        else:  # So much credit without measure is nobody's need; the newest are remembered as one.
            newest = self._unacknowledged[-1]
            newest.revision = revision
            newest.messages += 1

    def acknowledged(self, messages: int) -> None:
        """The receiver has taken so many more messages."""
        while messages > 0 and self._unacknowledged:
            oldest = self._unacknowledged[0]
            taken = min(messages, oldest.messages)
            oldest.messages -= taken
            messages -= taken
            if oldest.messages == 0:
                self._acknowledged_revision = oldest.revision
                self._unacknowledged.popleft()
        if not self._unacknowledged:
            self._told = False  # It has caught up.

    def fell_behind(self, now_ns: int) -> bool:
        """The receiver is behind; true once each time."""
        due_ns = self.due_ns
        if due_ns is None or now_ns < due_ns:
            return False
        self._told = True
        return True

    def end(self, reason: str) -> None:
        """The stream has ended."""
        self._reason = reason

    def report(self, now_ns: int) -> Receiver:
        """As of now."""
        behind_ns = now_ns - self._unacknowledged[0].at_ns if self._unacknowledged else 0
        return Receiver(
            label=self._label,
            method=self._method,
            sent_revision=self._sent_revision,
            acknowledged_revision=self._acknowledged_revision,
            behind_ms=behind_ns / NS_PER_MS,
            skipped=self._skipped,
            ended=self._reason is not None,
            reason=self._reason or "",
        )


class Receivers:
    """The receivers of a server."""

    def __init__(self) -> None:
        self._open: dict[ReceiverTrack, None] = {}
        self._ended: deque[Receiver] = deque(maxlen=ENDED_KEPT)

    def began(self, label: str, method: str) -> ReceiverTrack:
        """A stream of a broadcast has begun."""
        track = ReceiverTrack(label, method)
        self._open[track] = None
        return track

    def ended(self, track: ReceiverTrack, reason: str, now_ns: int) -> None:
        """It has ended; it stays listed for a while."""
        if track in self._open:
            del self._open[track]
            track.end(reason)
            self._ended.append(track.report(now_ns))

    def report(self, now_ns: int) -> list[Receiver]:
        """Those that are there, then those that were, the last one last."""
        return [*(track.report(now_ns) for track in self._open), *self._ended]
