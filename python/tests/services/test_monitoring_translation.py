from __future__ import annotations

from pathlib import Path

from macroscope.monitoring.v1.monitoring_pb import WorkerHealth

from macroscope_worker.acquisition import AcquisitionHealth, CameraHealth, DiskHealth, Health, RingHealth
from macroscope_worker.services.monitoring_translation import health_to_proto

LOOP = AcquisitionHealth(running=True, beats=9, last_beat_age_ms=800.5, stuck=True)


def test_what_is_not_known_stays_absent() -> None:
    camera = CameraHealth(
        live=False,
        frame_rate_hz=0,
        frames=0,
        missing_frames=0,
        damaged_frames=0,
        last_frame_age_ms=0,
        temperature_c=None,
    )
    health = Health(5, camera, RingHealth(0, 0, 0, 0), DiskHealth(Path("/runs"), 7, 0, None), LOOP)
    status = health_to_proto(health, WorkerHealth(pid=3))
    assert status.sampled_ns == 5
    assert status.camera is not None
    assert not status.camera.has_field("temperature_c")
    assert status.disk is not None
    assert (status.disk.directory, status.disk.free_bytes) == ("/runs", 7)
    assert not status.disk.has_field("seconds_left")
    assert status.worker == WorkerHealth(pid=3)


def test_the_loop_is_told_as_it_is() -> None:
    camera = CameraHealth(
        live=True,
        frame_rate_hz=1,
        frames=1,
        missing_frames=0,
        damaged_frames=0,
        last_frame_age_ms=1,
        temperature_c=None,
    )
    health = Health(5, camera, RingHealth(0, 0, 0, 0), DiskHealth(Path("/runs"), 7, 0, None), LOOP)
    told = health_to_proto(health, WorkerHealth()).acquisition
    assert told is not None
    assert (told.running, told.beats, told.last_beat_age_ms, told.stuck) == (True, 9, 800.5, True)


def test_a_temperature_of_zero_is_a_temperature() -> None:
    camera = CameraHealth(
        live=True,
        frame_rate_hz=1,
        frames=1,
        missing_frames=0,
        damaged_frames=0,
        last_frame_age_ms=1,
        temperature_c=0.0,
    )
    health = Health(5, camera, RingHealth(0, 0, 0, 0), DiskHealth(Path("/runs"), 7, 0, 0.0), LOOP)
    status = health_to_proto(health, WorkerHealth())
    assert status.camera is not None
    assert status.camera.has_field("temperature_c")
    assert status.disk is not None
    assert status.disk.has_field("seconds_left")
