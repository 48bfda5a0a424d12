"""What a camera is, before it is opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CameraDescription:
    """A camera that a driver found.

    `id` is stable from day to day: the driver's entry-point name, a colon, and what the driver knows the camera by.
    """

    id: str
    label: str
    driver: str
    vendor: str = ""
    model: str = ""
    serial: str = ""
    simulated: bool = False
    """A simulated or emulated device: never data of an animal."""
