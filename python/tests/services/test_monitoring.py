from __future__ import annotations

import asyncio
import os

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.camera.v1.camera_pb import SelectCameraRequest
from macroscope.monitoring.v1.monitoring_pb import WatchHardwareRequest
from macroscope.rpc.v1.options_pb import Role
from tests.services.served import served

pytestmark = pytest.mark.asyncio


async def test_samples_at_the_rate_asked_for() -> None:
    async with served(Role.VIEWER) as here:
        samples = here.monitoring.watch_hardware(WatchHardwareRequest(rate_hz=20))
        started = asyncio.get_running_loop().time()
        statuses = [(await anext(samples)).status for _ in range(3)]
        assert asyncio.get_running_loop().time() - started >= 0.09
        await samples.aclose()  # type: ignore[attr-defined]
    status = statuses[-1]
    assert status is not None
    assert status.sampled_ns == 123
    assert status.camera is not None
    assert (status.camera.frame_rate_hz, status.camera.missing_frames, status.camera.damaged_frames) == (30.0, 1, 2)
    assert not status.camera.has_field("temperature_c")
    assert status.ring is not None
    assert (status.ring.slots, status.ring.used_slots, status.ring.highest_used_slots) == (8, 1, 4)
    assert status.disk is not None
    assert (status.disk.directory, status.disk.seconds_left) == ("/runs", 60.0)
    assert status.worker is not None
    assert status.worker.pid == os.getpid()
    assert status.worker.resident_bytes > 1_000_000
    assert status.worker.uptime_s > 0


async def test_samples_go_on_while_a_driver_holds_all_threads_of_commands() -> None:
    async with served() as here:
        here.engine.gate.clear()
        request = SelectCameraRequest(camera_id="simulated:cortex-512")
        held = [asyncio.ensure_future(here.camera.select_camera(request)) for _ in range(5)]
        assert await asyncio.to_thread(here.engine.entered.wait, 10)
        samples = here.monitoring.watch_hardware(WatchHardwareRequest(rate_hz=20))
        async with asyncio.timeout(10):
            assert (await anext(samples)).status is not None
        await samples.aclose()  # type: ignore[attr-defined]
        here.engine.gate.set()
        await asyncio.gather(*held)


@pytest.mark.parametrize("rate_hz", [0, -1, 21, float("nan")])
async def test_a_rate_that_makes_no_sense(rate_hz: float) -> None:
    async with served() as here:
        with pytest.raises(ConnectError) as caught:
            await anext(here.monitoring.watch_hardware(WatchHardwareRequest(rate_hz=rate_hz)))
        assert caught.value.code is Code.INVALID_ARGUMENT
