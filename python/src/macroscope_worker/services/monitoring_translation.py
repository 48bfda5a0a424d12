"""Health, from the domain to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.monitoring.v1.monitoring_pb import (
    AcquisitionHealth,
    CameraHealth,
    DiskHealth,
    HardwareStatus,
    RingHealth,
    WorkerHealth,
)

if TYPE_CHECKING:
    from macroscope_worker.acquisition import Health


def health_to_proto(health: Health, worker: WorkerHealth) -> HardwareStatus:
    """One sample."""
    camera, ring, disk, loop = health.camera, health.ring, health.disk, health.acquisition
    return HardwareStatus(
        sampled_ns=health.sampled_ns,
        camera=CameraHealth(
            live=camera.live,
            frame_rate_hz=camera.frame_rate_hz,
            frames=camera.frames,
            missing_frames=camera.missing_frames,
            damaged_frames=camera.damaged_frames,
            last_frame_age_ms=camera.last_frame_age_ms,
            temperature_c=camera.temperature_c,
        ),
        ring=RingHealth(
            slots=ring.slots,
            used_slots=ring.used_slots,
            highest_used_slots=ring.highest_used_slots,
            dropped_frames=ring.dropped_frames,
        ),
        disk=DiskHealth(
            directory=str(disk.directory),
            free_bytes=disk.free_bytes,
            write_bytes_per_s=disk.write_bytes_per_s,
            seconds_left=disk.seconds_left,
        ),
        worker=worker,
        acquisition=AcquisitionHealth(
            running=loop.running, beats=loop.beats, last_beat_age_ms=loop.last_beat_age_ms, stuck=loop.stuck
        ),
    )
