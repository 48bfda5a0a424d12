from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1.acquisition_pb import StopRecordingRequest
from macroscope.camera.v1 import errors_pb
from macroscope.camera.v1.camera_pb import (
    CameraPhase,
    ConfigureCameraRequest,
    ListCamerasRequest,
    SelectCameraRequest,
    WatchCameraRequest,
    WatchPreviewRequest,
)
from macroscope.camera.v1.errors_pb import ParameterRejected
from macroscope.camera.v1.settings_pb import CameraSettings, RegionOfInterest
from macroscope.rpc.v1.errors_pb import InvalidFields, RoleNeeded
from macroscope.rpc.v1.options_pb import Role
from tests.services.fake_engine import CORTEX
from tests.services.served import served

from macroscope_worker.acquisition import CameraPhase as Phase
from macroscope_worker.acquisition import Fault, PreviewPicture

pytestmark = pytest.mark.asyncio


async def test_lists_cameras_and_drivers_that_cannot_work() -> None:
    async with served(Role.VIEWER) as here:
        listed = await here.camera.list_cameras(ListCamerasRequest(rescan=True))
    assert [(camera.id, camera.simulated) for camera in listed.cameras] == [(CORTEX.id, True)]
    assert [(driver.driver, driver.reason) for driver in listed.unavailable_drivers] == [("pylon", "Install the SDK.")]


async def test_selects_a_camera() -> None:
    async with served() as here:
        state = (await here.camera.select_camera(SelectCameraRequest(camera_id=CORTEX.id))).state
    assert state is not None
    assert state.phase == CameraPhase.LIVE
    assert state.camera is not None
    assert state.camera.id == CORTEX.id
    assert state.settings is not None
    assert state.settings.exposure_us == 10_000
    assert (state.sensor_width_px, state.significant_bits) == (512, 16)


async def test_an_unknown_camera() -> None:
    async with served() as here:
        with pytest.raises(ConnectError) as caught:
            await here.camera.select_camera(SelectCameraRequest(camera_id="nothing:1"))
        assert caught.value.code is Code.NOT_FOUND
        assert "'nothing:1'" in caught.value.message
        detail = caught.value.details[0].value(errors_pb.CameraNotFound)
        assert detail is not None
        assert detail.known_ids == [CORTEX.id]
        await here.camera.list_cameras(ListCamerasRequest())


async def test_an_exposure_out_of_the_cameras_range() -> None:
    async with served() as here:
        with pytest.raises(ConnectError) as caught:
            await here.camera.configure_camera(ConfigureCameraRequest(settings=CameraSettings(exposure_us=5)))
        assert caught.value.code is Code.OUT_OF_RANGE
        detail = caught.value.details[0].value(ParameterRejected)
        assert detail is not None
        assert (detail.parameter, detail.requested) == ("exposure_us", 5)
        assert detail.limits is not None
        assert detail.limits.range is not None
        assert detail.limits.range.minimum == 10


async def test_an_exposure_that_the_schema_forbids_does_not_reach_the_camera() -> None:
    async with served() as here:
        with pytest.raises(ConnectError) as caught:
            await here.camera.configure_camera(ConfigureCameraRequest(settings=CameraSettings(exposure_us=-1)))
        assert caught.value.code is Code.INVALID_ARGUMENT
        detail = caught.value.details[0].value(InvalidFields)
        assert detail is not None
        assert [violation.field for violation in detail.violations] == ["settings.exposure_us"]
        assert here.engine.changes == []


async def test_settings_reach_the_camera_by_their_paths() -> None:
    settings = CameraSettings(exposure_us=20, region_of_interest=RegionOfInterest(width_px=32))
    async with served() as here:
        await here.camera.configure_camera(ConfigureCameraRequest(settings=settings))
        assert here.engine.changes == [{"exposure_us": 20.0, "region_of_interest.width_px": 32.0}]


async def test_a_viewer_changes_nothing() -> None:
    async with served(Role.VIEWER) as here:
        with pytest.raises(ConnectError) as caught:
            await here.camera.select_camera(SelectCameraRequest(camera_id=CORTEX.id))
        assert caught.value.code is Code.PERMISSION_DENIED
        assert caught.value.details[0].value(RoleNeeded) is not None
        assert not here.engine.entered.is_set()


async def test_a_stop_is_answered_while_a_camera_opens() -> None:
    async with served() as here:
        here.engine.gate.clear()
        selections = [
            asyncio.create_task(here.camera.select_camera(SelectCameraRequest(camera_id=CORTEX.id))) for _ in range(12)
        ]
        await asyncio.to_thread(here.engine.entered.wait)
        async with asyncio.timeout(5):
            await here.acquisition.stop_recording(StopRecordingRequest())
        assert not any(selection.done() for selection in selections)
        here.engine.gate.set()
        await asyncio.gather(*selections)


async def test_watches_the_state() -> None:
    async with served(Role.VIEWER) as here:
        states = here.camera.watch_camera(WatchCameraRequest())
        first = (await anext(states)).state
        assert first is not None
        assert (first.revision, first.phase) == (1, CameraPhase.LIVE)
        failed = replace(
            here.engine.camera(), revision=2, phase=Phase.FAILED, fault=Fault("It is gone.", "Plug it in.")
        )
        await asyncio.to_thread(here.engine.set_camera, failed)
        second = (await anext(states)).state
        assert second is not None
        assert (second.revision, second.phase) == (2, CameraPhase.FAILED)
        assert second.fault is not None
        assert (second.fault.message, second.fault.remedy) == ("It is gone.", "Plug it in.")
        await states.aclose()  # type: ignore[attr-defined]
        await here.engine.subscribed(here.engine.listeners, 0)


async def test_watches_the_picture() -> None:
    pixels = np.arange(12, dtype="<u2").reshape(3, 4)
    picture = PreviewPicture(9, 100, 4, 3, 2, 16, 1, 8, 6, pixels)
    async with served(Role.VIEWER) as here:
        request = WatchPreviewRequest(max_width_px=64, max_height_px=32, max_rate_hz=30)
        pictures = here.camera.watch_preview(request)
        taken = asyncio.ensure_future(anext(pictures))
        await here.engine.subscribed(here.engine.previews, 1)
        assert here.engine.preview_sizes == [(64, 32, 30.0)]
        await asyncio.to_thread(here.engine.previews[0], picture)
        frame = (await taken).frame
        assert frame is not None
        assert (frame.frame_id, frame.received_ns, frame.binning, frame.saturated_px) == (9, 100, 2, 1)
        assert (frame.width_px, frame.height_px, frame.bytes_per_pixel) == (4, 3, 2)
        assert (frame.image_width_px, frame.image_height_px) == (8, 6)
        assert np.array_equal(np.frombuffer(frame.pixels, "<u2").reshape(3, 4), pixels)
        await pictures.aclose()  # type: ignore[attr-defined]
        await here.engine.subscribed(here.engine.previews, 0)
