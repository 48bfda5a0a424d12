"""A camera at the configuration's edge, whose behaviour the test sets."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import TYPE_CHECKING

from macroscope.camera.v1.settings_pb import CameraSettings
from macroscope.configuration.v1.settings_pb import CameraChoice

from macroscope_worker.configuration import CameraRate
from macroscope_worker.configuration._paths import changed_paths, leaves, merged, value_at
from macroscope_worker.errors import ParameterNotOffered, ParameterOutOfRange

if TYPE_CHECKING:
    from collections.abc import Callable


class CameraDouble:
    """Exposure from 10 to 1000 µs, a binning that halves the rate, and no gain."""

    def __init__(self) -> None:
        self.choice: CameraChoice | None = CameraChoice(
            camera_id="sim:1", settings=CameraSettings(exposure_us=100.0, frame_rate_hz=30.0, binning=1)
        )
        self.asked: list[CameraChoice] = []
        self.listeners: list[Callable[[], None]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    def live(self) -> CameraChoice | None:
        return deepcopy(self.choice)

    def rate(self, choice: CameraChoice) -> CameraRate:
        rate_hz = choice.settings.frame_rate_hz if choice.settings is not None else 0.0
        return CameraRate(rate_hz, 1000) if self.choice is not None else CameraRate()

    async def ask(self, wanted: CameraChoice) -> CameraChoice:
        self.asked.append(deepcopy(wanted))
        self.entered.set()
        await self.gate.wait()
        if error := self._error(wanted):
            raise error
        return self._take(wanted)

    async def offer(self, wanted: CameraChoice) -> tuple[CameraChoice | None, list[str]]:
        self.asked.append(deepcopy(wanted))
        left_out = []
        for path in leaves(CameraChoice.desc()):
            one = merged(CameraChoice(), wanted, [path])
            if value_at(one, path) is None:
                continue
            if error := self._error(one):
                left_out.append(str(error))
            else:
                self._take(one)
        return self.live(), left_out

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def turn(self, choice: CameraChoice | None) -> None:
        """Somebody else changes the camera."""
        self.choice = choice
        for listener in list(self.listeners):
            listener()

    def _error(self, wanted: CameraChoice) -> Exception | None:
        settings = wanted.settings or CameraSettings()
        if settings.has_field("exposure_us") and not 10 <= settings.exposure_us <= 1000:
            return ParameterOutOfRange("exposure_us", settings.exposure_us, "10 to 1000")
        if settings.has_field("gain"):
            return ParameterNotOffered("gain", settings.gain)
        return None

    def _take(self, wanted: CameraChoice) -> CameraChoice:
        assert self.choice is not None
        given = [path for path in leaves(CameraChoice.desc()) if value_at(wanted, path) is not None]
        before, self.choice = self.choice, merged(self.choice, wanted, given)
        if "settings.binning" in changed_paths(before, self.choice) and self.choice.settings is not None:
            self.choice.settings.frame_rate_hz = 30.0 / self.choice.settings.binning
        return deepcopy(self.choice)
