from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macroscope_worker.cameras import CameraRegistry, PixelFormat
from macroscope_worker.cameras._cortex_scene import CortexScene, Rhythms
from macroscope_worker.cameras._cortex_sensor import CortexSensor, SensorSettings
from macroscope_worker.cameras._region import Region
from macroscope_worker.cameras.simulated import SimulatedCortexCamera, SimulatedCortexDriver
from macroscope_worker.errors import CameraNotFound, ParameterError, ParameterOutOfRange
from macroscope_worker.testing import check_camera

from .virtual_time import VirtualTime

if TYPE_CHECKING:
    import numpy.typing as npt

SIZE_PX = 96
X, Y = "region_of_interest.x_px", "region_of_interest.y_px"
WIDTH, HEIGHT = "region_of_interest.width_px", "region_of_interest.height_px"


def _new(seed: int) -> SimulatedCortexCamera:
    return SimulatedCortexCamera(SIZE_PX, seed, pace=VirtualTime().pacer)


def _camera(**changes: float) -> SimulatedCortexCamera:
    camera = _new(seed=3)
    camera.configure(changes)
    return camera


def _frames(camera: SimulatedCortexCamera, count: int) -> npt.NDArray[Any]:
    """The first frames of a new sequence."""
    camera.start_sequence()
    taken = []
    for _ in range(count):
        into = camera.frame_format().empty()
        assert camera.next_frame(into, 5) is not None
        taken.append(into)
    camera.stop_sequence()
    return np.stack(taken)


def test_it_keeps_the_contract() -> None:
    check_camera(SimulatedCortexCamera(SIZE_PX))


def test_the_small_camera_is_first_in_the_list() -> None:
    listed = SimulatedCortexDriver().list_cameras()
    assert [camera.id for camera in listed] == ["simulated:cortex-512", "simulated:cortex-2048"]
    assert all(camera.simulated for camera in listed)


@pytest.mark.parametrize(
    "camera_id",
    ["simulated:cortex-32", "simulated:cortex-9999", "simulated:dog", "simulated:", "simulated:cortex-512 "],
)
def test_other_ids_are_not_found(camera_id: str) -> None:
    with pytest.raises(CameraNotFound):
        CameraRegistry().open(camera_id)


def test_the_same_seed_gives_the_same_frames_and_another_does_not() -> None:
    first = _frames(_new(seed=1), 3)
    again = _frames(_new(seed=1), 3)
    other = _frames(_new(seed=2), 3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first[0], first[1])


def test_exposure_and_gain_brighten() -> None:
    offset = 100
    plain = _frames(_camera(exposure_us=5000), 1).mean() - offset
    longer = _frames(_camera(exposure_us=10_000), 1).mean() - offset
    amplified = _frames(_camera(exposure_us=5000, gain=6.0206), 1).mean() - offset
    assert longer / plain == pytest.approx(2, rel=0.01)
    assert amplified / plain == pytest.approx(2, rel=0.01)


def _noise(**changes: float) -> float:
    """In counts, where it is brightest; of neighbouring frames at 300 Hz, as the animal hardly moves between."""
    frames = _frames(_camera(frame_rate_hz=300, **changes), 8).astype(float)
    bright = frames[0] > np.quantile(frames[0], 0.6)
    difference = np.diff(frames, axis=0)[:, bright]
    return float((difference - difference.mean(axis=1, keepdims=True)).std() / np.sqrt(2))


def test_shot_noise_grows_with_the_root_of_the_light_and_with_gain() -> None:
    plain = _noise(exposure_us=500)
    assert _noise(exposure_us=2000) / plain == pytest.approx(2, rel=0.15)
    assert _noise(exposure_us=500, gain=12.0412) / plain == pytest.approx(4, rel=0.15)
    assert _noise(exposure_us=500, binning=2) / plain == pytest.approx(0.5, rel=0.15)


