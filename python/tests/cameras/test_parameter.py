from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.cameras import NumberRange, Parameter
from macroscope_worker.errors import ParameterNotOffered, ParameterOutOfRange

_FINITE = st.floats(-1e6, 1e6)


@given(low=_FINITE, span=st.floats(0, 1e6), increment=st.one_of(st.just(0.0), st.floats(1e-2, 1e6)), value=_FINITE)
def test_nearest_lies_in_the_range(low: float, span: float, increment: float, value: float) -> None:
    limits = NumberRange(low, low + span, increment)
    assert limits.nearest(value) in limits


@given(value=st.floats(allow_nan=True))
def test_a_range_holds_only_what_lies_between_its_ends(value: float) -> None:
    assert (value in NumberRange(-2.0, 3.0)) == (-2.0 <= value <= 3.0)


@pytest.mark.parametrize(
    ("value", "inside"), [(16, True), (20, True), (18, False), (512, True), (516, False), (15.9, False)]
)
def test_increments_count_from_the_minimum(value: float, inside: bool) -> None:
    assert (value in NumberRange(16, 512, 4)) is inside


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0, 10.5])
def test_out_of_range_says_what_is_offered(value: float) -> None:
    parameter = Parameter("gain", 1.0, NumberRange(0.0, 10.0), unit="dB")
    with pytest.raises(ParameterOutOfRange, match="0 to 10 dB") as caught:
        parameter.check(value)
    assert caught.value.parameter == "gain"


def test_infinity_is_refused_by_a_range_without_ends() -> None:
    with pytest.raises(ParameterOutOfRange):
        Parameter("gain", 1.0, NumberRange(-math.inf, math.inf)).check(math.inf)


def test_choices() -> None:
    parameter = Parameter("binning", 1.0, choices=(1, 2, 4))
    parameter.check(2.0)
    with pytest.raises(ParameterOutOfRange, match="1, 2, 4"):
        parameter.check(3.0)


def test_read_only_gives_its_reason() -> None:
    parameter = Parameter("frame_rate_hz", 30.0, read_only=True, reason="it follows from the exposure")
    with pytest.raises(ParameterNotOffered, match="it follows from the exposure"):
        parameter.check(30.0)
