"""What a camera offers for one of its settings, now."""

from __future__ import annotations

import math
from dataclasses import dataclass

from macroscope_worker.errors import ParameterNotOffered, ParameterOutOfRange

_STEP_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Both ends belong to it. Values are minimum + n * increment; an increment of 0 is any value between."""

    minimum: float
    maximum: float
    increment: float = 0.0

    def __contains__(self, value: float) -> bool:
        if not self.minimum <= value <= self.maximum:  # also refuses NaN
            return False
        if self.increment <= 0:
            return True
        steps = (value - self.minimum) / self.increment
        return abs(steps - round(steps)) <= _STEP_TOLERANCE * max(1.0, abs(steps))

    def nearest(self, value: float) -> float:
        """The value of the range that lies nearest."""
        clamped = min(max(value, self.minimum), self.maximum)
        if self.increment <= 0:
            return clamped
        last_step = math.floor((self.maximum - self.minimum) / self.increment + _STEP_TOLERANCE)
        return self.minimum + min(round((clamped - self.minimum) / self.increment), last_step) * self.increment


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of an open camera, in the camera's present state.

    `name` is the setting's path in the contract's CameraSettings: "exposure_us", "region_of_interest.x_px". `value`
    is what the camera works with, not what was asked. It has a `range`, or is one of `choices`, or is `read_only`.
    """

    name: str
    value: float
    range: NumberRange | None = None
    choices: tuple[float, ...] = ()
    read_only: bool = False
    reason: str = ""
    """Why it is read-only, when there is a reason to tell."""
    unit: str = ""
    """The camera's own unit, where it differs from the contract's."""
    fixed_while_recording: bool = False

    def check(self, requested: float) -> None:
        """Raise ParameterOutOfRange or ParameterNotOffered when the camera does not take the value now."""
        if self.read_only:
            raise ParameterNotOffered(self.name, requested, self.reason or "this camera only reads it out")
        if self.choices:
            accepted = any(math.isclose(requested, choice, rel_tol=1e-9) for choice in self.choices)
        else:
            accepted = self.range is not None and requested in self.range
        if not accepted or not math.isfinite(requested):
            raise ParameterOutOfRange(self.name, requested, self.offered())

    def offered(self) -> str:
        """What the camera offers, in words, for an error."""
        unit = f" {self.unit}" if self.unit else ""
        if self.choices:
            return ", ".join(f"{choice:g}" for choice in self.choices) + unit
        if self.range is None:
            return f"only {self.value:g}{unit}"
        steps = f" in steps of {self.range.increment:g}" if self.range.increment > 0 else ""
        return f"{self.range.minimum:.10g} to {self.range.maximum:.10g}{unit}{steps}"
