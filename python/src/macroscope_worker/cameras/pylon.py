"""Basler cameras, through the vendor's pylon library. With PYLON_CAMEMU=2 in the environment pylon emulates two."""

# ruff: noqa: D102 - the base classes say what these methods do
from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from macroscope_worker.errors import CameraNotFound, CameraUnavailable, DriverUnavailable

from ._camera import Camera
from ._description import CameraDescription
from ._driver import CameraDriver
from ._frame_format import FrameFormat, FrameStamp
from ._genicam import NodeMap
from ._genicam_lock import release_dead_locks
from ._genicam_settings import GenicamSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from ._parameter import Parameter

_EMULATED = "BaslerCamEmu"
_BUFFER_BYTES = 256 << 20
_NO_BLOCK_ID = (1 << 64) - 1
_SHORT_IDS = 0xFFFF  # of GigE Vision 1: counts 1 to 65535, then 1 again


class PylonDriver(CameraDriver):
    """Basler cameras on GigE, USB3, Camera Link and CoaXPress, and pylon's emulated ones."""

    name: ClassVar[str] = "pylon"

    def list_cameras(self) -> Sequence[CameraDescription]:
        return [_describe(info) for info in self._devices()]

    def open(self, camera_id: str) -> Camera:
        devices = {_describe(info).id: info for info in self._devices()}
        if camera_id not in devices:
            raise CameraNotFound(camera_id, list(devices))
        return PylonCamera(devices[camera_id])

    def _devices(self) -> Sequence[Any]:
        if "pypylon" not in sys.modules:
            release_dead_locks()
        try:
            from pypylon import pylon  # noqa: PLC0415 - loaded when it is needed: it is slow, and may be missing
        except ImportError as error:
            raise DriverUnavailable(
                self.name, f"Install pypylon to use Basler cameras: pip install pypylon ({error})."
            ) from error
        devices: Sequence[Any] = pylon.TlFactory.GetInstance().EnumerateDevices()
        return devices


