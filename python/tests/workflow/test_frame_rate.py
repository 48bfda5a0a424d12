from __future__ import annotations

from dataclasses import replace

from tests.workflow.bench import Bench, make_health

from macroscope_worker.acquisition import CameraPhase
from macroscope_worker.cameras import Parameter
from macroscope_worker.workflow._frame_rate import SETTLED_NS, FrameRateReference


def looked(bench: Bench) -> FrameRateReference:
    reference = FrameRateReference(bench.instruments)
    reference.look()
    return reference


def set_rate(bench: Bench, rate_hz: float) -> None:
    bench.camera = replace(bench.camera, parameters={"frame_rate_hz": Parameter("frame_rate_hz", rate_hz)})


def test_it_is_what_is_set_or_what_is_reached_where_that_is_less() -> None:
    assert looked(Bench(health=make_health(frame_rate_hz=30.4))).since(0) == 30.0
    assert looked(Bench(health=make_health(frame_rate_hz=24.0))).since(0) == 24.0


def test_of_a_camera_that_has_no_rate_it_is_what_is_reached() -> None:
    bench = Bench()
    bench.camera = replace(bench.camera, parameters={})
    assert looked(bench).since(0) == 30.0


def test_what_the_camera_reaches_later_changes_nothing() -> None:
    bench = Bench()
    reference = looked(bench)
    bench.health = make_health(frame_rate_hz=3.0)
    reference.look()
    assert reference.since(0) == 30.0


def test_other_settings_have_another_rate_when_it_has_been_measured() -> None:
    bench = Bench()
    reference = looked(bench)
    set_rate(bench, 10.0)
    bench.health = make_health(frame_rate_hz=9.0)
    reference.look()
    assert reference.since(bench.now_ns) == 0.0
    bench.now_ns += SETTLED_NS
    reference.look()
    assert reference.since(bench.now_ns) == 9.0
    # Of a sweep that began before, nothing is known.
    assert reference.since(bench.now_ns - 1) == 0.0


def test_a_camera_that_gives_no_frames_has_none() -> None:
    bench = Bench(health=make_health(frame_rate_hz=0.0))
    assert looked(bench).since(0) == 0.0
    bench = Bench()
    bench.camera = replace(bench.camera, phase=CameraPhase.FAILED)
    reference = looked(bench)
    assert reference.since(0) == 0.0
    bench.camera = replace(bench.camera, phase=CameraPhase.LIVE)
    reference.look()
    assert reference.since(0) == 30.0
