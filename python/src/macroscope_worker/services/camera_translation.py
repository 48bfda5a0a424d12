"""Cameras and pictures, from the domain to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from macroscope.camera.v1.camera_pb import (
    CameraDescription,
    CameraFault,
    CameraPhase,
    CameraState,
    ListCamerasResponse,
    PreviewFrame,
    UnavailableDriver,
)

from macroscope_worker.acquisition import SensorPart

from .settings_translation import limits_of, settings_of

if TYPE_CHECKING:
    from macroscope.camera.v1.camera_pb import SensorPart as SensorPartMessage

    from macroscope_worker.acquisition import CameraSnapshot, PreviewPicture
    from macroscope_worker.cameras import CameraDescription as Description
    from macroscope_worker.cameras import CameraListing


def listing_to_proto(listing: CameraListing) -> ListCamerasResponse:
    """Cameras and drivers that cannot work."""
    return ListCamerasResponse(
        cameras=[description_to_proto(camera) for camera in listing.cameras],
        unavailable_drivers=[
            UnavailableDriver(driver=driver.driver, reason=driver.reason) for driver in listing.unavailable
        ],
    )


def description_to_proto(camera: Description) -> CameraDescription:
    """A camera that a driver found."""
    return CameraDescription(
        id=camera.id,
        label=camera.label,
        driver=camera.driver,
        vendor=camera.vendor,
        model=camera.model,
        serial=camera.serial,
        simulated=camera.simulated,
    )


def camera_to_proto(snapshot: CameraSnapshot) -> CameraState:
    """The live camera."""
    state = CameraState(
        revision=snapshot.revision,
        phase=CameraPhase(snapshot.phase),
        limits=limits_of(snapshot.parameters),
        sensor_width_px=snapshot.sensor_width_px,
        sensor_height_px=snapshot.sensor_height_px,
        significant_bits=snapshot.significant_bits,
    )
    if snapshot.description is not None:
        state.camera = description_to_proto(snapshot.description)
    if snapshot.parameters:
        state.settings = settings_of(snapshot.parameters)
    if snapshot.fault is not None:
        state.fault = CameraFault(message=snapshot.fault.message, remedy=snapshot.fault.remedy)
    return state


def part_of(part: SensorPartMessage | None) -> SensorPart | None:
    """The part of the sensor that a window asks for."""
    return None if part is None else SensorPart(part.x_px, part.y_px, part.width_px, part.height_px)


def picture_to_proto(picture: PreviewPicture) -> PreviewFrame:
    """A preview picture. Its pixels are not copied: they leave as the frame's tail."""
    return PreviewFrame(
        frame_id=picture.frame_id,
        received_ns=picture.received_ns,
        width_px=picture.width_px,
        height_px=picture.height_px,
        binning=picture.binning,
        significant_bits=picture.significant_bits,
        saturated_px=picture.saturated_px,
        image_width_px=picture.image_width_px,
        image_height_px=picture.image_height_px,
        bytes_per_pixel=picture.pixels.itemsize,
        part_x_px=picture.part_x_px,
        part_y_px=picture.part_y_px,
        sensor_x_px=picture.placement.x_px,
        sensor_y_px=picture.placement.y_px,
        sensor_binning=picture.placement.binning,
        # The field takes any bytes without gaps; the generated type says `bytes` only.
        pixels=cast("bytes", picture.pixels.data.cast("B")),
    )
