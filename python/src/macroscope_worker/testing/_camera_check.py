"""Checks of everything that Camera promises, on a camera that is open and idle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from macroscope_worker.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from macroscope_worker.cameras import Camera, FrameStamp, Parameter

_REGION_SIZE = {"width_px": "region_of_interest.width_px", "height_px": "region_of_interest.height_px"}
KNOWN_PARAMETERS = frozenset(
    {
        "exposure_us",
        "gain",
        "frame_rate_hz",
        "binning",
        "region_of_interest.x_px",
        "region_of_interest.y_px",
        "region_of_interest.width_px",
        "region_of_interest.height_px",
        "pixel_format",
    }
)
"""Paths in the contract's CameraSettings. Others are not shown to the operator."""


class CameraContractBroken(AssertionError):
    """A camera does not do what Camera promises. The text says what was expected."""


def check_camera(camera: Camera, *, frames: int = 5, timeout_s: float = 10.0) -> None:
    """Check an open, idle camera with all its settings and some frames, and close it.

    Raises CameraContractBroken at the first promise that is not kept. A frame must come within `timeout_s`.
    """
    try:
        _check_description(camera)
        _check_parameters(camera)
        _check_refusals(camera)
        _check_each_setting(camera)
        _check_sequence(camera, frames, timeout_s)
    finally:
        camera.close()
        camera.close()


def _require(kept: bool, promise: str) -> None:
    if not kept:
        raise CameraContractBroken(promise)


def _values(camera: Camera) -> dict[str, float]:
    return {name: parameter.value for name, parameter in camera.parameters().items()}


def _check_description(camera: Camera) -> None:
    described = camera.description
    prefixed = described.id.startswith(f"{described.driver}:")
    _require(prefixed, f"The id {described.id!r} starts with its driver and a colon.")
    _require(bool(described.label), "The label says something to the operator.")
    _require(camera.sensor_width_px > 0 and camera.sensor_height_px > 0, "The sensor has a size.")
    temperature_c = camera.temperature_c()
    _require(temperature_c is None or math.isfinite(temperature_c), "The temperature is a number or None.")


def _check_parameters(camera: Camera) -> None:
    """The parameters, and that they agree with the frame format."""
    parameters = camera.parameters()
    for name, parameter in parameters.items():
        _require(name == parameter.name, f"{name} is listed under its own name, not {parameter.name!r}.")
        _require(name in KNOWN_PARAMETERS, f"{name} is a path in CameraSettings.")
        _require(math.isfinite(parameter.value), f"{name} has a value.")
        if parameter.read_only:
            continue
        settled = name in camera.live_parameters or parameter.fixed_while_recording
        _require(settled, f"{name} is live, or fixed while recording: stopping for it would lose frames.")
        one_kind = (parameter.range is None) == bool(parameter.choices)
        _require(one_kind, f"{name} has a range, or choices, or is read-only.")
        if parameter.range is not None:
            low, high = parameter.range.minimum, parameter.range.maximum
            _require(low <= parameter.value <= high, f"{name} = {parameter.value} lies within {low} to {high}.")
        else:
            _require(parameter.value in parameter.choices, f"{name} = {parameter.value} is one of {parameter.choices}.")
    unknown = camera.live_parameters - parameters.keys()
    _require(unknown <= KNOWN_PARAMETERS, f"live_parameters are paths in CameraSettings, unlike {sorted(unknown)}.")
    frame = camera.frame_format()
    for side, name in _REGION_SIZE.items():
        if name in parameters:
            size = getattr(frame, side)
            _require(size == parameters[name].value, f"Frames have the {side} of the region, not {size}.")
    _require(frame.bytes_per_pixel in (1, 2), "A pixel has one byte or two.")
    _require(1 <= frame.significant_bits <= 8 * frame.bytes_per_pixel, "The significant bits fit in a pixel.")


def _check_refusals(camera: Camera) -> None:
    """What is out of range is refused, and then nothing has changed."""
    before = _values(camera)
    _refused(camera, {"no_such_parameter": 1.0}, before)
    for parameter in list(camera.parameters().values()):
        for bad in _bad_values(parameter):
            _refused(camera, {parameter.name: bad}, before)
        good = _another_value(parameter)
        for other in camera.parameters():
            if other != parameter.name and good is not None:
                # All or none: a good change does not get through beside a bad one.
                _refused(camera, {parameter.name: good, other: math.nan}, before)


