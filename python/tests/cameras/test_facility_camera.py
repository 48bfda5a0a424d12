"""The example plug-in, built and installed as a facility would, apart from this environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "facility-camera"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages that holds the plug-in alone: its wheel, unpacked."""
    root = tmp_path_factory.mktemp("plugin")
    source = shutil.copytree(EXAMPLE, root / "source", ignore=shutil.ignore_patterns("__pycache__", "dist"))
    _run(root, "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])", str(root), cwd=source)
    (wheel,) = root.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / "packages")
    return root / "packages"


def _run(path: Path, program: str, *arguments: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(path)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_plug_in_is_found_beside_the_built_in_drivers(target: Path) -> None:
    program = (
        "import json\n"
        "from macroscope_worker.cameras import CameraRegistry\n"
        "registry = CameraRegistry()\n"
        "cameras = [camera.id for camera in registry.list_driver('facility')]\n"
        "print(json.dumps([list(registry.driver_names), cameras]))\n"
    )
    names, cameras = json.loads(_run(target, program))
    assert names == ["simulated", "pylon", "micromanager", "opencv", "file", "facility"]
    assert cameras == ["facility:card"]


def test_its_own_test_passes(target: Path) -> None:
    test = EXAMPLE / "tests" / "test_facility_camera.py"
    program = f"import runpy\nrunpy.run_path({str(test)!r})['test_the_card_keeps_the_contract_of_a_camera']()\n"
    _run(target, program)
