"""The rate at which the camera should give its frames in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope_worker.acquisition import CameraPhase

if TYPE_CHECKING:
    from ._ports import Instruments

SETTLED_NS: Final = 2_500_000_000
"""After a change of the camera's settings its rate has been measured anew."""


class FrameRateReference:
    """As it is set, or what the camera reached when the run began, where that is less: a slow camera is no lost frame.

    Looked at again when settings of the camera change.
    """

    def __init__(self, instruments: Instruments) -> None:
        self._with = instruments
        self._settings: object = None
        self._settled_from_ns = 0
        self._rate_hz = 0.0
        self._since_ns = 0

    def look(self) -> None:
        """To be called several times a second."""
        camera, now_ns = self._with.engine.camera(), self._with.clock()
        settings = camera.camera_id, camera.settings
        if settings != self._settings:
            if self._settings is not None:
                self._settled_from_ns = self._since_ns = now_ns + SETTLED_NS
            self._settings, self._rate_hz = settings, 0.0
        if self._rate_hz or camera.phase is not CameraPhase.LIVE or now_ns < self._settled_from_ns:
            return
        reached_hz, set_hz = self._with.engine.health().camera.frame_rate_hz, camera.settings.get("frame_rate_hz", 0.0)
        self._rate_hz = min(reached_hz, set_hz) if set_hz > 0 else reached_hz

    def since(self, from_ns: int) -> float:
        """In Hz, when it has held from that moment until now; 0: it is not known, or was another one meanwhile."""
        return self._rate_hz if self._since_ns <= from_ns else 0.0