def _refused(camera: Camera, changes: Mapping[str, float], before: Mapping[str, float]) -> None:
    try:
        camera.configure(changes)
    except ParameterError:
        pass
    else:
        raise CameraContractBroken(f"configure({dict(changes)}) raises a ParameterError.")
    after = _values(camera)
    _require(
        after == before, f"After a refused configure({dict(changes)}) nothing has changed: {before} and not {after}."
    )


def _bad_values(parameter: Parameter) -> Iterator[float]:
    yield math.nan
    yield math.inf
    if parameter.read_only:
        yield parameter.value
    elif parameter.range is not None:
        yield parameter.range.minimum - max(1.0, abs(parameter.range.minimum))
        yield parameter.range.maximum + max(1.0, abs(parameter.range.maximum))
        if parameter.range.increment > 0 and parameter.range.maximum > parameter.range.minimum:
            yield parameter.range.minimum + parameter.range.increment / 2
    else:
        yield max(parameter.choices) + 1000.0


def _another_value(parameter: Parameter) -> float | None:
    """One that it takes and does not have; None if there is none."""
    if parameter.read_only:
        return None
    if parameter.range is not None:
        ends = (parameter.range.minimum, parameter.range.nearest(parameter.range.maximum))
    else:
        ends = (min(parameter.choices), max(parameter.choices))
    return next((end for end in ends if end != parameter.value), None)


def _check_each_setting(camera: Camera) -> None:
    """Each setting takes another value, what was set is then within its limits, and it can be set back."""
    for name in list(camera.parameters()):
        parameter = camera.parameters()[name]
        other = _another_value(parameter)
        if other is None:
            continue
        before = _values(camera)
        camera.configure({name: other})
        _check_parameters(camera)
        changed = camera.parameters()[name].value
        close = math.isclose(changed, other, rel_tol=0.05, abs_tol=1e-3) or parameter.range is not None
        _require(close, f"{name} set to {other} is not {changed}.")
        settable = (item.name for item in camera.parameters().values() if not item.read_only)
        back = {item: before[item] for item in settable if item in before}
        camera.configure(back)
        after = _values(camera)[name]
        same = math.isclose(after, parameter.value, rel_tol=0.01, abs_tol=1e-3)
        _require(same, f"{name} set back to {parameter.value} is not {after}.")


def _check_sequence(camera: Camera, frames: int, timeout_s: float) -> None:
    camera.stop_sequence()
    for _ in range(2):
        camera.start_sequence()
        _take_frames(camera, frames, timeout_s)
        for name in sorted(camera.live_parameters & camera.parameters().keys()):
            parameter = camera.parameters()[name]
            if not parameter.read_only:
                camera.configure({name: parameter.value})
        _take_frames(camera, frames, timeout_s)
        camera.stop_sequence()
        camera.stop_sequence()


def _take_frames(camera: Camera, frames: int, timeout_s: float) -> None:
    frame_format = camera.frame_format()
    last: FrameStamp | None = None
    for _ in range(frames):
        # The camera is to write within `into`, which is part of something larger, as in a ring of frames.
        around = np.full(frame_format.nbytes + 64, 0xA5, np.uint8)
        into = around[32:-32].view(frame_format.dtype).reshape(frame_format.shape)
        stamp = camera.next_frame(into, timeout_s)
        if stamp is None:
            raise CameraContractBroken(f"A frame comes within {timeout_s:g} s.")
        untouched = bool((around[:32] == 0xA5).all() and (around[-32:] == 0xA5).all())
        _require(untouched, "Nothing is written beside the frame.")
        written = bool((around[32:-32] != 0xA5).any())
        _require(written, "The pixels are copied into `into`.")
        largest = (1 << frame_format.significant_bits) - 1
        _require(int(into.max()) <= largest, f"No pixel is above {largest}, as significant_bits says.")
        _require(stamp.frame_id >= 0, "Frame ids are not negative.")
        if last is not None:
            _require(stamp.frame_id > last.frame_id, f"Frame ids increase: {stamp.frame_id} after {last.frame_id}.")
            if stamp.camera_ns is not None and last.camera_ns is not None:
                _require(stamp.camera_ns > last.camera_ns, "The camera's clock goes forward.")
        last = stamp
