"""A camera at the edge of the machine whose every frame a test delivers, and a registry of such cameras."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.acquisition import Engine
from macroscope_worker.cameras import (
    Camera,
    CameraDescription,
    CameraListing,
    CameraRegistry,
    FrameFormat,
    FrameStamp,
    NumberRange,
    Parameter,
)
from macroscope_worker.errors import CameraNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import numpy.typing as npt

PATIENCE_S = 10.0
"""How long a test waits for what must happen before it fails."""


def pixels_of(camera_number: int, frame_format: FrameFormat) -> npt.NDArray[Any]:
    """What the camera shows under this number of its own."""
    values = np.arange(frame_format.width_px * frame_format.height_px, dtype=np.uint64) * 7 + camera_number
    return (values % (1 << frame_format.significant_bits)).astype(frame_format.dtype).reshape(frame_format.shape)


class ScriptedCamera(Camera):
    """Gives the frames that `deliver` names, and nothing else."""

    live_parameters = frozenset({"exposure_us"})

    def __init__(self, camera_id: str = "scripted:a", width_px: int = 20, height_px: int = 12, bits: int = 12) -> None:
        self.description = CameraDescription(camera_id, camera_id.title(), camera_id.partition(":")[0], simulated=True)
        self.sensor_width_px, self.sensor_height_px = width_px, height_px
        self.format = FrameFormat(width_px, height_px, 1 if bits == 8 else 2, bits)
        self.values = {"exposure_us": 1000.0, "frame_rate_hz": 50.0, "region_of_interest.width_px": float(width_px)}
        self.threads: set[int] = set()
        self.sequences = 0
        self.running = False
        self.is_closed = False
        self.period_s = 3600.0
        self.fail_start: Exception | None = None
        self.fail_apply: Exception | None = None
        self._changed = threading.Condition()
        self._script: deque[FrameStamp | Exception] = deque()
        self._waiting = False

    # The test's side.

    def deliver(self, *camera_numbers: int, damaged: bool = False) -> None:
        """Let these frames come, and wait until the engine has handed the last one on."""
        with self._changed:
            self.script(*camera_numbers, damaged=damaged)
            assert self._changed.wait_for(lambda: not self._script and self._waiting, PATIENCE_S)

    def script(self, *camera_numbers: int, damaged: bool = False) -> None:
        """Let these frames come."""
        with self._changed:
            self._script.extend(FrameStamp(n, camera_ns=1000 * n, damaged=damaged) for n in camera_numbers)
            self._changed.notify_all()

    def break_down(self, error: Exception) -> None:
        """Let the next wait for a frame fail."""
        with self._changed:
            self._script.append(error)
            self._changed.notify_all()

    # The engine's side.

    def parameters(self) -> Mapping[str, Parameter]:
        self._called()
        width = NumberRange(4, self.sensor_width_px, 4)
        made = [
            Parameter("exposure_us", self.values["exposure_us"], NumberRange(10, 1_000_000)),
            Parameter("frame_rate_hz", self.values["frame_rate_hz"], NumberRange(1, 100)),
            Parameter("region_of_interest.width_px", float(self.format.width_px), width, fixed_while_recording=True),
        ]
        return {parameter.name: parameter for parameter in made}

    def frame_period_s(self) -> float:
        """So that a test which delivers nothing for a while has no silent camera, unless it wants one."""
        return self.period_s

    def frame_format(self) -> FrameFormat:
        self._called()
        return self.format

    def _apply(self, changes: Mapping[str, float]) -> None:
        self._called()
        assert not self.running or set(changes) <= self.live_parameters
        if self.fail_apply is not None:
            raise self.fail_apply
        self.values.update(changes)
        self.format = replace(self.format, width_px=int(self.values["region_of_interest.width_px"]))

    def start_sequence(self) -> None:
        self._called()
        if self.fail_start is not None:
            raise self.fail_start
        self.running = True
        self.sequences += 1

    def stop_sequence(self) -> None:
        self._called()
        self.running = False

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        self._called()
        assert self.running
        assert into.shape == self.format.shape
        with self._changed:
            if not self._script:
                self._waiting = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._script, timeout_s)
                self._waiting = False
            if not self._script:
                return None
            step = self._script.popleft()
        if isinstance(step, Exception):
            raise step
        into[:] = pixels_of(step.frame_id, self.format)
        return step

    def temperature_c(self) -> float | None:
        return 21.5

    def close(self) -> None:
        self._called()
        self.is_closed = True

    def _called(self) -> None:
        self.threads.add(threading.get_ident())


class ScriptedRegistry(CameraRegistry):
    """Knows the cameras it was given; `opening` runs before one opens, and may raise."""

    def __init__(self, *cameras: ScriptedCamera) -> None:
        super().__init__(find=dict)
        self.cameras = {camera.description.id: camera for camera in cameras}
        self.opening: Callable[[str], None] = lambda _camera_id: None

    def list_cameras(self, rescan: bool = False) -> CameraListing:
        return CameraListing(tuple(camera.description for camera in self.cameras.values()), ())

    def open(self, camera_id: str) -> Camera:
        if camera_id not in self.cameras:
            raise CameraNotFound(camera_id, tuple(self.cameras))
        self.opening(camera_id)
        camera = self.cameras[camera_id]
        camera.is_closed = False
        return camera


@contextmanager
def live_engine(camera: ScriptedCamera, directory: Path, **options: Any) -> Iterator[Engine]:
    """An engine on which `camera` is live, closed at the end. Its ring holds eight frames unless told otherwise."""
    engine = Engine(
        ScriptedRegistry(camera), default_directory=directory, **({"ring_bytes": 1, "reserve_bytes": 0} | options)
    )
    try:
        engine.select_camera(camera.description.id)
        yield engine
    finally:
        engine.close()


def eventually(engine: Engine, condition: Callable[[], bool]) -> None:
    """Wait until the engine's state is so; fails after `PATIENCE_S`."""
    told = threading.Condition()

    def tell() -> None:
        with told:
            told.notify_all()

    unsubscribe = engine.subscribe(tell)
    try:
        with told:
            assert told.wait_for(condition, PATIENCE_S)
    finally:
        unsubscribe()
