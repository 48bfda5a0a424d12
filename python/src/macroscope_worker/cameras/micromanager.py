"""Cameras of Micro-Manager's device adapters, through pymmcore.

MACROSCOPE_MM_CONFIG names Micro-Manager .cfg files, whose cameras are listed; without any, DemoCamera is.
"""

# ruff: noqa: D102 - the base classes say what these methods do
from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from macroscope_worker.errors import CameraNotFound, CameraUnavailable, DriverUnavailable, ParameterOutOfRange

from ._camera import Camera
from ._description import CameraDescription
from ._driver import CameraDriver
from ._frame_format import FrameFormat, FrameStamp
from ._micromanager_core import CORES
from ._micromanager_device import CORE_ERRORS, MicroManagerDevice
from ._region import REGION_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from ._parameter import Parameter

    Load = Callable[[Any], str]
    """Loads a camera into a core, and answers with its label there."""

CONFIG_VARIABLE = "MACROSCOPE_MM_CONFIG"
_DEMO = ("DemoCamera", "DCam")
_CAMERA_TYPE = 2  # MM::CameraDevice
_LABEL = "Camera"
_ORDER = ("pixel_format", "binning", "exposure_us", "gain", "frame_rate_hz")
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.0005, 0.002


class MicroManagerDriver(CameraDriver):
    """The demo camera, and cameras of configuration files that MACROSCOPE_MM_CONFIG names."""

    name: ClassVar[str] = "micromanager"

    def list_cameras(self) -> Sequence[CameraDescription]:
        found = self._find()
        if not found:
            raise DriverUnavailable(
                self.name, f"Name a Micro-Manager configuration file in {CONFIG_VARIABLE}: no camera adapter was found."
            )
        return [description for description, _ in found]

    def open(self, camera_id: str) -> Camera:
        found = self._find()
        for description, load in found:
            if description.id == camera_id:
                return MicroManagerCamera(description, CORES.take(self._make_core), load)
        raise CameraNotFound(camera_id, [description.id for description, _ in found])

    def _find(self) -> list[tuple[CameraDescription, Load]]:
        """The cameras, each with what loads it into a core."""
        core = CORES.take(self._make_core)
        try:
            found: list[tuple[CameraDescription, Load]] = []
            if _DEMO[1] in _camera_devices(core, _DEMO[0]):
                found.append((self._describe_demo(), _load_demo))
            for config in _configs():
                found += [
                    (self._describe_configured(config, *device), _load_config(config, device[0]))
                    for device in _cameras_in(core, config)
                ]
            return found
        finally:
            CORES.give_back(core)

    def _make_core(self) -> Any:
        try:
            import pymmcore  # noqa: PLC0415 - loaded when it is needed: it is slow, and may be missing
            from pymmcore_plus import find_micromanager  # noqa: PLC0415
        except ImportError as error:
            raise DriverUnavailable(
                self.name, f"Install pymmcore-plus to use Micro-Manager cameras: pip install pymmcore-plus ({error})."
            ) from error
        logging.getLogger("pymmcore-plus").setLevel(logging.WARNING)  # it talks to every handler else
        adapters = find_micromanager()
        if not adapters:
            raise DriverUnavailable(self.name, "Install Micro-Manager's device adapters: mmcore install.")
        core = pymmcore.CMMCore()
        core.setDeviceAdapterSearchPaths([str(adapters)])
        return core

    def _describe_demo(self) -> CameraDescription:
        return CameraDescription(
            id=f"{self.name}:{_DEMO[0]}:{_DEMO[1]}",
            label="Micro-Manager demo camera",
            driver=self.name,
            vendor="Micro-Manager",
            model=_DEMO[1],
            simulated=True,
        )

    def _describe_configured(self, config: Path, label: str, library: str, device: str) -> CameraDescription:
        return CameraDescription(
            id=f"{self.name}:{config.stem}:{label}",
            label=f"{label} ({config.name})",
            driver=self.name,
            vendor=library,
            model=device,
            simulated=library == _DEMO[0],
        )


