"""The one recording: starting it, ending it, and keeping the snapshot of it."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._recorder import SYNC_INTERVAL_S, Recorder
from macroscope_worker.acquisition._snapshots import (
    AcquisitionPhase,
    AcquisitionSnapshot,
    CameraPhase,
    RecordingSummary,
)
from macroscope_worker.clock import clock_ns
from macroscope_worker.errors import CameraUnavailable, FolderUnwritable, NoCamera, RecordingError
from macroscope_worker.recording import Fault, RecordedFormat, RunPlan, RunWriter, software_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope_worker.acquisition._cancellation import Cancellation
    from macroscope_worker.acquisition._capture import Capture
    from macroscope_worker.acquisition._frame_ledger import FrameTally
    from macroscope_worker.acquisition._live_camera import LiveCamera
    from macroscope_worker.acquisition._run_companion import RunCompanion
    from macroscope_worker.acquisition._snapshots import CameraSnapshot
    from macroscope_worker.recording import Storage

log = logging.getLogger(__name__)

# Windows takes a dot at the end of a folder's name away.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?")
_LOOK_AT_DISK_EVERY_NS = 1_000_000_000


class RecordingControl:
    """Starts and stops recorders on the capture thread. `start` calls must not overlap; the rest is thread-safe."""

    def __init__(
        self,
        capture: Capture,
        *,
        default_directory: Path,
        storage: Storage,
        reserve_bytes: int,
        on_change: Callable[[], None],
        sync_interval_s: float = SYNC_INTERVAL_S,
        last: RecordingSummary | None = None,
        companion: RunCompanion | None = None,
    ) -> None:
        self._capture = capture
        self._companion = companion
        self._default_directory = default_directory
        self._storage = storage
        self._reserve_bytes = reserve_bytes
        self._on_change = on_change
        self._sync_interval_s = sync_interval_s
        # Taken for a moment only, so that a snapshot never waits for a disk that hangs; `_refreshing` may wait.
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self._recorder: Recorder | None = None
        self._last = last
        self._not_starting = threading.Event()
        self._not_starting.set()
        self._disk_seen_ns = -_LOOK_AT_DISK_EVERY_NS
        self._bytes_seen = 0
        self.write_bytes_per_s = 0.0
        self._snapshot = AcquisitionSnapshot(
            revision=1,
            phase=AcquisitionPhase.IDLE,
            recording=last,
            default_directory=default_directory,
            free_bytes=self._free_bytes(default_directory),
            bytes_per_s=0.0,
        )

    def snapshot(self) -> AcquisitionSnapshot:
        """The recording, whole."""
        with self._lock:
            return self._snapshot

    @property
    def running(self) -> RecordingSummary | None:
        """The recording that runs or is about to end."""
        recorder = self._recorder
        return recorder.summary() if recorder is not None and recorder.phase != AcquisitionPhase.IDLE else None

    @property
    def recorder(self) -> Recorder | None:
        """The running recorder, or the last one."""
        return self._recorder

    @property
    def directory(self) -> Path:
        """Where the running recording is written, or the next one would be."""
        running = self.running
        return running.directory if running is not None else self._default_directory

    def start(
        self,
        camera: CameraSnapshot,
        name: str,
        directory: Path | None,
        planned_frames: int,
        cancellation: Cancellation,
    ) -> None:
        """Make a run folder and record every frame from now on. Given up before that, the run folder is removed."""
        if not _NAME.fullmatch(name):
            raise RecordingError(
                f"{name!r} cannot end a run folder's name: use up to 80 letters, digits, dots, dashes and underscores, "
                "the first one a letter or digit, the last one no dot."
            )
        if planned_frames < 0:
            raise RecordingError("The number of frames cannot be negative. 0 is until it is stopped.")
        live = self._capture.live
        if live is None:
            raise NoCamera
        if camera.phase != CameraPhase.LIVE:
            description = live.camera.description
            raise CameraUnavailable(description.id, description.driver, "no frames come from it")
        self._not_starting.clear()
        self.refresh()
        try:
            folder = self._folder(directory)
            cancellation.check()
            self._begin(live, _plan(live, camera, name, folder, planned_frames), cancellation)
        finally:
            self._not_starting.set()
            self.refresh()

    def stop(self) -> RecordingSummary | None:
        """End the recording and wait until it is on the disk; the last summary when none runs.

        One that is starting is waited for: it would go on, though it was stopped.
        """
        self._not_starting.wait()
        recorder = self._recorder
        if recorder is None:
            return self._last
        recorder.request_stop()
        return recorder.wait_ended()

    def camera_lost(self, fault: Fault) -> None:
        """The camera stopped: what was recorded is kept, and the recording has failed."""
        recorder = self._capture.recorder
        if recorder is not None:
            recorder.fail(fault)

    def frames_between(self, run_id: str, from_ns: int, to_ns: int) -> FrameTally | None:
        """What the ledger of a recording counts; None when it is neither the running nor the last one."""
        recorder = self._recorder
        return (
            recorder.ledger.between(from_ns, to_ns) if recorder is not None and recorder.run.run_id == run_id else None
        )

    def refresh(self) -> None:
        """Bring the snapshot up to date, and tell when it changed."""
        with self._refreshing:
            previous = self.snapshot()
            now_ns = clock_ns()
            recorder = self._recorder
            phase = recorder.phase if recorder is not None else AcquisitionPhase.IDLE
            summary = recorder.summary() if recorder is not None else self._last
            if not self._not_starting.is_set():
                phase = AcquisitionPhase.STARTING
            idle = phase == AcquisitionPhase.IDLE == previous.phase
            free_bytes = previous.free_bytes
            if now_ns - self._disk_seen_ns >= _LOOK_AT_DISK_EVERY_NS or phase != previous.phase:
                free_bytes = self._look_at_disk(now_ns, None if phase == AcquisitionPhase.IDLE else summary)
            live = self._capture.live
            bytes_per_s = live.rate.hz(now_ns) * live.ring.slot_bytes if live is not None else 0.0
            # While nothing is recorded, small wobbles are no news.
            if idle and abs(bytes_per_s - previous.bytes_per_s) < 0.02 * previous.bytes_per_s:
                bytes_per_s = previous.bytes_per_s
            if idle and abs(free_bytes - previous.free_bytes) < 10_000_000:
                free_bytes = previous.free_bytes
            changed = replace(previous, phase=phase, recording=summary, free_bytes=free_bytes, bytes_per_s=bytes_per_s)
            if changed == previous:
                return
            with self._lock:
                self._snapshot = replace(changed, revision=previous.revision + 1)
        self._on_change()

    def _look_at_disk(self, now_ns: int, running: RecordingSummary | None) -> int:
        """Measure how fast the running recording writes; answers the free bytes where it is written, or would be."""
        written = running.bytes_written if running is not None else 0
        elapsed_s = (now_ns - self._disk_seen_ns) / 1e9
        self.write_bytes_per_s = max(written - self._bytes_seen, 0) / elapsed_s
        self._disk_seen_ns, self._bytes_seen = now_ns, written
        return self._free_bytes(running.directory if running is not None else self._default_directory)

    def _free_bytes(self, directory: Path) -> int:
        """None are free where the disk does not even answer."""
        try:
            return self._storage.free_bytes(directory)
        except OSError:
            return 0

    def _folder(self, directory: Path | None) -> Path:
        """Make the folder of run folders. Of one that was named, only the last part: a missing disk is no folder."""
        folder = (directory or self._default_directory).absolute()
        try:
            folder.mkdir(parents=directory is None, exist_ok=True)
        except FileNotFoundError:
            raise FolderUnwritable(folder, f"there is no folder {folder.parent}") from None
        except FileExistsError:
            raise FolderUnwritable(folder, "it is not a folder") from None
        except ValueError as error:  # a NUL in the name
            raise FolderUnwritable(folder, f"that cannot be a name ({error})") from error
        except OSError as error:
            raise FolderUnwritable(folder, error.strerror or str(error)) from error
        return folder

    def _begin(self, live: LiveCamera, plan: RunPlan, cancellation: Cancellation) -> None:
        frame_format = live.ring.format
        run = RunWriter(
            plan, storage=self._storage, reserve_bytes=self._reserve_bytes, between_steps=cancellation.check
        )
        companion = self._companion
        if companion is not None:
            try:
                companion.opened(run.run_id, run.directory, run.info.started)
            except Exception:
                log.exception("Nothing is kept beside the frames of %s", run.run_id)
                companion = None
        recorder = Recorder(
            run,
            queue_slots=live.ring.slots,
            on_end=self.refresh,
            on_closing=companion.closing if companion is not None else None,
            sync_interval_s=self._sync_interval_s,
        )

        def attach() -> bool:
            # The last chance: from here on the recording runs, whoever is still there.
            cancellation.check()
            if self._capture.live is not live or live.ring.format != frame_format:
                return False
            with self._lock:
                self._recorder = recorder
            self._capture.recorder = recorder
            return True

        try:
            attached = self._capture.call(attach, cancellation)
        except BaseException:
            recorder.abandon()
            recorder.wait_ended()
            raise
        if not attached:
            description = live.camera.description
            recorder.fail(Fault("The camera stopped while the recording began.", "Choose it again."))
            recorder.wait_ended()
            raise CameraUnavailable(description.id, description.driver, "it stopped while the recording began")


def _plan(live: LiveCamera, camera: CameraSnapshot, name: str, folder: Path, planned_frames: int) -> RunPlan:
    frame_format = live.ring.format
    settings = camera.settings
    rate_hz = settings.get("frame_rate_hz", 0.0)
    return RunPlan(
        directory=folder,
        name=name,
        camera=asdict(live.camera.description),
        settings=settings,
        frame_format=RecordedFormat(
            frame_format.width_px,
            frame_format.height_px,
            frame_format.bytes_per_pixel,
            frame_format.significant_bits,
        ),
        planned_frames=planned_frames,
        frame_interval_s=1 / rate_hz if rate_hz > 0 else None,
        software={"name": "macroscope-worker", "version": software_version()},
    )
