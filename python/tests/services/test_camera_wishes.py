"""What the configuration asks of the engine's camera, and what that makes of it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from macroscope.camera.v1.settings_pb import CameraSettings, PixelFormat, RegionOfInterest
from macroscope.configuration.v1.settings_pb import CameraChoice
from tests.services.fake_engine import CORTEX, PARAMETERS, FakeEngine

from macroscope_worker.acquisition import CameraPhase, CameraSnapshot, Cancellation, CommandCanceled
from macroscope_worker.cameras import CameraDescription, NumberRange, Parameter
from macroscope_worker.configuration import CameraRate
from macroscope_worker.errors import CameraNotFound, CameraUnavailable, NoCamera, ParameterError, RecordingRunning
from macroscope_worker.services.camera_wishes import CameraWishes
from macroscope_worker.services.engine_threads import EngineThreads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

OTHER = CameraDescription("simulated:other", "Other", "simulated", "Macroscope", "Cortex", "2", simulated=True)


class ObeyingEngine(FakeEngine):
    """Two cameras of 512 px. A region fits in what binning leaves, which is why the order of changes matters."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()
        self.selected: list[str] = []
        self.after_select: Exception | None = None
        self._show(CORTEX, {"exposure_us": 100.0, "binning": 2.0, "region_of_interest.width_px": 256.0})

    def select_camera(self, camera_id: str, cancellation: Cancellation | None = None) -> CameraSnapshot:
        if self.error is not None:
            raise self.error
        found = {each.id: each for each in (CORTEX, OTHER)}
        if camera_id not in found:
            raise CameraNotFound(camera_id, list(found))
        if camera_id in self.gone:
            raise CameraUnavailable(camera_id, "simulated", "it is unplugged")
        self.selected.append(camera_id)
        return self._show(found[camera_id], {"exposure_us": 10.0, "binning": 1.0, "region_of_interest.width_px": 512.0})

    def configure(self, changes: Mapping[str, float], cancellation: Cancellation | None = None) -> CameraSnapshot:
        self.changes.append(dict(changes))
        snapshot = self.camera()
        if cancellation is not None:
            cancellation.check()
        if snapshot.description is None:
            raise NoCamera
        for name, value in changes.items():
            if name not in snapshot.parameters:
                raise ParameterError(f"{name} is not there.", name, value)
            snapshot.parameters[name].check(value)
        return self._show(
            snapshot.description, {name: each.value for name, each in snapshot.parameters.items()} | dict(changes)
        )

    def _show(self, description: CameraDescription, values: Mapping[str, float]) -> CameraSnapshot:
        widest = 512 / values["binning"]
        parameters = (
            Parameter("exposure_us", values["exposure_us"], NumberRange(10, 1000)),
            Parameter("binning", values["binning"], choices=(1.0, 2.0, 4.0)),
            Parameter(
                "region_of_interest.width_px",
                min(widest, values["region_of_interest.width_px"]),
                NumberRange(16, widest, 16),
            ),
            Parameter("gain", 1.0, read_only=True, reason="fixed here"),
        )
        revision = self.camera().revision + 1
        by_name = {each.name: each for each in parameters}
        self.set_camera(CameraSnapshot(revision, CameraPhase.LIVE, description, by_name, 512, 512, 16))
        return self.camera()


@asynccontextmanager
async def wishes() -> AsyncIterator[tuple[ObeyingEngine, CameraWishes]]:
    engine, threads = ObeyingEngine(), EngineThreads()
    try:
        yield engine, CameraWishes(engine, threads)
    finally:
        threads.close()


def wanted(camera_id: str | None = None, **settings: float) -> CameraChoice:
    choice = CameraChoice(settings=CameraSettings())
    assert choice.settings is not None
    if camera_id is not None:
        choice.camera_id = camera_id
    if "width_px" in settings:
        choice.settings.region_of_interest = RegionOfInterest(width_px=int(settings.pop("width_px")))
    for name, value in settings.items():
        setattr(choice.settings, name, int(value) if name == "binning" else value)
    return choice


def values(engine: FakeEngine) -> dict[str, float]:
    return {name: each.value for name, each in engine.camera().parameters.items()}


async def test_tells_what_is_live_and_works() -> None:
    async with wishes() as (engine, camera):
        live = camera.live()
        assert live is not None
        assert live.camera_id == CORTEX.id
        assert live.settings is not None
        assert (live.settings.exposure_us, live.settings.binning, live.settings.gain) == (100, 2, 1)
        for phase in (CameraPhase.CLOSED, CameraPhase.OPENING, CameraPhase.FAILED):
            engine.set_camera(replace(engine.camera(), phase=phase))
            assert camera.live() is None
            assert camera.rate(CameraChoice()) == CameraRate()


async def test_asks_only_for_what_differs_and_answers_with_what_became_of_it() -> None:
    async with wishes() as (engine, camera):
        choice = await camera.ask(wanted(CORTEX.id, exposure_us=100.0, binning=4, gain=1.0))
        assert engine.changes == [{"binning": 4.0}]
        assert engine.selected == []
        assert choice.settings is not None
        assert choice.settings.region_of_interest is not None
        assert choice.settings.region_of_interest.width_px == 128, "binning has made it smaller"
        await camera.ask(wanted(exposure_us=100.0))
        assert len(engine.changes) == 1


async def test_settings_that_depend_on_each_other_are_taken_by_and_by() -> None:
    async with wishes() as (engine, camera):
        await camera.ask(wanted(width_px=512, binning=1, exposure_us=50.0))
        assert values(engine) == {
            "exposure_us": 50,
            "binning": 1,
            "region_of_interest.width_px": 512,
            "gain": 1,
        }


