"""The words for how frames and recordings end. Numbers equal those of acquisition.proto."""

from __future__ import annotations

from enum import IntEnum


class DropReason(IntEnum):
    """What lost a frame."""

    CAMERA_GAP = 1
    """The camera's numbers have a gap: lost before the worker saw it."""
    RING_FULL = 2
    """The disk could not keep up and the ring was full."""
    WRITE_FAILED = 3
    """The disk refused it."""
    CAMERA_ERROR = 4
    """The camera said that the frame is damaged."""


class RecordingOutcome(IntEnum):
    """How a recording ended."""

    INCOMPLETE = 1
    """It runs, or the program was killed while it ran."""
    COMPLETE = 2
    FAILED = 3
    """It ended before it was asked to; what is written can be read."""