class PylonCamera(Camera):
    """One Basler camera, set to monochrome with the most bits, free-running at 30 Hz.

    Its settings behave as GenicamSettings says. Frame ids are the camera's block ids, carried on where they wrap
    around.
    """

    def __init__(self, info: Any) -> None:
        from pypylon import genicam, pylon  # noqa: PLC0415 - the driver has loaded them

        self.description = _describe(info)
        self.live_parameters = frozenset({"exposure_us", "gain", "frame_rate_hz"})
        self._pylon = pylon
        self._error: type[Exception] = genicam.GenericException
        self._ids = BlockIds()
        self._camera: Any = None
        try:
            self._camera = pylon.InstantCamera(pylon.TlFactory.GetInstance().CreateDevice(info))
            self._camera.UseExtendedIdIfAvailable.TrySetValue(True)  # noqa: FBT003 - pylon's own signature
            self._camera.Open()
            nodes = NodeMap(genicam, self._camera.GetNodeMap())
            if self.description.simulated:
                nodes.set("TestImageSelector", "Testimage2")
            self._nodes = nodes
            self._settings = GenicamSettings(nodes, self._camera.IsGrabbing)
            if not self._settings.prepare():
                raise CameraUnavailable(
                    self.description.id, PylonDriver.name, "it offers no unpacked monochrome format"
                )
            self.sensor_width_px, self.sensor_height_px = self._settings.sensor_size_px()
            self._clock_hz = nodes.clock_hz()
        except self._error as error:
            self.close()
            raise self._unavailable(error) from error
        except BaseException:
            self.close()
            raise

    def parameters(self) -> Mapping[str, Parameter]:
        try:
            return self._settings.parameters()
        except self._error as error:
            raise self._unavailable(error) from error

    def _parameters_for(self, changes: Mapping[str, float]) -> Mapping[str, Parameter]:
        try:
            return self._settings.parameters_for(changes)
        except self._error as error:
            raise self._unavailable(error) from error

    def _apply(self, changes: Mapping[str, float]) -> None:
        try:
            self._settings.apply(changes)
        except self._error as error:
            raise self._unavailable(error) from error

    def frame_format(self) -> FrameFormat:
        try:
            region, pixel_format = self._settings.region(), self._settings.pixel_format()
        except self._error as error:
            raise self._unavailable(error) from error
        if pixel_format is None:
            raise CameraUnavailable(self.description.id, PylonDriver.name, "another program changed its pixel format")
        return FrameFormat(region.width_px, region.height_px, pixel_format.bytes_per_pixel, pixel_format.bits)

    def start_sequence(self) -> None:
        buffers = min(64, max(8, _BUFFER_BYTES // self.frame_format().nbytes))
        try:
            self._camera.MaxNumBuffer.SetValue(buffers)
            self._camera.StartGrabbing(self._pylon.GrabStrategy_OneByOne)
        except self._error as error:
            raise self._unavailable(error) from error
        self._ids.restart()

    def stop_sequence(self) -> None:
        try:
            self._camera.StopGrabbing()
        except self._error as error:
            raise self._unavailable(error) from error

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        timeout_ms = max(1, round(timeout_s * 1000))
        try:
            result = self._camera.RetrieveResult(timeout_ms, self._pylon.TimeoutHandling_Return)
            try:
                if result.IsValid():
                    return self._take(result, into)
            finally:
                result.Release()
            if self._camera.IsCameraDeviceRemoved():
                raise CameraUnavailable(self.description.id, PylonDriver.name, "it was disconnected")
        except self._error as error:
            raise self._unavailable(error) from error
        return None

    def _take(self, result: Any, into: npt.NDArray[Any]) -> FrameStamp:
        whole = bool(result.GrabSucceeded())
        if whole:
            with result.GetArrayZeroCopy() as pixels:
                np.copyto(into, pixels)
        else:
            into.fill(0)  # what arrived may be any part of a frame
        block_id = int(result.BlockID)
        ticks = int(result.TimeStamp) if whole else 0
        return FrameStamp(
            frame_id=self._ids.carry_on(block_id) if block_id != _NO_BLOCK_ID else int(result.ImageNumber),
            camera_ns=round(ticks * 1e9 / self._clock_hz) if ticks and self._clock_hz else None,
            damaged=not whole,
        )

    def temperature_c(self) -> float | None:
        try:
            return self._nodes.temperature_c()
        except self._error:
            return None

    def close(self) -> None:
        camera, self._camera = self._camera, None
        if camera is None:
            return
        try:
            camera.Close()
            camera.DestroyDevice()
        except self._error:
            return  # it is gone already

    def _unavailable(self, error: Exception) -> CameraUnavailable:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        return CameraUnavailable(self.description.id, PylonDriver.name, first_line.rstrip(". "))


class BlockIds:
    """Carries on the block ids of GigE cameras, whose 16-bit count goes from 65535 to 1."""

    def __init__(self) -> None:
        self._last = 0
        self._carried = 0

    def restart(self) -> None:
        """A new sequence counts anew."""
        self._last = self._carried = 0

    def carry_on(self, block_id: int) -> int:
        """The block id as it would be without the wrap."""
        if block_id < self._last <= _SHORT_IDS and self._last - block_id > _SHORT_IDS // 2:
            self._carried += _SHORT_IDS
        self._last = block_id
        return self._carried + block_id


def _describe(info: Any) -> CameraDescription:
    emulated = info.GetDeviceClass() == _EMULATED
    serial = info.GetSerialNumber() if info.IsSerialNumberAvailable() else ""
    own_name = info.GetUserDefinedName() if info.IsUserDefinedNameAvailable() else ""
    model = info.GetModelName()
    known_by = serial or info.GetFullName()
    label = own_name or f"Basler {model}"
    return CameraDescription(
        id=f"{PylonDriver.name}:{known_by}",
        label=f"{label} ({known_by})",
        driver=PylonDriver.name,
        vendor=info.GetVendorName(),
        model=model,
        serial=serial,
        simulated=emulated,
    )
