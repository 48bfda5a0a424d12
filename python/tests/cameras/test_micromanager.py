"""Against Micro-Manager's own DemoCamera."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from macroscope_worker.cameras import Camera, CameraRegistry, PixelFormat, UnavailableDriver
from macroscope_worker.cameras._micromanager_core import CorePool
from macroscope_worker.cameras.micromanager import CONFIG_VARIABLE, MicroManagerDriver
from macroscope_worker.errors import CameraNotFound, CameraUnavailable, ParameterNotOffered, ParameterOutOfRange
from macroscope_worker.testing import check_camera

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pymmcore = pytest.importorskip("pymmcore")
pytest.importorskip("mm_test_adapters")

DEMO_ID = "micromanager:DemoCamera:DCam"
X, Y = "region_of_interest.x_px", "region_of_interest.y_px"
WIDTH, HEIGHT = "region_of_interest.width_px", "region_of_interest.height_px"
CONFIG = """# A demo camera and others
Property,Core,Initialize,0
Device,Hub,DemoCamera,DHub
Device,Left Camera,DemoCamera,DCam
Device,Wheel,DemoCamera,DWheel
Device,Lost Camera,NoSuchAdapter,NoCam
Property,Core,Initialize,1
Property,Core,Camera,Left Camera
"""


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CONFIG_VARIABLE, raising=False)


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = MicroManagerDriver().open(DEMO_ID)
    yield camera
    camera.close()


def _values(camera: Camera) -> dict[str, float]:
    return {name: parameter.value for name, parameter in camera.parameters().items()}


def test_the_demo_camera_is_listed_without_configuration() -> None:
    (camera,) = MicroManagerDriver().list_cameras()
    assert camera.id == DEMO_ID
    assert camera.simulated


def test_it_keeps_the_contract() -> None:
    check_camera(CameraRegistry().open(DEMO_ID))


def test_unknown_devices_are_not_found() -> None:
    with pytest.raises(CameraNotFound) as caught:
        MicroManagerDriver().open("micromanager:DemoCamera:DWheel")
    assert caught.value.known_ids == (DEMO_ID,)


def test_colour_and_wide_pixels_are_not_offered(camera: Camera) -> None:
    offered = camera.parameters()["pixel_format"]
    assert (offered.value, offered.choices) == (PixelFormat.MONO16, (PixelFormat.MONO8, PixelFormat.MONO16))


def test_frames_are_the_cameras(camera: Camera) -> None:
    camera.configure({"exposure_us": 5000, WIDTH: 64, HEIGHT: 48})
    camera.start_sequence()
    frames, ids = [], []
    for _ in range(5):
        into = camera.frame_format().empty()
        stamp = camera.next_frame(into, 5)
        assert stamp is not None
        frames.append(into)
        ids.append(stamp.frame_id)
    assert ids == [0, 1, 2, 3, 4]
    assert frames[0].shape == (48, 64)
    assert any(not np.array_equal(frames[0], frame) for frame in frames[1:])


def test_nothing_comes_without_a_frame_in_time(camera: Camera) -> None:
    camera.configure({"exposure_us": 1_000_000})
    camera.start_sequence()
    assert camera.next_frame(camera.frame_format().empty(), 0.02) is None


def test_a_sequence_that_stopped_by_itself_is_told(camera: Camera) -> None:
    camera.configure({"exposure_us": 500_000})
    camera.start_sequence()
    core = camera._core  # type: ignore[attr-defined]
    core.stopSequenceAcquisition()
    into = camera.frame_format().empty()
    for _ in range(core.getRemainingImageCount()):
        assert camera.next_frame(into, 0.1) is not None
    with pytest.raises(CameraUnavailable, match="stopped by itself"):
        camera.next_frame(into, 0.1)


def test_what_the_adapter_would_let_pass_is_refused(camera: Camera) -> None:
    """DemoCamera takes a region past its sensor and swallows a negative exposure."""
    before = _values(camera)
    for changes in ({X: 500.0, WIDTH: 100.0}, {"exposure_us": -1.0}, {"binning": 2.0, WIDTH: 257.0}, {"gain": 0.5}):
        with pytest.raises(ParameterOutOfRange):
            camera.configure(changes)
        assert _values(camera) == before


def test_the_frame_rate_follows_from_the_exposure(camera: Camera) -> None:
    camera.configure({"exposure_us": 20_000})
    assert camera.parameters()["frame_rate_hz"].value == pytest.approx(50)
    with pytest.raises(ParameterNotOffered, match="exposure"):
        camera.configure({"frame_rate_hz": 10})


def test_binning_keeps_the_field_of_view(camera: Camera) -> None:
    camera.configure({X: 100, Y: 40, WIDTH: 200, HEIGHT: 80})
    camera.configure({"binning": 2})
    assert {name: _values(camera)[name] for name in (X, Y, WIDTH, HEIGHT)} == {X: 50, Y: 20, WIDTH: 100, HEIGHT: 40}
    camera.configure({"binning": 4, X: 0, Y: 0, WIDTH: 128, HEIGHT: 128})
    assert camera.frame_format().shape == (128, 128)


def test_a_refusal_by_the_adapter_is_undone(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _values(camera)
    device = camera._device  # type: ignore[attr-defined]
    write = device.write

    def stubborn(name: str, value: float) -> None:
        if name == "gain" and value != before["gain"]:
            raise RuntimeError("Cannot set property Gain")
        write(name, value)

    monkeypatch.setattr(device, "write", stubborn)
    with pytest.raises(ParameterOutOfRange, match="Cannot set property Gain"):
        camera.configure({"exposure_us": 3000, "gain": 2})
    assert _values(camera) == before


def test_cameras_of_a_configuration_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "rig one.cfg"
    config.write_text(CONFIG)
    monkeypatch.setenv(CONFIG_VARIABLE, str(config))
    driver = MicroManagerDriver()
    assert [camera.id for camera in driver.list_cameras()] == [DEMO_ID, "micromanager:rig one:Left Camera"]


def test_a_camera_of_a_configuration_file_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "rig.cfg"
    config.write_text(CONFIG.replace("Device,Lost Camera,NoSuchAdapter,NoCam\n", ""))
    monkeypatch.setenv(CONFIG_VARIABLE, str(config))
    check_camera(MicroManagerDriver().open("micromanager:rig:Left Camera"))
    config.write_text(CONFIG)
    with pytest.raises(CameraUnavailable, match="NoSuchAdapter"):
        MicroManagerDriver().open("micromanager:rig:Left Camera")


def test_a_configuration_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "gone.cfg"))
    listed = CameraRegistry().list_driver("micromanager")
    assert isinstance(listed, UnavailableDriver)
    assert "gone.cfg" in listed.reason
    assert CONFIG_VARIABLE in listed.reason


def test_cores_are_kept_and_lent_again() -> None:
    """The core's destructor now and then waits for ever."""
    pool, made = CorePool(), []

    def make() -> Any:
        made.append(pymmcore.CMMCore())
        return made[-1]

    first, second = pool.take(make), pool.take(make)
    assert first is not second
    assert not first.thisown
    pool.give_back(first)
    assert pool.take(make) is first
    assert len(made) == 2


def test_a_process_ends_in_peace_while_a_sequence_runs() -> None:
    """The core's event callbacks would now and then abort the process at its end."""
    program = (
        "from macroscope_worker.cameras import CameraRegistry\n"
        f"camera = CameraRegistry().open({DEMO_ID!r})\n"
        "camera.configure({'exposure_us': 1000})\n"
        "camera.start_sequence()\n"
        "assert camera.next_frame(camera.frame_format().empty(), 5)\n"
    )
    for _ in range(3):
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
        assert (done.returncode, done.stderr) == (0, "")
