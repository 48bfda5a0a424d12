"""Cameras of other generations than pylon emulates, whose nodes are missing or named differently."""

from __future__ import annotations

from typing import Any

import pytest

from macroscope_worker.cameras._genicam import NodeMap
from macroscope_worker.cameras._genicam_settings import GenicamSettings


class FakeNode:
    def __init__(self, value: Any, low: Any = 0, high: Any = 0, step: int = 1) -> None:
        self.value, self.low, self.high, self.step = value, low, high, step

    def GetValue(self) -> Any:  # noqa: N802
        return self.value

    def SetValue(self, value: Any) -> None:  # noqa: N802
        if not isinstance(value, str | bool) and not self.low <= value <= self.high:
            raise FakeGenicam.GenericException(f"Value {value} out of range")
        self.value = value

    def GetMin(self) -> Any:  # noqa: N802
        return self.low

    def GetMax(self) -> Any:  # noqa: N802
        return self.high

    def GetInc(self) -> int:  # noqa: N802
        return self.step


class FakeFormats(FakeNode):
    def GetSymbolics(self) -> tuple[str, ...]:  # noqa: N802
        return ("Mono8", "Mono12", "Mono12Packed", "YUV422Packed")


class FakeGenicam:
    class GenericException(Exception):
        pass

    @staticmethod
    def IsReadable(node: object) -> bool:  # noqa: N802
        return node is not None

    IsWritable = IsReadable


class FakeNodes:
    def __init__(self, **nodes: FakeNode) -> None:
        self.nodes = nodes

    def GetNode(self, name: str) -> FakeNode | None:  # noqa: N802
        return self.nodes.get(name)


def _old_gige() -> FakeNodes:
    """As an early GigE camera: raw numbers, steps of 35 µs, odd region steps, no frame rate, no binning."""
    return FakeNodes(
        ExposureTimeRaw=FakeNode(200, 2, 4000, 2),
        ExposureTimeBaseAbs=FakeNode(35.0),
        GainRaw=FakeNode(300, 0, 1023),
        PixelFormat=FakeFormats("Mono12Packed"),
        Width=FakeNode(640, 16, 656, 16),
        Height=FakeNode(480, 2, 492, 2),
        WidthMax=FakeNode(656),
        HeightMax=FakeNode(492),
        OffsetX=FakeNode(0, 0, 16, 4),
        OffsetY=FakeNode(0, 0, 12, 2),
        GevTimestampTickFrequency=FakeNode(125_000_000),
    )


def _settings(nodes: FakeNodes) -> GenicamSettings:
    return GenicamSettings(NodeMap(FakeGenicam, nodes), lambda: False)


def test_raw_exposure_is_in_microseconds_and_rounded_to_its_steps() -> None:
    nodes = _old_gige()
    settings = _settings(nodes)
    assert settings.prepare()
    exposure = settings.parameters()["exposure_us"]
    assert exposure.value == 7000
    assert exposure.range is not None
    assert (exposure.range.minimum, exposure.range.maximum, exposure.range.increment) == (70, 140_000, 0)
    settings.apply({"exposure_us": 10_000.0})
    assert settings.parameters()["exposure_us"].value == pytest.approx(286 * 35)
    settings.apply({"exposure_us": 140_000.0})
    assert nodes.nodes["ExposureTimeRaw"].value == 4000


def test_only_unpacked_monochrome_formats_are_offered_and_the_deepest_is_taken() -> None:
    settings = _settings(_old_gige())
    assert settings.pixel_format() is None
    settings.prepare()
    offered = settings.parameters()["pixel_format"]
    assert (offered.value, offered.choices) == (3, (1, 3))


def test_what_the_camera_does_not_have_is_not_offered() -> None:
    settings = _settings(_old_gige())
    settings.prepare()
    offered = settings.parameters()
    assert "frame_rate_hz" not in offered
    assert list(offered["binning"].choices) == [1]
    assert offered["gain"].unit == "raw"


def test_a_slow_camera_starts_at_what_it_reaches() -> None:
    nodes = _old_gige()
    nodes.nodes |= {"AcquisitionFrameRateAbs": FakeNode(5.0, 0.1, 9.0), "ResultingFrameRateAbs": FakeNode(7.0)}
    settings = _settings(nodes)
    assert settings.prepare()
    rate = settings.parameters()["frame_rate_hz"]
    assert rate.value == 7
    assert rate.range is not None
    assert rate.range.maximum == 7


def test_a_rate_that_cannot_be_set_is_read_out() -> None:
    nodes = _old_gige()
    nodes.nodes["ResultingFrameRateAbs"] = FakeNode(12.5)
    settings = _settings(nodes)
    settings.prepare()
    rate = settings.parameters()["frame_rate_hz"]
    assert (rate.value, rate.read_only) == (12.5, True)
    assert rate.reason


def test_steps_of_the_region_are_offered() -> None:
    settings = _settings(_old_gige())
    settings.prepare()
    width = settings.parameters()["region_of_interest.width_px"].range
    assert width is not None
    assert (width.minimum, width.maximum, width.increment) == (16, 656, 16)


def test_a_refusal_half_way_is_undone() -> None:
    nodes = _old_gige()
    settings = _settings(nodes)
    settings.prepare()
    nodes.nodes["GainRaw"].SetValue = _refuse  # type: ignore[method-assign]
    before = settings.parameters()
    with pytest.raises(Exception, match="broken gain"):
        settings.apply({"exposure_us": 140.0, "gain": 5.0})
    assert settings.parameters() == before


def _refuse(value: Any) -> None:
    if value != 300:
        raise FakeGenicam.GenericException("broken gain")


def test_the_clock_of_stamps() -> None:
    assert NodeMap(FakeGenicam, _old_gige()).clock_hz() == 125e6
    assert NodeMap(FakeGenicam, FakeNodes(DeviceSFNCVersionMajor=FakeNode(2))).clock_hz() == 1e9
    assert NodeMap(FakeGenicam, FakeNodes()).clock_hz() is None
