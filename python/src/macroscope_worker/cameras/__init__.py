"""Cameras: what one is, how drivers are found, and the built-in drivers, one file a vendor."""

from ._camera import Camera
from ._description import CameraDescription
from ._discovery import ENTRY_POINT_GROUP, UnavailableDriver, describe_error
from ._driver import CameraDriver
from ._frame_format import FrameFormat, FrameStamp, PixelFormat
from ._pacing import FramePacer
from ._parameter import NumberRange, Parameter
from ._region import Region, RegionLimits
from ._registry import CameraListing, CameraRegistry
from ._simple_camera import SequencedCamera, SimpleCamera

__all__ = [
    "ENTRY_POINT_GROUP",
    "Camera",
    "CameraDescription",
    "CameraDriver",
    "CameraListing",
    "CameraRegistry",
    "FrameFormat",
    "FramePacer",
    "FrameStamp",
    "NumberRange",
    "Parameter",
    "PixelFormat",
    "Region",
    "RegionLimits",
    "SequencedCamera",
    "SimpleCamera",
    "UnavailableDriver",
    "describe_error",
]