def test_too_much_light_saturates_and_never_wraps() -> None:
    frame = _frames(_camera(exposure_us=200_000, gain=24), 1)[0]
    bright = _new(seed=3)._sensor._scene.light > 0.7
    assert (frame[bright] == 65535).all()


def test_darkness_is_the_offset_and_never_wraps() -> None:
    frame = _frames(_camera(exposure_us=10, gain=24), 1)[0]
    assert frame.max() < 4000


def test_the_region_is_a_cut_out() -> None:
    whole = _frames(_camera(), 4).mean(axis=0)
    part = _frames(_camera(**{X: 20, Y: 10, WIDTH: 40, HEIGHT: 32}), 4).mean(axis=0)
    assert part.shape == (32, 40)
    expected = whole[10:42, 20:60]
    assert np.abs(part - expected).mean() < 0.01 * expected.mean()


def test_binning_is_the_mean_and_keeps_the_field_of_view() -> None:
    camera = _camera(**{X: 20, Y: 10, WIDTH: 40, HEIGHT: 64})
    unbinned = _frames(camera, 4).mean(axis=0)
    camera.configure({"binning": 2})
    assert {name: camera.parameters()[name].value for name in (X, Y, WIDTH, HEIGHT)} == {
        X: 10,
        Y: 5,
        WIDTH: 20,
        HEIGHT: 32,
    }
    binned = _frames(camera, 4).mean(axis=0)
    expected = unbinned.reshape(32, 2, 20, 2).mean(axis=(1, 3))
    assert np.abs(binned - expected).mean() < 0.01 * expected.mean()


def test_fewer_bits_are_the_upper_ones() -> None:
    sixteen = _frames(_camera(), 1)[0]
    twelve = _frames(_camera(pixel_format=PixelFormat.MONO12), 1)[0]
    eight = _frames(_camera(pixel_format=PixelFormat.MONO8), 1)[0]
    np.testing.assert_array_equal(twelve, sixteen >> 4)
    np.testing.assert_array_equal(eight, sixteen >> 8)
    assert eight.dtype == np.uint8


def test_exposure_limits_the_rate_and_gives_it_back() -> None:
    camera = _camera(frame_rate_hz=40)
    camera.configure({"exposure_us": 100_000})
    assert camera.parameters()["frame_rate_hz"].value == pytest.approx(10)
    with pytest.raises(ParameterOutOfRange):
        camera.configure({"frame_rate_hz": 40})
    camera.configure({"exposure_us": 1000})
    assert camera.parameters()["frame_rate_hz"].value == pytest.approx(40)


def test_changes_of_one_call_are_checked_together() -> None:
    camera = _camera(exposure_us=100_000)
    camera.configure({"frame_rate_hz": 200, "exposure_us": 2000})
    assert camera.parameters()["frame_rate_hz"].value == 200
    camera.configure({X: 60, WIDTH: 36})
    with pytest.raises(ParameterOutOfRange):
        camera.configure({X: 61, WIDTH: 36})
    camera.configure({X: 0, WIDTH: 96})
    camera.configure({"binning": 2, X: 8, WIDTH: 40})
    with pytest.raises(ParameterOutOfRange):
        camera.configure({"binning": 4, X: 8, WIDTH: 40})
    assert camera.parameters()["binning"].value == 2


_NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-10, 5000).map(float),
    st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 16.0, 48.0, 96.0, 20_000.0]),
)
_NAMES = ("exposure_us", "gain", "frame_rate_hz", "binning", "pixel_format", X, Y, WIDTH, HEIGHT)
_SHARED = SimulatedCortexCamera(SIZE_PX)
_AT_FIRST = {name: parameter.value for name, parameter in _SHARED.parameters().items()}


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(st.dictionaries(st.sampled_from((*_NAMES, "colour")), _NUMBERS, min_size=1), max_size=4))
def test_any_change_is_taken_whole_or_refused_whole(steps: list[dict[str, float]]) -> None:
    _SHARED.configure(_AT_FIRST)
    for changes in steps:
        before = {name: parameter.value for name, parameter in _SHARED.parameters().items()}
        try:
            _SHARED.configure(changes)
        except ParameterError:
            assert {name: parameter.value for name, parameter in _SHARED.parameters().items()} == before
        else:
            after = _SHARED.parameters()
            for name, value in changes.items():
                assert after[name].value == pytest.approx(value)
    _check_state()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_offered_is_taken(data: st.DataObject) -> None:
    _SHARED.configure(_AT_FIRST)
    for _ in range(4):
        name = data.draw(st.sampled_from(_NAMES))
        parameter = _SHARED.parameters()[name]
        if parameter.range is None:
            value = data.draw(st.sampled_from(parameter.choices))
        else:
            drawn = data.draw(st.floats(parameter.range.minimum, parameter.range.maximum))
            value = parameter.range.nearest(drawn)
        _SHARED.configure({name: value})
        assert _SHARED.parameters()[name].value == pytest.approx(value)
    _check_state()


def _check_state() -> None:
    """Every value lies within its own limits, and frames are as announced."""
    parameters = _SHARED.parameters()
    for parameter in parameters.values():
        parameter.check(parameter.value)
    frame = _SHARED.frame_format()
    assert [frame.height_px, frame.width_px] == [parameters[HEIGHT].value, parameters[WIDTH].value]
    into = frame.empty()
    _SHARED._sensor.render(1, Rhythms.at(0.5), into)
    assert into.max() < 1 << frame.significant_bits


def test_the_rhythms_show_at_their_frequencies() -> None:
    """Mean brightness over 100 s at 25 Hz peaks where the heart, the breath and the vessels beat."""
    rate_hz, count = 25.0, 2500
    sensor = CortexSensor(CortexScene.grow(SIZE_PX, 3), 3)
    sensor.expose(SensorSettings(20_000, 0, 1, Region(0, 0, SIZE_PX, SIZE_PX), PixelFormat.MONO16))
    into = np.empty((SIZE_PX, SIZE_PX), np.uint16)
    course = np.empty((count, 2))
    patch = int(np.argmax(CortexScene.grow(SIZE_PX, 3).vasomotion))
    for frame in range(count):
        sensor.render(frame, Rhythms.at(frame / rate_hz), into)
        course[frame] = into.mean(), into.reshape(-1)[patch]
    spectrum = np.abs(np.fft.rfft(course - course.mean(axis=0), axis=0))
    frequency = np.fft.rfftfreq(count, 1 / rate_hz)

    def height(signal: int, low_hz: float, high_hz: float) -> float:
        return float(spectrum[(frequency >= low_hz) & (frequency <= high_hz), signal].max())

    floor = float(np.median(spectrum[:, 0]))
    assert height(0, 8.1, 8.3) > 20 * floor
    assert height(0, 0.6, 0.8) > 20 * floor
    assert height(1, 0.07, 0.09) > 5 * float(np.median(spectrum[:, 1]))


def test_ids_have_no_gaps_and_the_camera_clock_runs_its_own_way() -> None:
    camera = _camera(exposure_us=1000, frame_rate_hz=300)
    camera.start_sequence()
    into = camera.frame_format().empty()
    stamps = [camera.next_frame(into, 1) for _ in range(30)]
    assert [stamp.frame_id for stamp in stamps if stamp is not None] == list(range(30))
    clocks = [stamp.camera_ns for stamp in stamps if stamp is not None and stamp.camera_ns is not None]
    steps = {b - a for a, b in itertools.pairwise(clocks)}
    assert steps <= {3_333_383, 3_333_384}
    assert camera.next_frame(into, 0) is None


def test_the_period_is_that_of_the_slower_of_rate_and_exposure() -> None:
    camera = SimulatedCortexCamera(64)
    camera.configure({"frame_rate_hz": 4.0})
    assert camera.frame_period_s() == 0.25
    camera.configure({"exposure_us": 500_000.0})
    assert camera.frame_period_s() == 0.5