class MicroManagerCamera(Camera):
    """One camera in a core of its own, in its monochrome format with the most bits.

    Few adapters take changes in a running sequence, so all of them stop it. Changing the binning keeps the field of
    view. The frame rate follows from the exposure where the adapter has no property for it. Adapters have no hardware
    clock to tell: frames have no camera stamp. Frame ids are the adapter's image numbers.
    """

    def __init__(self, description: CameraDescription, core: Any, load: Load) -> None:
        self.description = description
        self._core: Any = core
        self._counted = 0
        try:
            label = load(core)
            core.setCameraDevice(label)
            self._device = MicroManagerDevice(core, label)
            deepest = self._device.deepest_format()
            if deepest is not None:
                self._device.write("pixel_format", deepest)
            if core.getNumberOfComponents() != 1 or core.getBytesPerPixel() > 2:
                raise CameraUnavailable(
                    description.id, description.driver, "it offers no monochrome format of 8 to 16 bits"
                )
        except CORE_ERRORS as error:
            self.close()
            raise self._unavailable(error) from error
        except BaseException:
            self.close()
            raise
        self.sensor_width_px, self.sensor_height_px = self._device.sensor_width_px, self._device.sensor_height_px

    def parameters(self) -> Mapping[str, Parameter]:
        try:
            return self._device.parameters()
        except CORE_ERRORS as error:
            raise self._unavailable(error) from error

    def _parameters_for(self, changes: Mapping[str, float]) -> Mapping[str, Parameter]:
        offered = self.parameters()
        binning, asked = self._device.binning(), changes.get("binning")
        region = self._device.region()
        if asked in offered["binning"].choices and asked is not None:
            region, binning = region.rebinned(binning, int(asked)), int(asked)
        return self._device.parameters(region.changed(changes), binning)

    def _apply(self, changes: Mapping[str, float]) -> None:
        before = {name: parameter.value for name, parameter in self.parameters().items() if not parameter.read_only}
        try:
            self._write(changes)
        except CORE_ERRORS as error:
            try:
                self._write(before)
            except CORE_ERRORS as again:
                raise self._unavailable(again) from error
            name, value = next(iter(changes.items()))
            raise ParameterOutOfRange(name, value, f"less ({_in_one_line(error)})") from error

    def _write(self, changes: Mapping[str, float]) -> None:
        device = self._device
        old_binning, old_region = device.binning(), device.region()
        for name in _ORDER:
            if name in changes:
                device.write(name, changes[name])
        region, binning = old_region, device.binning()
        if binning != old_binning:
            region = device.region_limits(binning).nearest(old_region.rebinned(old_binning, binning))
        if binning != old_binning or REGION_NAMES & changes.keys():
            device.write_region(region.changed(changes))

    def frame_format(self) -> FrameFormat:
        try:
            core = self._core
            width_px, height_px = int(core.getImageWidth()), int(core.getImageHeight())
            return FrameFormat(width_px, height_px, int(core.getBytesPerPixel()), self._device.significant_bits())
        except CORE_ERRORS as error:
            raise self._unavailable(error) from error

    def start_sequence(self) -> None:
        try:
            self._counted = 0
            self._core.startContinuousSequenceAcquisition(0.0)
        except CORE_ERRORS as error:
            raise self._unavailable(error) from error

    def stop_sequence(self) -> None:
        try:
            if self._core.isSequenceRunning():
                self._core.stopSequenceAcquisition()
        except CORE_ERRORS as error:
            raise self._unavailable(error) from error

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        from pymmcore import Metadata  # noqa: PLC0415 - the driver has loaded it

        core, deadline_s, wait_s = self._core, time.monotonic() + timeout_s, _SHORTEST_WAIT_S
        try:
            while core.getRemainingImageCount() == 0:
                if not core.isSequenceRunning():
                    raise CameraUnavailable(
                        self.description.id, self.description.driver, "its sequence stopped by itself"
                    )
                if time.monotonic() >= deadline_s:
                    return None
                time.sleep(wait_s)  # the core has no call that waits
                wait_s = min(wait_s * 1.5, _LONGEST_WAIT_S)
            metadata = Metadata()
            np.copyto(into, core.popNextImageMD(metadata))
        except CORE_ERRORS as error:
            raise self._unavailable(error) from error
        frame_id = self._counted
        if metadata.HasTag("ImageNumber"):
            frame_id = int(metadata.GetSingleTag("ImageNumber").GetValue())
        self._counted = frame_id + 1
        return FrameStamp(frame_id)

    def close(self) -> None:
        core, self._core = self._core, None
        if core is None:
            return
        try:
            if core.isSequenceRunning():
                core.stopSequenceAcquisition()
            CORES.give_back(core)
        except CORE_ERRORS:
            return  # it is gone already

    def _unavailable(self, error: Exception) -> CameraUnavailable:
        return CameraUnavailable(self.description.id, self.description.driver, _in_one_line(error))


def _load_demo(core: Any) -> str:
    core.loadDevice(_LABEL, *_DEMO)
    core.initializeDevice(_LABEL)
    return _LABEL


def _load_config(config: Path, label: str) -> Load:
    def load(core: Any) -> str:
        core.loadSystemConfiguration(str(config))
        return label

    return load


def _configs() -> list[Path]:
    paths = os.environ.get(CONFIG_VARIABLE, "").split(os.pathsep)
    return [Path(path) for path in paths if path]


def _cameras_in(core: Any, config: Path) -> list[tuple[str, str, str]]:
    """(label, adapter library, device) of the cameras that a configuration file names."""
    try:
        lines = config.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise DriverUnavailable(
            MicroManagerDriver.name, f"Correct {CONFIG_VARIABLE}: {config} cannot be read ({error.strerror})."
        ) from error
    rows = [line.strip().split(",") for line in lines]
    devices = [(row[1], row[2], row[3]) for row in rows if row[0] == "Device" and len(row) >= 4]
    cores_own = {row[3] for row in rows if row[:3] == ["Property", "Core", "Camera"] and len(row) >= 4}
    return [device for device in devices if device[0] in cores_own or device[2] in _camera_devices(core, device[1])]


def _camera_devices(core: Any, library: str) -> set[str]:
    """The cameras of an adapter library; none if it does not load here."""
    try:
        names, types = core.getAvailableDevices(library), core.getAvailableDeviceTypes(library)
    except CORE_ERRORS:
        return set()
    return {name for name, kind in zip(names, types, strict=True) if kind == _CAMERA_TYPE}


def _in_one_line(error: Exception) -> str:
    return "; ".join(str(error).splitlines()).rstrip(". ") or type(error).__name__
