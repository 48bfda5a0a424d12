"""The pulse of the capture thread, which beats by itself: a worker that answers may hide a loop that hangs."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Final

from macroscope_worker.acquisition._snapshots import AcquisitionHealth
from macroscope_worker.clock import clock_ns

log = logging.getLogger(__name__)

GRACE_S: Final = 0.5
"""Beyond what the camera explains: the computer may be busy."""
OPENING_WITHIN_S: Final = 10.0
"""Opening a camera loads a vendor's library and may search a network."""
COMMAND_WITHIN_S: Final = 3.0
"""Any other command, and closing a camera that is gone."""

_LOOKS_BEFORE_STUCK = 2
"""Of a program that stood still, the capture thread turns between two looks."""


def turn_within_s(frame_period_s: float, wait_timeout_s: float) -> float:
    """How long one turn may take: three frames, or the whole wait for one, and the grace.

    A camera that waits for a trigger has no period: its driver has to keep to the time of the wait.
    """
    periods_s = 3 * frame_period_s if math.isfinite(frame_period_s) else 0.0
    return max(periods_s, wait_timeout_s) + GRACE_S


@dataclass(frozen=True, slots=True)
class Pulse:
    """Where the loop is, and how long it may take to its next sign of life; None while it has nothing to do."""

    beats: int
    at_ns: int
    within_s: float | None


class Heartbeat:
    """Written by the capture thread alone and read anywhere, without a lock: one assignment is one pulse."""

    def __init__(self) -> None:
        self._pulse = Pulse(0, clock_ns(), None)
        self._late_looks = 0
        self._told = False

    # On the capture thread.

    def beat(self, within_s: float) -> None:
        """A turn is done; the next one may take `within_s`."""
        self._pulse = Pulse(self._pulse.beats + 1, clock_ns(), within_s)

    def expect(self, within_s: float) -> None:
        """Something other than a turn begins, or has ended; the next sign of life comes within `within_s`."""
        self._pulse = Pulse(self._pulse.beats, clock_ns(), within_s)

    def rest(self) -> None:
        """Nothing is to be done: no camera, no command."""
        self._pulse = Pulse(self._pulse.beats, clock_ns(), None)

    # Anywhere.

    def look(self) -> None:
        """Tell, in the log, when the loop hangs and when it turns again. To be called regularly, by one thread."""
        pulse, now_ns = self._pulse, clock_ns()
        self._late_looks = self._late_looks + 1 if _is_late(pulse, now_ns) else 0
        stuck = self._late_looks >= _LOOKS_BEFORE_STUCK
        if stuck == self._told:
            return
        self._told = stuck
        if stuck:
            log.error(
                "The acquisition loop hangs: a driver does not return.",
                extra={"for_s": round((now_ns - pulse.at_ns) / 1e9, 3), "beats": pulse.beats},
            )
        else:
            log.warning("The acquisition loop turns again.", extra={"beats": pulse.beats})

    def health(self, now_ns: int) -> AcquisitionHealth:
        """The loop as it is at this moment. Waits for nothing."""
        pulse = self._pulse
        return AcquisitionHealth(
            running=pulse.within_s is not None,
            beats=pulse.beats,
            last_beat_age_ms=max(0.0, (now_ns - pulse.at_ns) / 1e6),
            stuck=self._told and _is_late(pulse, now_ns),
        )


def _is_late(pulse: Pulse, now_ns: int) -> bool:
    return pulse.within_s is not None and now_ns - pulse.at_ns > pulse.within_s * 1e9
