"""Which camera is live: choosing one, changing its settings, and saying what became of it."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._cancellation import CommandCanceled
from macroscope_worker.acquisition._heartbeat import OPENING_WITHIN_S
from macroscope_worker.acquisition._live_camera import LiveCamera
from macroscope_worker.acquisition._snapshots import CameraPhase, CameraSnapshot
from macroscope_worker.cameras import describe_error
from macroscope_worker.clock import clock_ns
from macroscope_worker.errors import (
    CameraError,
    CameraNotFound,
    CameraUnavailable,
    NoCamera,
    ParameterError,
    ParameterFixed,
)
from macroscope_worker.recording import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macroscope_worker.acquisition._cancellation import Cancellation
    from macroscope_worker.acquisition._capture import Capture
    from macroscope_worker.cameras import Camera, CameraRegistry

log = logging.getLogger(__name__)

_LOOKS_BEFORE_SILENT = 2
"""Of a program that stood still, the capture thread takes a frame between two looks."""

_CHECK_SILENT = (
    "Check its cable, its power and its trigger: it goes on by itself when frames come again. Else choose it again, or "
    "start Macroscope again."
)
_CHECK_CAMERA = "Check its cable, its power, and other programs that use it; then choose it again."


class CameraControl:
    """Opens, configures and replaces the live camera on the capture thread, and keeps the snapshot of it."""

    def __init__(
        self, registry: CameraRegistry, capture: Capture, ring_bytes: int, on_change: Callable[[], None]
    ) -> None:
        self._registry = registry
        self._capture = capture
        self._ring_bytes = ring_bytes
        self._on_change = on_change
        self._lock = threading.Lock()
        self._snapshot = CameraSnapshot(revision=1, phase=CameraPhase.CLOSED)
        self._silent_looks = 0
        self._frames_when_silent = 0

    def snapshot(self) -> CameraSnapshot:
        """The live camera, whole."""
        with self._lock:
            return self._snapshot

    def select(self, camera_id: str, cancellation: Cancellation) -> CameraSnapshot:
        """Make another camera live.

        The present one is closed only when the other has opened, or when both cannot be open at once: a wrong id or a
        camera that does not answer leaves everything as it was. So does a cancellation, until the present one has been
        let go of; from then on the change is made to its end.
        """
        before = self.snapshot()
        self._publish(replace(before, phase=CameraPhase.OPENING, fault=None))
        try:
            return self._capture.call(
                lambda: self._select(camera_id, before, cancellation), cancellation, OPENING_WITHIN_S
            )
        except CommandCanceled:
            self._as_before(before)
            raise

    def configure(self, changes: Mapping[str, float], cancellation: Cancellation, *, recording: bool) -> CameraSnapshot:
        """Change settings of the live camera; answers with what it made of them. A cancellation changes nothing."""
        snapshot = self.snapshot()
        if recording:
            for name, requested in changes.items():
                parameter = snapshot.parameters.get(name)
                if parameter is not None and parameter.fixed_while_recording:
                    raise ParameterFixed(name, requested)
        return self._capture.call(lambda: self._configure(changes, cancellation, recording=recording), cancellation)

    def lost(self, live: LiveCamera, error: Exception) -> Fault:
        """The camera stopped by itself. Called on the capture thread."""
        fault = _fault(error, f"The camera {live.camera.description.id!r} stopped")
        self._publish(replace(self.snapshot(), phase=CameraPhase.FAILED, fault=fault))
        return fault

    def look(self) -> None:
        """Tell when frames stop coming without an error, and when they come again. To be called again and again.

        Not by the capture thread: a driver may hang.
        """
        told = None
        with self._lock:
            live, phase = self._capture.live, self._snapshot.phase
            if live is None or self._capture.in_command:
                return
            silent = phase == CameraPhase.LIVE and live.is_silent(clock_ns())
            self._silent_looks = self._silent_looks + 1 if silent else 0
            if self._silent_looks >= _LOOKS_BEFORE_SILENT:
                self._silent_looks = 0
                self._frames_when_silent = live.frames
                told = Fault(f"No frames come from the camera {live.camera.description.id!r} any more.", _CHECK_SILENT)
                changed = replace(self._snapshot, phase=CameraPhase.FAILED, fault=told)
            elif phase == CameraPhase.FAILED and live.frames > self._frames_when_silent:
                changed = replace(self._snapshot, phase=CameraPhase.LIVE, fault=None)
            else:
                return
            self._snapshot = replace(changed, revision=self._snapshot.revision + 1)
        log.warning("%s", told.message if told else "Frames come from the camera again.")
        self._on_change()

    def closed(self) -> None:
        """No camera is open any more."""
        self._publish(CameraSnapshot(revision=0, phase=CameraPhase.CLOSED))

    # On the capture thread.

    def _select(self, camera_id: str, before: CameraSnapshot, cancellation: Cancellation) -> CameraSnapshot:
        try:
            return self._open(camera_id, cancellation)
        except CommandCanceled:
            raise
        except Exception as error:
            if self._capture.live is not None:
                self._publish(before)
            elif isinstance(error, CameraNotFound):
                self._publish(
                    replace(before, phase=before.phase if before.phase != CameraPhase.LIVE else CameraPhase.CLOSED)
                )
            else:
                fault = _fault(error, f"The camera {camera_id!r} did not open")
                self._publish(CameraSnapshot(revision=0, phase=CameraPhase.FAILED, fault=fault))
            if isinstance(error, CameraError):
                raise
            log.exception("The camera %r did not open", camera_id)
            raise CameraUnavailable(camera_id, camera_id.partition(":")[0], describe_error(error)) from error

    def _open(self, camera_id: str, cancellation: Cancellation) -> CameraSnapshot:
        capture, present = self._capture, self._capture.live
        cancellation.check()
        let_go = present is not None and present.camera.description.id == camera_id
        if let_go:
            capture.replace(None)
            present = None
        try:
            camera = self._registry.open(camera_id)
        except CameraUnavailable:
            if present is None or present.camera.description.driver != camera_id.partition(":")[0]:
                raise
            cancellation.check()
            # One library may not open two cameras at once: let go of the present one and try again.
            capture.replace(None)
            camera = self._registry.open(camera_id)
            let_go = True
        try:
            if not let_go:
                cancellation.check()
            capture.replace(None)
            live = LiveCamera(camera, self._ring_bytes)
        except BaseException:
            camera.close()
            raise
        capture.replace(live)
        return self._publish(_describe(camera))

    def _configure(
        self, changes: Mapping[str, float], cancellation: Cancellation, *, recording: bool
    ) -> CameraSnapshot:
        live = self._capture.live
        if live is None:
            raise NoCamera
        before = live.ring.format
        try:
            live.configure(changes, cancellation)
        except (ParameterError, CommandCanceled):
            self._publish(_describe(live.camera))
            raise
        except Exception as error:
            self._capture.lose(error)
            if isinstance(error, CameraError):
                raise
            description = live.camera.description
            raise CameraUnavailable(description.id, description.driver, describe_error(error)) from error
        if recording and live.ring.format != before:
            driver = live.camera.description.driver
            self._capture.lose(RuntimeError(f"the driver {driver!r} changed the frames' shape while a recording ran"))
            raise CameraUnavailable(live.camera.description.id, driver, "it changed the frames' shape while recording")
        return self._publish(_describe(live.camera))

    def _as_before(self, before: CameraSnapshot) -> None:
        """The phase of before OPENING again, unless something else has happened since, such as the camera's loss."""
        with self._lock:
            if self._snapshot.phase != CameraPhase.OPENING:
                return
            # Under the same lock: a loss in between would be overwritten.
            self._snapshot = replace(before, revision=self._snapshot.revision + 1)
        self._on_change()

    def _publish(self, snapshot: CameraSnapshot) -> CameraSnapshot:
        with self._lock:
            self._snapshot = snapshot = replace(snapshot, revision=self._snapshot.revision + 1)
        self._on_change()
        return snapshot


def _describe(camera: Camera) -> CameraSnapshot:
    return CameraSnapshot(
        revision=0,
        phase=CameraPhase.LIVE,
        description=camera.description,
        parameters=MappingProxyType(dict(camera.parameters())),
        sensor_width_px=camera.sensor_width_px,
        sensor_height_px=camera.sensor_height_px,
        significant_bits=camera.frame_format().significant_bits,
    )


def _fault(error: Exception, what: str) -> Fault:
    if isinstance(error, CameraUnavailable):
        return Fault(f"{what}: {error.cause}.", _CHECK_CAMERA)
    if isinstance(error, CameraError):
        return Fault(str(error), "Choose another camera.")
    return Fault(f"{what}: {describe_error(error)}.", _CHECK_CAMERA)
