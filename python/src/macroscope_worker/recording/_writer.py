"""Writing a run: frames into their slots, records into the table, metadata that grows with what is durable."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from macroscope_worker.clock import clock_ns
from macroscope_worker.errors import FolderExists, FolderUnwritable, SpaceShort
from macroscope_worker.recording._checksum import crc32c
from macroscope_worker.recording._fault import FULL, disk_fault
from macroscope_worker.recording._layout import SHARD_TARGET_BYTES, ZARR_METADATA, RunPaths, ShardLayout
from macroscope_worker.recording._outcome import DropReason, RecordingOutcome
from macroscope_worker.recording._run_info import Moment, RunInfo
from macroscope_worker.recording._shard import ShardWriter
from macroscope_worker.recording._storage import Storage
from macroscope_worker.recording._table import RECORD_BYTES, encode_record, table_header
from macroscope_worker.recording._zarr import array_metadata, group_metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from macroscope_worker.recording._fault import Fault
    from macroscope_worker.recording._layout import RecordedFormat
    from macroscope_worker.recording._run_info import EventsInfo

RESERVE_BYTES = 64 << 20
"""Kept free beside the frames: tables, metadata, and other programs' small needs."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is going to be recorded. `planned_frames` of 0 is until it is stopped."""

    directory: Path
    name: str
    camera: Mapping[str, Any]
    settings: Mapping[str, float]
    frame_format: RecordedFormat
    planned_frames: int = 0
    frame_interval_s: float | None = None
    software: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, for `run.json`. `drops` are all drops but those the writer itself finds when it closes."""

    outcome: RecordingOutcome
    captured_frames: int
    drops: Mapping[DropReason, int]
    fault: Fault | None = None
    events: EventsInfo | None = None


class RunWriter:
    """A run folder being written. One thread writes frames and losses, one syncs, and `finish` comes after both.

    After any error from `write_*` or `sync` the run ends: call `finish` with the outcome failed. What was durable stays
    readable.
    """

    def __init__(
        self,
        plan: RunPlan,
        *,
        storage: Storage | None = None,
        reserve_bytes: int = RESERVE_BYTES,
        shard_bytes: int = SHARD_TARGET_BYTES,
        between_steps: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the run folder and everything in it but frames.

        `between_steps` is called while it is made; what it raises ends that, and nothing of the run is left behind.

        Raises
        ------
        SpaceShort
            The planned frames would fill more than 95 % of what is free.
        FolderExists
            The run folder is there already.
        FolderUnwritable
            The operating system refuses; nothing of this run is left behind where that can be had.
        """
        self._storage = storage or Storage()
        self._reserve_bytes = reserve_bytes
        self._plan = plan
        self.format = plan.frame_format
        self.layout = ShardLayout.choose(plan.frame_format.nbytes, plan.planned_frames, shard_bytes)
        started = now()
        stamp = datetime.fromtimestamp(started.unix_ns / 1e9, UTC).astimezone().strftime("%Y%m%d-%H%M%S")
        self.run_id = f"{stamp}_{plan.name}"
        self.directory = plan.directory / self.run_id
        self.paths = RunPaths(self.directory)
        self.info = RunInfo(
            run_id=self.run_id,
            camera=plan.camera,
            settings=plan.settings,
            frame_format=plan.frame_format,
            frames_per_shard=self.layout.frames,
            planned_frames=plan.planned_frames,
            started=started,
            software=plan.software or {},
        )
        self.written_frames = 0
        self.durable_frames = 0
        self.bytes_written = 0
        self._first_ns = self._last_ns = 0
        self._first_id = self._last_id = 0
        self._sync_failed = False
        self._table_failed: OSError | None = None
        # Guards what both threads touch: the list of shards and folders that the next sync has to see.
        self._lock = threading.Lock()
        self._shards: list[ShardWriter] = []
        self._unsynced_folders: list[Path] = []
        self._shard_count = 0
        self._table = -1
        self._folder_made = False
        try:
            self._check_space()
            self._make_folder()
            self._make_files(between_steps)
        except BaseException as error:
            self.discard()
            if isinstance(error, OSError):
                raise self._refusal(error) from error
            raise

    def write_frame(
        self,
        memory: npt.NDArray[np.uint8],
        *,
        frame_id: int,
        received_ns: int,
        camera_ns: int | None = None,
        renumbered: bool = False,
    ) -> None:
        """Hand a frame and its record to the operating system: after this, only a loss of power loses it.

        `memory` is the frame's bytes, best page-aligned and padded to whole pages, as then nothing is copied.

        Raises
        ------
        SpaceShort
            The disk would be full: stop here, cleanly.
        OSError
            The disk refused.
        """
        shard = self._shards[-1]
        if shard.is_full:
            shard = self._next_shard()
        checksum = crc32c(memory[: self.format.nbytes])
        shard.write(memory)
        self._append(
            encode_record(
                frame_id=frame_id,
                received_ns=received_ns,
                slot=self.written_frames,
                camera_ns=camera_ns,
                pixel_crc32c=checksum,
                renumbered=renumbered,
            )
        )
        if self.written_frames == 0:
            self._first_ns, self._first_id = received_ns, frame_id
        self._last_ns, self._last_id = received_ns, frame_id
        self.bytes_written += self.layout.slot_bytes
        # Last, because the syncing thread takes it for done.
        self.written_frames += 1

    def write_lost(
        self, *, frame_id: int, reason: DropReason, received_ns: int, count: int = 1, camera_ns: int | None = None
    ) -> None:
        """Note that `count` frames from `frame_id` on are lost. Raises OSError."""
        self._append(
            encode_record(frame_id=frame_id, count=count, received_ns=received_ns, camera_ns=camera_ns, outcome=reason)
        )

    def sync(self) -> int:
        """Make everything written until now durable, and let the array's shape say so; answers how many frames that is.

        Raises
        ------
        OSError
            The disk refused. Nothing more becomes durable in this run: a failed sync is never tried again.
        """
        if self._sync_failed:
            return self.durable_frames
        with self._lock:
            written = self.written_frames
            shards = list(self._shards)
            folders, self._unsynced_folders = self._unsynced_folders, []
        try:
            for shard in shards:
                shard.sync()
            self._storage.sync(self._table)
            for folder in folders:
                self._storage.sync_folder(folder)
            if written != self.durable_frames:
                self._write_shape(written)
        except BaseException:
            self._sync_failed = True
            raise
        self.durable_frames = written
        for shard in shards[:-1]:  # full, and everything in them was in this sync
            shard.close()
        with self._lock:
            self._shards = [shard for shard in self._shards if shard not in shards[:-1]]
        return written

    @property
    def reserved_bytes(self) -> int:
        """What the disk keeps for the next frames of this run: they fit, though it is not free any more."""
        return self._shards[-1].reserved_bytes

    def has_room(self) -> bool:
        """Whether the reserve is still free. Other programs fill disks too."""
        return self._storage.free_bytes(self.directory) >= self._reserve_bytes // 2

    def finish(self, ending: Ending) -> RunInfo:
        """Sync, close, write how the run ended. Errors of the disk make the outcome failed; the answer has them."""
        problem: OSError | None = None
        try:
            self.sync()
            if not self._sync_failed:
                self._shards[-1].cut()
                self._shards[-1].sync()
                self._write_group()
        except OSError as error:
            problem = error
        if self._sync_failed:
            # A full disk has room for run.json then.
            with suppress(OSError):
                self._shards[-1].cut()
        unsynced = self.written_frames - self.durable_frames
        drops = dict(ending.drops)
        if unsynced:
            drops[DropReason.WRITE_FAILED] = drops.get(DropReason.WRITE_FAILED, 0) + unsynced
        self.info = replace(
            self.info,
            outcome=ending.outcome if problem is None else RecordingOutcome.FAILED,
            fault=ending.fault or (disk_fault(problem, self.directory) if problem else None),
            ended=now(),
            captured_frames=ending.captured_frames,
            written_frames=self.written_frames,
            durable_frames=self.durable_frames,
            dropped_frames=drops,
            unsynced_frames=unsynced,
            bytes_written=self.bytes_written,
            events=ending.events,
        )
        try:
            self._storage.replace(self.paths.info, self.info.to_json())
        except OSError as error:
            # The file still says incomplete, which is true.
            self.info = replace(
                self.info, outcome=RecordingOutcome.FAILED, fault=self.info.fault or disk_fault(error, self.directory)
            )
        finally:
            self._close_files()
        return self.info

    def discard(self) -> None:
        """Close and remove the folder of a run that has no frames; what cannot be removed is left."""
        self._close_files()
        self._remove_unused()

    def _check_space(self) -> None:
        layout, planned = self.layout, self._plan.planned_frames
        # Without a plan, enough for a start: the smallest ring's worth of frames.
        frames = planned or 8
        shards = -(-frames // layout.frames)
        needed = frames * (layout.slot_bytes + RECORD_BYTES) + shards * layout.head_bytes + self._reserve_bytes
        free = self._storage.free_bytes(self._plan.directory)
        if needed > 0.95 * free:
            raise SpaceShort(self._plan.directory, needed, free)

    def _make_folder(self) -> None:
        try:
            self._storage.make_folder(self.directory)
        except FileExistsError:
            raise FolderExists(self.directory) from None
        self._folder_made = True

    def _make_files(self, between_steps: Callable[[], None]) -> None:
        paths = self.paths
        for folder in (paths.group, paths.array, paths.array / "c"):
            self._storage.make_folder(folder)
        self._storage.replace(paths.info, self.info.to_json())
        between_steps()
        self._table, _ = self._storage.create(paths.table)
        self._storage.append(self._table, table_header())
        self._storage.sync(self._table)
        self._write_shape(0)
        self._write_group()
        self._unsynced_folders += [paths.array, paths.group, paths.run, self._plan.directory]
        between_steps()
        self._next_shard()
        between_steps()
        self.sync()

    def _next_shard(self) -> ShardWriter:
        layout, index = self.layout, self._shard_count
        capacity = layout.frames
        if self._plan.planned_frames:
            capacity = min(capacity, self._plan.planned_frames - index * layout.frames)
        free = self._storage.free_bytes(self.directory) - self._reserve_bytes - layout.head_bytes
        capacity = min(capacity, free // layout.slot_bytes)
        if capacity < 1 or (self._shards and self._shards[-1].capacity < layout.frames):
            raise SpaceShort(self.directory, layout.slot_bytes + layout.head_bytes + self._reserve_bytes, max(free, 0))
        path = self.paths.shard(index)
        for folder in (path.parent.parent, path.parent):
            self._storage.make_folder(folder)
        shard = ShardWriter(path, layout, capacity, self._storage)
        with self._lock:
            self._shards.append(shard)
            self._shard_count += 1
            self._unsynced_folders += [path.parent, path.parent.parent, path.parent.parent.parent]
        return shard

    def _append(self, record: bytes) -> None:
        if self._table_failed is not None:
            # Part of a record may be on the disk, and what came behind it could not be read.
            raise self._table_failed
        try:
            self._storage.append(self._table, record)
        except OSError as error:
            self._table_failed = error
            raise

    def _write_shape(self, frames: int) -> None:
        self._storage.replace(self.paths.array / ZARR_METADATA, array_metadata(frames, self.format, self.layout))

    def _write_group(self) -> None:
        measured = (
            (self._last_ns - self._first_ns) / 1e9 / (self._last_id - self._first_id)
            if self._last_id > self._first_id
            else 0.0
        )
        interval_s = measured if measured > 0 else self._plan.frame_interval_s
        self._storage.replace(self.paths.group / ZARR_METADATA, group_metadata(self.run_id, interval_s))

    def _close_files(self) -> None:
        for shard in self._shards:
            with suppress(OSError):
                shard.close()
        if self._table >= 0:
            table, self._table = self._table, -1
            with suppress(OSError):
                self._storage.close(table)

    def _remove_unused(self) -> None:
        """Remove the folder of a run that never began; leave it where that fails."""
        if not self._folder_made:
            return
        with suppress(OSError):
            for folder, _, files in os.walk(self.directory, topdown=False):
                for name in files:
                    os.unlink(os.path.join(folder, name))  # noqa: PTH108, PTH118
                os.rmdir(folder)  # noqa: PTH106

    def _refusal(self, error: OSError) -> FolderUnwritable | SpaceShort:
        if error.errno in FULL:
            needed = self.layout.file_bytes + self._reserve_bytes
            return SpaceShort(self._plan.directory, needed, self._storage.free_bytes(self._plan.directory))
        return FolderUnwritable(self._plan.directory, error.strerror or str(error))


def now() -> Moment:
    """The present moment on all clocks."""
    unix_ns, monotonic_ns = time.time_ns(), clock_ns()
    return Moment(unix_ns, monotonic_ns, datetime.fromtimestamp(unix_ns / 1e9, UTC).astimezone().isoformat())
