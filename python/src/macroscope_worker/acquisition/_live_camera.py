"""An open camera whose frames are coming. Its methods are called on the capture thread, but for `is_silent`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._frame import Frame
from macroscope_worker.acquisition._heartbeat import turn_within_s
from macroscope_worker.acquisition._numbering import FrameNumbering
from macroscope_worker.acquisition._placement import PLACING, Placement
from macroscope_worker.acquisition._rate import RateMeter
from macroscope_worker.acquisition._ring import Ring
from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macroscope_worker.acquisition._cancellation import Cancellation
    from macroscope_worker.cameras import Camera

log = logging.getLogger(__name__)

# How long one wait for a frame may take, which is how long commands may have to wait.
FRAME_TIMEOUT_S = 0.05
TEMPERATURE_EVERY_NS = 5_000_000_000

# A camera is silent after three periods without a frame, of its settings or as measured, whichever is longer; but not
# before this, so that a hiccup of the computer is none.
LEAST_SILENCE_S = 0.4
# Some cameras take their time for the first frame of a sequence.
FIRST_FRAME_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame, held once for whoever took it, and how many numbers before it are missing."""

    frame: Frame
    missing: int
    damaged: bool


class LiveCamera:
    """Owns the camera, its sequence, its frame numbers and its ring, until `close`. Counts may be read anywhere."""

    def __init__(self, camera: Camera, ring_bytes: int) -> None:
        self.camera = camera
        self.frames = 0
        self.missing_frames = 0
        self.damaged_frames = 0
        self.ring_dropped_frames = 0
        self.highest_used_slots = 0
        self.temperature_c: float | None = None
        self.turn_within_s = self.first_turn_within_s = 0.0
        self.rate = RateMeter()
        self._ring_bytes = ring_bytes
        self._numbering = FrameNumbering()
        self._temperature_due_ns = 0
        self._silence_ns = 0.0
        self._silent_from_ns = 0.0
        self.ring = Ring(camera.frame_format(), ring_bytes)
        self._placement = Placement.of(camera.parameters())
        camera.start_sequence()
        self._begin_waiting(FIRST_FRAME_WITHIN_S)

    def configure(self, changes: Mapping[str, float], cancellation: Cancellation) -> None:
        """Change settings; where the camera cannot do that while frames come, the sequence stops and starts again.

        Raises CommandCanceled with nothing changed, and frames coming as before.
        """
        cancellation.check()
        camera = self.camera
        if set(changes) <= camera.live_parameters:
            camera.configure(changes)
            if not PLACING.isdisjoint(changes):
                self._placement = Placement.of(camera.parameters())
            self._begin_waiting()
            return
        camera.stop_sequence()
        try:
            cancellation.check()
            camera.configure(changes)
        finally:
            if camera.frame_format() != self.ring.format:
                self.ring = Ring(camera.frame_format(), self._ring_bytes)
            self._placement = Placement.of(camera.parameters())
            self._numbering.restart()
            self.rate = RateMeter()
            camera.start_sequence()
            self._begin_waiting(FIRST_FRAME_WITHIN_S)

    def is_silent(self, now_ns: int) -> bool:
        """Frames are overdue. May be called from any thread."""
        return now_ns >= self._silent_from_ns

    def excuse(self) -> None:
        """Nobody has asked the camera for a frame for a while: wait for the next one from now on."""
        self._silent_from_ns = max(self._silent_from_ns, clock_ns() + self._silence_ns)

    def take_frame(self) -> Arrival | None:
        """Wait a short time for the next frame. Raises what the camera raises."""
        ring = self.ring
        slot = ring.take()
        try:
            stamp = self.camera.next_frame(slot.pixels, FRAME_TIMEOUT_S)
        except BaseException:
            slot.release()
            raise
        if stamp is None:
            slot.release()
            self._read_temperature(clock_ns())
            return None
        received_ns = clock_ns()
        numbered = self._numbering.number(stamp.frame_id)
        self.rate.add(received_ns)
        rate_hz = self.rate.hz(received_ns)
        self._silent_from_ns = received_ns + max(self._silence_ns, 3e9 / rate_hz if rate_hz > 0 else 0.0)
        self.frames += 1
        self.missing_frames += numbered.missing
        self.damaged_frames += stamp.damaged
        self._read_temperature(received_ns)
        frame = Frame(
            slot,
            ring.format,
            numbered.frame_id,
            received_ns,
            stamp.camera_ns,
            numbered.renumbered,
            self._placement,
        )
        return Arrival(frame, numbered.missing, stamp.damaged)

    def close(self) -> None:
        """Let go of the device, whatever state it is in."""
        try:
            self.camera.close()
        except Exception:
            log.exception("The camera %r did not close cleanly", self.camera.description.id)

    def _begin_waiting(self, first_frame_within_s: float = 0.0) -> None:
        period_s = self.camera.frame_period_s()
        self.turn_within_s = turn_within_s(period_s, FRAME_TIMEOUT_S)
        self.first_turn_within_s = self.turn_within_s + first_frame_within_s
        silence_s = max(3 * period_s, LEAST_SILENCE_S)
        self._silence_ns = silence_s * 1e9
        self._silent_from_ns = clock_ns() + self._silence_ns + first_frame_within_s * 1e9

    def _read_temperature(self, now_ns: int) -> None:
        if now_ns < self._temperature_due_ns:
            return
        self._temperature_due_ns = now_ns + TEMPERATURE_EVERY_NS
        try:
            self.temperature_c = self.camera.temperature_c()
        except Exception:
            # A thermometer is not worth a recording.
            log.exception("The temperature could not be read; it is not asked for again")
            self.temperature_c = None
            self._temperature_due_ns = 1 << 63
