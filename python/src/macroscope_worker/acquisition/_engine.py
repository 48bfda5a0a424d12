"""The engine: one live camera, its previews, and one recording at a time, behind thread-safe methods."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._announcer import Announcer
from macroscope_worker.acquisition._camera_control import CameraControl
from macroscope_worker.acquisition._cancellation import Cancellation
from macroscope_worker.acquisition._capture import Capture
from macroscope_worker.acquisition._preview import Preview
from macroscope_worker.acquisition._recorder import SYNC_INTERVAL_S
from macroscope_worker.acquisition._recording_control import RecordingControl
from macroscope_worker.acquisition._snapshots import (
    AcquisitionPhase,
    CameraHealth,
    CameraPhase,
    DiskHealth,
    Health,
    RingHealth,
)
from macroscope_worker.acquisition._watch import Watch
from macroscope_worker.clock import clock_ns
from macroscope_worker.errors import RecordingRunning
from macroscope_worker.recording import RESERVE_BYTES, Storage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from macroscope_worker.acquisition._frame import Frame
    from macroscope_worker.acquisition._frame_ledger import FrameTally
    from macroscope_worker.acquisition._live_camera import LiveCamera
    from macroscope_worker.acquisition._placement import SensorPart
    from macroscope_worker.acquisition._run_companion import RunCompanion
    from macroscope_worker.acquisition._snapshots import (
        AcquisitionSnapshot,
        CameraSnapshot,
        PreviewPicture,
        RecordingSummary,
    )
    from macroscope_worker.cameras import CameraListing, CameraRegistry

RING_BYTES = 256 << 20
"""Memory for frames that wait for the disk: a second of 2048 x 2048 pixels of 16 bits at 30 Hz."""


class Engine:
    """Owns the live camera and the recording until `close`.

    Every method may be called from any thread. Those that wait for the camera or the disk say so: call them outside
    of event loops. Those that take a cancellation look at it between their steps and while they wait; given up in the
    middle, they raise CommandCanceled and leave nothing half-done.

    `last_recording` is the last one of an earlier engine, told until this one has its own.
    `companion` keeps what lies beside the frames in a run folder.
    """

    def __init__(
        self,
        registry: CameraRegistry,
        *,
        default_directory: Path,
        ring_bytes: int = RING_BYTES,
        reserve_bytes: int = RESERVE_BYTES,
        sync_interval_s: float = SYNC_INTERVAL_S,
        storage: Storage | None = None,
        last_recording: RecordingSummary | None = None,
        companion: RunCompanion | None = None,
    ) -> None:
        self._registry = registry
        # Of select, configure and start only one at a time; a stop waits for none of them.
        self._commands = threading.Lock()
        self._closed = False
        self._preview = Preview()
        self._capture = Capture(self._preview, self._camera_lost)
        self._camera = CameraControl(registry, self._capture, ring_bytes, self._changed)
        self._recording = RecordingControl(
            self._capture,
            default_directory=default_directory,
            storage=storage or Storage(),
            reserve_bytes=reserve_bytes,
            on_change=self._changed,
            sync_interval_s=sync_interval_s,
            last=last_recording,
            companion=companion,
        )
        self._announcer = Announcer()
        # Each in a thread of its own: looking at the recording asks the disk what is free, and a disk may hang.
        self._watches = (Watch(self._look, every_s=0.05), Watch(self._recording.refresh, every_s=0.2))

    def list_cameras(self, rescan: bool = False) -> CameraListing:
        """The cameras that the drivers find. Waits for the drivers when asked to `rescan`, and the first time."""
        return self._registry.list_cameras(rescan)

    def select_camera(self, camera_id: str, cancellation: Cancellation | None = None) -> CameraSnapshot:
        """Make another camera live; waits for the driver. When that fails, the present camera stays live where it can.

        Raises CameraNotFound, CameraUnavailable, DriverUnavailable, or RecordingRunning.
        """
        cancellation = cancellation or Cancellation()
        with cancellation.holding(self._commands):
            self._refuse_while_recording()
            return self._camera.select(camera_id, cancellation)

    def configure(self, changes: Mapping[str, float], cancellation: Cancellation | None = None) -> CameraSnapshot:
        """Change settings of the live camera, all or none; waits for the driver.

        Raises NoCamera, ParameterOutOfRange, ParameterNotOffered, ParameterFixed, or CameraUnavailable.
        """
        cancellation = cancellation or Cancellation()
        with cancellation.holding(self._commands):
            return self._camera.configure(changes, cancellation, recording=self._recording.running is not None)

    def camera(self) -> CameraSnapshot:
        """The live camera as it is now."""
        return self._camera.snapshot()

    def start_recording(
        self,
        name: str,
        directory: Path | None = None,
        planned_frames: int = 0,
        cancellation: Cancellation | None = None,
    ) -> AcquisitionSnapshot:
        """Make a run folder in `directory`, or the default one, and record every frame from now on; waits for the disk.

        Given up before the first frame is taken, there is no run folder; from then on only a stop ends it.

        Raises NoCamera, CameraUnavailable when its frames do not come, RecordingRunning, FolderExists,
        FolderUnwritable, SpaceShort, or RecordingError for a bad name.
        """
        cancellation = cancellation or Cancellation()
        with cancellation.holding(self._commands):
            self._refuse_while_recording()
            self._recording.start(self._camera.snapshot(), name, directory, planned_frames, cancellation)
        return self._recording.snapshot()

    def stop_recording(self) -> RecordingSummary | None:
        """End the recording, wait until it is durable, and sum it up; the last summary, or None, when none runs."""
        return self._recording.stop()

    def wait_recording(self, timeout_s: float | None = None) -> RecordingSummary | None:
        """Wait for the recording to end by itself; None when the time is over or none was ever started."""
        recorder = self._recording.recorder
        return recorder.wait_ended(timeout_s) if recorder is not None else None

    def frames_between(self, run_id: str, from_ns: int, to_ns: int) -> FrameTally | None:
        """What was recorded of a time, counted by when frames arrived, so that a slow disk delays no count.

        None when the recording is neither the running nor the last one. Waits for nothing.
        """
        return self._recording.frames_between(run_id, from_ns, to_ns)

    def acquisition(self) -> AcquisitionSnapshot:
        """The recording as it was at most 0.2 s ago."""
        return self._recording.snapshot()

    def health(self) -> Health:
        """Camera, ring and disk as they are now; what is free, as of the last second. Waits for nothing."""
        now_ns = clock_ns()
        live, recorder = self._capture.live, self._recording.recorder
        recording = recorder is not None and recorder.phase != AcquisitionPhase.IDLE
        acquisition = self._recording.snapshot()
        rate_hz = live.rate.hz(now_ns) if live is not None else 0.0
        bytes_per_s = rate_hz * live.ring.slot_bytes if live is not None else 0.0
        reserved_bytes = recorder.run.reserved_bytes if recorder is not None and recording else 0
        return Health(
            sampled_ns=now_ns,
            camera=CameraHealth(
                live=live is not None and self._camera.snapshot().phase == CameraPhase.LIVE,
                frame_rate_hz=rate_hz,
                frames=live.frames if live else 0,
                missing_frames=live.missing_frames if live else 0,
                damaged_frames=live.damaged_frames if live else 0,
                last_frame_age_ms=(now_ns - live.rate.last_ns) / 1e6 if live and live.rate.last_ns else 0.0,
                temperature_c=live.temperature_c if live else None,
            ),
            ring=RingHealth(
                slots=live.ring.slots if live else 0,
                used_slots=recorder.used_slots if recorder and recording else 0,
                highest_used_slots=live.highest_used_slots if live else 0,
                dropped_frames=live.ring_dropped_frames if live else 0,
            ),
            disk=DiskHealth(
                directory=self._recording.directory,
                free_bytes=acquisition.free_bytes,
                write_bytes_per_s=self._recording.write_bytes_per_s,
                seconds_left=(acquisition.free_bytes + reserved_bytes) / bytes_per_s if bytes_per_s > 0 else None,
            ),
            acquisition=self._capture.heartbeat.health(now_ns),
        )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called, from a thread of the engine, after `camera()` or `acquisition()` has a new revision.

        Several changes may be told by one call. Returns what ends the subscription.
        """
        return self._announcer.subscribe(listener)

    def subscribe_preview(
        self,
        max_width_px: int,
        max_height_px: int,
        max_rate_hz: float,
        deliver: Callable[[PreviewPicture], None],
        part: SensorPart | None = None,
    ) -> Callable[[], None]:
        """Have the newest frames delivered, binned to this size, from the preview thread; returns what ends it.

        `deliver` must not wait, because other previews wait behind it.
        A picture may go to several receivers: only read it.
        """
        return self._preview.subscribe(max_width_px, max_height_px, max_rate_hz, deliver, part)

    def take_frame(self, after_ns: int, timeout_s: float) -> Frame | None:
        """Hold the newest frame that arrived after this time; None when none comes in time. Capture never waits for it.

        For one thread alone, which releases the frame's slot when it has looked.
        """
        return self._preview.take(after_ns, timeout_s)

    def close(self) -> None:
        """Stop the recording, close the camera, end all threads. A second call does nothing."""
        with self._commands:
            if self._closed:
                return
            self._closed = True
            self._recording.stop()
            for watch in self._watches:
                watch.close()
            self._capture.close()
            self._camera.closed()
            self._announcer.close()
            self._preview.close()

    def _look(self) -> None:
        self._capture.heartbeat.look()
        self._camera.look()

    def _refuse_while_recording(self) -> None:
        running = self._recording.running
        if running is not None:
            raise RecordingRunning(running.run_id, running.directory)

    def _camera_lost(self, live: LiveCamera, error: Exception) -> None:
        fault = self._camera.lost(live, error)
        self._recording.camera_lost(fault)

    def _changed(self) -> None:
        self._announcer.announce()
