"""A camera plug-in for Macroscope: one driver, one camera. Here the camera is a moving test card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from macroscope_worker.cameras import (
    Camera,
    CameraDescription,
    CameraDriver,
    FrameFormat,
    NumberRange,
    Parameter,
    SequencedCamera,
    SimpleCamera,
)
from macroscope_worker.errors import CameraNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

_CARD = CameraDescription(
    id="facility:card",
    label="Test card",
    driver="facility",
    vendor="Our facility",
    model="Card 1",
    simulated=True,
)
_WIDTH_PX, _HEIGHT_PX, _BITS = 320, 240, 12


class FacilityDriver(CameraDriver):
    """Finds and opens the facility's cameras. Import the vendor's library inside the methods, not here."""

    name: ClassVar[str] = "facility"

    def list_cameras(self) -> Sequence[CameraDescription]:
        """Ask the vendor's library what is connected; if it is missing, raise DriverUnavailable with what to do."""
        return [_CARD]

    def open(self, camera_id: str) -> Camera:
        """Open the device. SequencedCamera snaps it at the frame rate and adds the frame-rate setting."""
        if camera_id != _CARD.id:
            raise CameraNotFound(camera_id, [_CARD.id])
        return SequencedCamera(TestCard(), frame_rate_hz=20.0, max_frame_rate_hz=100.0)


class TestCard(SimpleCamera):
    """Diagonal stripes that move on with every picture; exposure makes them brighter."""

    def __init__(self) -> None:
        self.description = _CARD
        self.sensor_width_px, self.sensor_height_px = _WIDTH_PX, _HEIGHT_PX
        self._exposure_us = 5000.0
        self._taken = 0
        rows, columns = np.indices((_HEIGHT_PX, _WIDTH_PX))
        self._diagonal = rows + columns

    def parameters(self) -> Mapping[str, Parameter]:
        """What the camera offers now, in the words of the contract."""
        exposure = Parameter("exposure_us", self._exposure_us, NumberRange(100.0, 10_000.0))
        return {exposure.name: exposure}

    def frame_format(self) -> FrameFormat:
        """12 bits in two bytes."""
        return FrameFormat(_WIDTH_PX, _HEIGHT_PX, bytes_per_pixel=2, significant_bits=_BITS)

    def _apply(self, changes: Mapping[str, float]) -> None:
        self._exposure_us = changes.get("exposure_us", self._exposure_us)

    def snap(self, into: npt.NDArray[Any]) -> None:
        """Take a picture. With a real camera: trigger it, wait, and copy its pixels into `into`."""
        stripes = (self._diagonal + 4 * self._taken) % 64
        np.multiply(stripes, self._exposure_us / 10_000.0 * 64, out=into, casting="unsafe")
        self._taken += 1

    def close(self) -> None:
        """Nothing to let go of."""
