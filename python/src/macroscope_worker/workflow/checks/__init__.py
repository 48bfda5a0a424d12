"""The checks before a run, one a file. Their order here is that of the list that people see."""

from __future__ import annotations

from typing import Final

from ._camera_live import CameraLive
from ._camera_temperature import CameraTemperature
from ._check import Check, Finding, failed, passed, skipped, warned
from ._clock_fit import ClockFitError
from ._display_refresh import DisplayRefresh
from ._errors_seen import ErrorsSeen
from ._folder_writable import FolderWritable
from ._frame_rate import FrameRate
from ._frames_whole import FramesWhole
from ._free_space import FreeSpace
from ._run_folder import asked_folder
from ._saturation import Saturation
from ._stimulus_coverage import StimulusCoverage
from ._stimulus_display import StimulusDisplay
from ._stimulus_full_screen import StimulusFullScreen

CHECKS: Final[tuple[Check, ...]] = (
    FolderWritable(),
    FreeSpace(),
    CameraLive(),
    FrameRate(),
    FramesWhole(),
    CameraTemperature(),
    Saturation(),
    StimulusDisplay(),
    StimulusFullScreen(),
    DisplayRefresh(),
    ClockFitError(),
    StimulusCoverage(),
    ErrorsSeen(),
)

__all__ = ["CHECKS", "Check", "DisplayRefresh", "Finding", "asked_folder", "failed", "passed", "skipped", "warned"]
