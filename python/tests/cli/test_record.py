from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from macroscope_worker.recording import RecordingOutcome, RunReader, verify

from .console import COMMAND, ENVIRONMENT, console

SIMULATED = "simulated:cortex-512"


def camera_of(driver: str, library: str) -> str:
    """The first camera of a driver; skips where its library is not installed."""
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    cameras = console("cameras", "--json").document["cameras"]
    return str(next(camera["id"] for camera in cameras if camera["driver"] == driver))


def frames_of(run: str) -> Any:
    return zarr.open(Path(run) / "frames.zarr" / "0", mode="r")


@pytest.mark.parametrize(
    ("driver", "library", "settings"),
    [
        ("simulated", "numpy", []),
        ("pylon", "pypylon", ["--set", "pixel_format=mono12", "--set", "exposure_us=2000"]),
        ("micromanager", "mm_test_adapters", ["--set", "exposure_us=5000"]),
    ],
)
def test_records_a_camera_and_verify_and_zarr_agree(
    tmp_path: Path, driver: str, library: str, settings: list[str]
) -> None:
    camera_id = camera_of(driver, library)
    done = console(
        "record", "--camera", camera_id, "--frames", "40", "--out", tmp_path / "a" / "b", "--json", *settings
    )
    assert done.code == 0, done.stderr
    summary = done.document
    assert summary["outcome"] == "complete"
    assert summary["durable_frames"] == 40
    array = frames_of(summary["directory"])
    assert array.shape[0] == 40
    reader = RunReader(Path(summary["directory"]))
    for index in (0, 39):
        np.testing.assert_array_equal(array[index], reader.read_frame(index))
    assert reader.written["frame_id"].tolist() == sorted(reader.written["frame_id"].tolist())
    for setting in settings[1::2]:
        name, _, value = setting.partition("=")
        assert reader.info.settings[name] == pytest.approx(3 if value == "mono12" else float(value), rel=0.01)
    checked = console("verify", summary["directory"], "--json")
    assert checked.code == 0
    assert checked.document["good"]
    assert checked.document["good_frames"] == checked.document["array_frames"] == 40


def test_says_it_in_words(tmp_path: Path) -> None:
    done = console("record", "--camera", SIMULATED, "--frames", "2", "--out", tmp_path, "--name", "mouse-7")
    assert done.code == 0
    (run,) = tmp_path.iterdir()
    assert run.name.endswith("_mouse-7")
    assert str(run) in done.stdout
    assert "2 frames" in done.stdout
    # Progress is for terminals.
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["--camera", "simulated:none"], 3, "CameraNotFound"),
        (["--camera", "nobody:0"], 3, "CameraNotFound"),
        (["--set", "exposure_us=1e12"], 2, "ParameterOutOfRange"),
        (["--set", "focus=1"], 2, "ParameterNotOffered"),
        (["--name", "a/b"], 2, "RecordingError"),
        (["--frames", "100000000"], 4, "SpaceShort"),
        (["--out", "/dev/null"], 4, "FolderUnwritable"),
    ],
)
def test_each_refusal_has_its_code_and_a_sentence(tmp_path: Path, arguments: list[str], code: int, kind: str) -> None:
    done = console(
        "record", "--json", "--camera", SIMULATED, "--frames", "3", "--out", str(tmp_path), *arguments
    )  # the last one counts
    assert done.code == code, done.stderr
    assert done.document["error"]["kind"] == kind
    assert done.document["error"]["message"] in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize(("number", "frames", "code"), [(signal.SIGINT, 100_000, 130), (signal.SIGTERM, 0, 0)])
def test_a_signal_ends_the_run_as_it_should_end(tmp_path: Path, number: int, frames: int, code: int) -> None:
    with started(tmp_path, frames) as program:
        run = run_with_frames(tmp_path, 5)
        program.send_signal(number)
        stdout, stderr = program.communicate(timeout=30)
    assert program.returncode == code, stderr
    assert str(run) in stdout
    report = verify(run)
    assert report.is_good
    assert report.good_frames >= 5


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_killed_recording_can_be_read_and_says_that_it_is_incomplete(tmp_path: Path) -> None:
    with started(tmp_path, 0) as program:
        run = run_with_frames(tmp_path, 20)
        program.kill()
        program.communicate(timeout=30)
    done = console("verify", run, "--json")
    assert done.code == 1
    assert done.document["outcome"] == "incomplete"
    assert done.document["problems"] == []
    assert done.document["good_frames"] >= 20
    assert RunReader(run).info.outcome is RecordingOutcome.INCOMPLETE
    assert frames_of(str(run)).shape[0] == done.document["array_frames"]


def started(directory: Path, frames: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "record", "--camera", SIMULATED, "--frames", str(frames), "--out", str(directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def run_with_frames(directory: Path, frames: int) -> Path:
    """Look until the run that is being written has so many frames."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for table in directory.glob("*/frames.table"):
            if table.stat().st_size >= 4096 + 64 * frames:
                return table.parent
        time.sleep(0.02)
    raise AssertionError(f"no run with {frames} frames in {directory}")
