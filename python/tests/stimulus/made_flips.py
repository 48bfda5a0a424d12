"""Flips of a display, made up."""

from __future__ import annotations

from typing import Any

from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest, ClockFit, FlipBatch

REFRESH_NS = 16_666_667
BEGAN_NS = 1_000_000_000_000


def presented_ns_of(index: int) -> int:
    """When a display of 60 Hz shows its flip of this number."""
    return BEGAN_NS + index * REFRESH_NS


def flips(first: int, count: int, *, showing: int = 0, **changes: Any) -> FlipBatch:
    """A batch; each list can be replaced."""
    values: dict[str, Any] = {
        "presented_ns": [presented_ns_of(index) for index in range(first, first + count)],
        "page_ns": [index * REFRESH_NS for index in range(first, first + count)],
        "scene_number": [1] * count,
        "showing": [showing] * count,
        "angle_deg": [float(index) for index in range(first, first + count)],
        "missed_refreshes": [0] * count,
        "square_bright": [index % 2 == 0 for index in range(first, first + count)],
        "clock": ClockFit(offset_ns=5, error_ns=6, residual_ns=7),
    }
    return FlipBatch(first_index=first, **(values | changes))


def display(attachment_id: str = "attachment-1", **changes: Any) -> AttachDisplayRequest:
    values: dict[str, Any] = {"display_id": "D1", "width_px": 1920, "height_px": 1080, "renderer": "made"}
    return AttachDisplayRequest(attachment_id=attachment_id, **(values | changes))