async def test_one_refusal_and_all_is_as_before() -> None:
    async with wishes() as (engine, camera):
        before = values(engine)
        with pytest.raises(ParameterError, match="exposure_us"):
            await camera.ask(wanted(width_px=512, binning=1, exposure_us=5000.0))
        assert values(engine) == before
        with pytest.raises(ParameterError, match="gain"):
            await camera.ask(wanted(gain=2.0))
        assert values(engine) == before


async def test_selects_another_camera_and_sets_it() -> None:
    async with wishes() as (engine, camera):
        choice = await camera.ask(wanted(OTHER.id, exposure_us=20.0))
        assert (choice.camera_id, engine.selected) == (OTHER.id, [OTHER.id])
        assert values(engine)["exposure_us"] == 20


async def test_a_refusal_by_the_other_camera_brings_the_first_back_as_it_was_set() -> None:
    async with wishes() as (engine, camera):
        before = values(engine)
        with pytest.raises(ParameterError):
            await camera.ask(wanted(OTHER.id, exposure_us=5000.0))
        live = camera.live()
        assert live is not None
        assert live.camera_id == CORTEX.id
        assert values(engine) == before


async def test_a_first_camera_that_does_not_come_back_hides_no_refusal() -> None:
    async with wishes() as (engine, camera):
        engine.gone.add(CORTEX.id)
        with pytest.raises(ParameterError):
            await camera.ask(wanted(OTHER.id, exposure_us=5000.0))


async def test_a_camera_that_is_not_there_is_refused() -> None:
    async with wishes() as (engine, camera):
        with pytest.raises(CameraNotFound):
            await camera.ask(wanted("simulated:none", exposure_us=20.0))
        assert engine.changes == []


async def test_offers_what_goes_and_tells_the_rest() -> None:
    async with wishes() as (engine, camera):
        choice, left_out = await camera.offer(
            wanted("simulated:none", width_px=512, binning=1, exposure_us=5000.0, gain=3.0)
        )
        assert left_out[0] == "There is no camera 'simulated:none' here, so the live one stays."
        assert sorted(sentence.split()[0] for sentence in left_out[1:]) == ["exposure_us", "gain"]
        assert all(sentence.endswith(".") for sentence in left_out)
        assert choice is not None
        assert choice.camera_id == CORTEX.id
        assert (values(engine)["binning"], values(engine)["region_of_interest.width_px"]) == (1, 512)


@pytest.mark.parametrize(
    "error",
    [CameraUnavailable(OTHER.id, "simulated", "it is unplugged"), RecordingRunning("run", PARAMETERS)],  # type: ignore[arg-type]
)
async def test_an_offer_is_never_refused(error: Exception) -> None:
    async with wishes() as (engine, camera):
        engine.error = error
        choice, left_out = await camera.offer(wanted(OTHER.id, exposure_us=50.0))
        assert left_out == [str(error)]
        assert choice is not None
        assert values(engine)["exposure_us"] == 50


async def test_an_offer_to_no_camera_tells_so() -> None:
    async with wishes() as (engine, camera):
        engine.set_camera(CameraSnapshot(99, CameraPhase.CLOSED))
        choice, left_out = await camera.offer(wanted(exposure_us=50.0))
        assert choice is None
        assert left_out == [str(NoCamera())]


async def test_a_command_that_was_given_up_is_given_up() -> None:
    async with wishes() as (engine, camera):
        cancellation = Cancellation()
        cancellation.cancel("its caller is gone.")
        with pytest.raises(CommandCanceled):
            camera._ask(wanted(exposure_us=50.0), cancellation)
        assert values(engine)["exposure_us"] == 100


async def test_the_rate_is_what_was_asked_and_the_frames_are_as_large_as_they_would_be() -> None:
    async with wishes() as (_, camera):
        settings = CameraSettings(
            frame_rate_hz=12.0,
            binning=2,
            region_of_interest=RegionOfInterest(width_px=100, height_px=50),
            pixel_format=PixelFormat.MONO8,
        )
        assert camera.rate(CameraChoice(settings=settings)) == CameraRate(12, 100 * 50)
        settings.pixel_format = PixelFormat.MONO12
        assert camera.rate(CameraChoice(settings=settings)).frame_bytes == 100 * 50 * 2
        settings.region_of_interest = None
        assert camera.rate(CameraChoice(settings=settings)).frame_bytes == 256 * 256 * 2
        assert camera.rate(CameraChoice()) == CameraRate(30, 512 * 512 * 2), "measured, of the whole sensor"


async def test_a_measured_rate_that_trembles_is_one_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wishes() as (engine, camera):
        health = engine.health()
        told = []
        for measured_hz in (30.0, 30.4, 29.7, 15.0, 15.1):
            sample = replace(health, camera=replace(health.camera, frame_rate_hz=measured_hz))
            monkeypatch.setattr(engine, "health", lambda sample=sample: sample)
            told.append(camera.rate(CameraChoice()).frame_rate_hz)
        assert told == [30, 30, 30, 15, 15]


async def test_passes_the_engines_news_on() -> None:
    async with wishes() as (engine, camera):
        heard: list[int] = []
        unsubscribe = camera.subscribe(lambda: heard.append(1))
        engine.set_camera(engine.camera())
        unsubscribe()
        engine.set_camera(engine.camera())
        assert heard == [1]
