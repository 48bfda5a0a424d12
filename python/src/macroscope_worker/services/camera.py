"""Cameras: which there are, which one is live, its settings and its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macroscope.camera.v1 import camera_connect
from macroscope.camera.v1.camera_pb import (
    ConfigureCameraRequest,
    ConfigureCameraResponse,
    ListCamerasRequest,
    ListCamerasResponse,
    SelectCameraRequest,
    SelectCameraResponse,
    WatchCameraRequest,
    WatchCameraResponse,
    WatchPreviewRequest,
    WatchPreviewResponse,
)
from macroscope.camera.v1.settings_pb import CameraSettings

from .camera_translation import camera_to_proto, listing_to_proto, part_of, picture_to_proto
from .news import Deliveries, News
from .settings_translation import changes_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from macroscope_worker.acquisition import PreviewPicture

    from .engine_port import EnginePort
    from .engine_threads import EngineThreads


class CameraService(camera_connect.CameraService):
    """Serves the engine's camera."""

    def __init__(self, engine: EnginePort, threads: EngineThreads) -> None:
        self._engine = engine
        self._threads = threads

    async def list_cameras(self, request: ListCamerasRequest, ctx: RequestContext[Any, Any], /) -> ListCamerasResponse:
        """The cameras that the drivers find."""
        del ctx
        return listing_to_proto(await self._threads.query(lambda _: self._engine.list_cameras(request.rescan)))

    async def select_camera(
        self, request: SelectCameraRequest, ctx: RequestContext[Any, Any], /
    ) -> SelectCameraResponse:
        """Make another camera live."""
        del ctx
        snapshot = await self._threads.command(
            lambda cancellation: self._engine.select_camera(request.camera_id, cancellation)
        )
        return SelectCameraResponse(state=camera_to_proto(snapshot))

    async def configure_camera(
        self, request: ConfigureCameraRequest, ctx: RequestContext[Any, Any], /
    ) -> ConfigureCameraResponse:
        """Change settings of the live camera."""
        del ctx
        changes = changes_of(request.settings or CameraSettings())
        snapshot = await self._threads.command(lambda cancellation: self._engine.configure(changes, cancellation))
        return ConfigureCameraResponse(state=camera_to_proto(snapshot))

    async def watch_camera(
        self, request: WatchCameraRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchCameraResponse]:
        """The state now, and again whenever it has a new revision."""
        del request, ctx
        news = News()
        unsubscribe = self._engine.subscribe(news.tell)
        try:
            revision = -1
            while True:
                snapshot = self._engine.camera()
                if snapshot.revision != revision:
                    revision = snapshot.revision
                    yield WatchCameraResponse(state=camera_to_proto(snapshot))
                await news.wait()
        finally:
            unsubscribe()

    async def watch_preview(
        self, request: WatchPreviewRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchPreviewResponse]:
        """The newest frames, binned to what was asked for."""
        del ctx
        pictures: Deliveries[PreviewPicture] = Deliveries()
        unsubscribe = self._engine.subscribe_preview(
            request.max_width_px,
            request.max_height_px,
            request.max_rate_hz,
            pictures.deliver,
            part_of(request.part),
        )
        try:
            while True:
                yield WatchPreviewResponse(frame=picture_to_proto(await pictures.take()))
        finally:
            unsubscribe()
