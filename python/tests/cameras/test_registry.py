from __future__ import annotations

import subprocess
import sys
import threading
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, ClassVar

import pytest

from macroscope_worker.cameras import Camera, CameraDescription, CameraDriver, CameraRegistry, UnavailableDriver
from macroscope_worker.cameras._micromanager_core import CORES
from macroscope_worker.cameras.simulated import SimulatedCortexCamera
from macroscope_worker.errors import CameraNotFound, CameraUnavailable, DriverUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence


class GoodDriver(CameraDriver):
    name: ClassVar[str] = "good"
    asked: ClassVar[int] = 0

    def list_cameras(self) -> Sequence[CameraDescription]:
        GoodDriver.asked += 1
        return [CameraDescription("good:1", "One", "good")]

    def open(self, camera_id: str) -> Camera:
        return SimulatedCortexCamera(64)


class MissingSdkDriver(GoodDriver):
    name: ClassVar[str] = "missing"

    def list_cameras(self) -> Sequence[CameraDescription]:
        raise DriverUnavailable("missing", "Install it: pip install it.")


class CrashingDriver(GoodDriver):
    name: ClassVar[str] = "crashing"

    def list_cameras(self) -> Sequence[CameraDescription]:
        raise ZeroDivisionError("off by none")

    def open(self, camera_id: str) -> Camera:
        sys.exit("a library that exits")


class NotADriver:
    pass


def _registry(patience_s: float = 10, **targets: str) -> CameraRegistry:
    group = "macroscope_worker.cameras"
    points = {name: [EntryPoint(name, value, group) for value in targets[name].split()] for name in targets}
    return CameraRegistry(find=lambda: points, patience_s=patience_s)


def _here(name: str) -> str:
    return f"{__name__}:{name}"


def test_every_fault_is_listed_with_its_reason_and_the_rest_works() -> None:
    registry = _registry(
        good=_here("GoodDriver"),
        missing=_here("MissingSdkDriver"),
        crashing=_here("CrashingDriver"),
        absent="no_such_module_of_anybody:Driver",
        wrong=_here("NotADriver"),
        renamed=_here("GoodDriver"),
        twice=f"{_here('GoodDriver')} {_here('MissingSdkDriver')}",
    )
    listing = registry.list_cameras()
    assert [camera.id for camera in listing.cameras] == ["good:1"]
    reasons = {driver.driver: driver.reason for driver in listing.unavailable}
    assert reasons["missing"] == "Install it: pip install it."
    assert "off by none" in reasons["crashing"]
    assert "no_such_module_of_anybody" in reasons["absent"]
    assert "is not a CameraDriver" in reasons["wrong"]
    assert "calls itself 'good'" in reasons["renamed"]
    assert "Uninstall one of them" in reasons["twice"]
    assert len(reasons) == 6


class HangingDriver(GoodDriver):
    name: ClassVar[str] = "hanging"
    may_answer: ClassVar[threading.Event] = threading.Event()

    def list_cameras(self) -> Sequence[CameraDescription]:
        assert HangingDriver.may_answer.wait(10)
        return [CameraDescription("hanging:1", "Slow", "hanging")]


def test_a_driver_that_hangs_holds_up_nobody_else() -> None:
    registry = _registry(0.05, hanging=_here("HangingDriver"), good=_here("GoodDriver"))
    listing = registry.list_cameras()
    assert [camera.id for camera in listing.cameras] == ["good:1"]
    assert [driver.driver for driver in listing.unavailable] == ["hanging"]
    with pytest.raises(CameraUnavailable, match="has not answered"):
        registry.open("hanging:1")
    registry.open("good:1").close()
    HangingDriver.may_answer.set()


def test_the_last_answer_will_do_until_a_rescan() -> None:
    registry = _registry(good=_here("GoodDriver"))
    before = GoodDriver.asked
    registry.list_cameras()
    registry.list_cameras()
    assert GoodDriver.asked == before + 1
    registry.list_cameras(rescan=True)
    assert GoodDriver.asked == before + 2


def test_opening_asks_only_the_driver_of_the_id() -> None:
    registry = _registry(crashing=_here("CrashingDriver"), good=_here("GoodDriver"))
    before = GoodDriver.asked
    registry.open("good:1").close()
    assert GoodDriver.asked == before


def test_an_exit_while_opening_is_a_camera_that_does_not_answer() -> None:
    registry = _registry(crashing=_here("CrashingDriver"))
    with pytest.raises(CameraUnavailable, match="a library that exits"):
        registry.open("crashing:1")


def test_an_unknown_id_names_the_known_ones() -> None:
    registry = _registry(good=_here("GoodDriver"))
    registry.list_cameras()
    with pytest.raises(CameraNotFound) as caught:
        registry.open("nobody:1")
    assert caught.value.known_ids == ("good:1",)


def test_one_driver_can_be_asked_alone() -> None:
    registry = _registry(good=_here("GoodDriver"), crashing=_here("CrashingDriver"))
    assert registry.list_driver("good") == (CameraDescription("good:1", "One", "good"),)
    unknown = registry.list_driver("nobody")
    assert isinstance(unknown, UnavailableDriver)


def test_the_built_in_drivers_are_installed_and_the_simulated_one_is_first() -> None:
    assert CameraRegistry().driver_names[:5] == ("simulated", "pylon", "micromanager", "opencv", "file")


def test_the_simulated_camera_opens_without_any_library_of_a_vendor() -> None:
    program = (
        "import sys\n"
        "from macroscope_worker.cameras import CameraRegistry\n"
        "camera = CameraRegistry().open('simulated:cortex-64')\n"
        "camera.close()\n"
        "print([name for name in ('pypylon', 'pymmcore', 'pymmcore_plus', 'cv2', 'tifffile') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=50, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("driver", ["pylon", "micromanager", "opencv"])
def test_a_missing_library_is_a_reason_to_act_on(driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CORES, "_idle", [])
    for module in ("pypylon", "pymmcore", "pymmcore_plus", "cv2"):
        monkeypatch.setitem(sys.modules, module, None)
    listed = CameraRegistry().list_driver(driver)
    assert isinstance(listed, UnavailableDriver)
    assert "pip install" in listed.reason
