from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.rpc.v1.options_pb import Role
from macroscope.stimulus.v1.stimulus_connect import StimulusServiceClient
from macroscope.stimulus.v1.stimulus_pb import (
    BarSweep,
    ClockFit,
    ReportFlipsRequest,
    ShowTestRequest,
    StimulusState,
    WatchStimulusRequest,
)
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare
from tests.stimulus.made_flips import display, flips
from tests.stimulus.made_settings import geometry, stimulus

from macroscope_worker.rpc.server import Server
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.stimulus import StimulusService
from macroscope_worker.stimulus import Stage

if TYPE_CHECKING:
    from macroscope_worker.rpc.client import ClientConnection

pytestmark = pytest.mark.asyncio


class Served:
    def __init__(self) -> None:
        self.stage = Stage()
        self.stage.set_drawing(geometry(), stimulus())
        self.server = Server(SERVER, [StimulusService(self.stage)], translate=translate)

    async def connection(self, role: Role = Role.OPERATOR) -> ClientConnection:
        return await bare(self.server, role=role)

    async def client(self, role: Role = Role.OPERATOR) -> StimulusServiceClient:
        return (await self.connection(role)).client(StimulusServiceClient)

    async def until(self, condition: Any) -> None:
        changed = asyncio.Event()
        stop = self.stage.subscribe(changed.set)
        try:
            async with asyncio.timeout(10):
                while not condition():
                    changed.clear()
                    await changed.wait()
        finally:
            stop()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_index": 2**64 - 2}, "batch.first_index"),
        ({"first_index": 2**53}, "batch.first_index"),
        ({"presented_ns": [2**63, 1]}, "batch.presented_ns[0]"),
        ({"page_ns": [1, 2**64 - 1]}, "batch.page_ns[1]"),
        ({"angle_deg": [0.0, math.nan]}, "batch.angle_deg[1]"),
        ({"angle_deg": [-math.inf, 0.0]}, "batch.angle_deg[0]"),
        ({"clock": ClockFit(error_ns=2**63)}, "batch.clock.error_ns"),
        ({"clock": ClockFit(residual_ns=2**63)}, "batch.clock.residual_ns"),
        ({"showing": [1]}, "batch"),
    ],
)
async def test_flips_that_cannot_be_are_refused_and_those_after_them_taken(
    here: Served, changes: dict[str, Any], field: str
) -> None:
    connection = await here.connection()
    attached = here.stage.attach(display())
    client = connection.client(StimulusServiceClient)
    batch = flips(0, 2)
    for name, value in changes.items():
        setattr(batch, name, value)
    with pytest.raises(ConnectError) as refused:
        await client.report_flips(ReportFlipsRequest(attachment_id=attached.display.attachment_id, batch=batch))
    assert refused.value.code is Code.INVALID_ARGUMENT
    assert f"{field}: " in str(refused.value)
    assert here.stage.figures().flips == 0
    next_one = ReportFlipsRequest(attachment_id=attached.display.attachment_id, batch=flips(2, 2))
    assert (await client.report_flips(next_one)).next_index == 4
    assert (here.stage.figures().flips, here.stage.figures().lost_flips) == (2, 2)


@pytest.fixture
async def here() -> Any:
    served = Served()
    yield served
    served.server.close()


async def test_a_display_gets_each_scene(here: Served) -> None:
    client = await here.client()
    scenes = client.attach_display(display())
    first = (await anext(scenes)).scene
    assert first is not None
    assert (first.display, first.stimulus, first.sweep) == (geometry(), stimulus(), None)
    assert here.stage.attached
    sweep = BarSweep(showing=0, direction=Direction.LEFT_TO_RIGHT, from_deg=-5, to_deg=5, started_ns=1, ended_ns=2)
    number = here.stage.show(sweep)
    second = (await anext(scenes)).scene
    assert second is not None
    assert (second.number, second.sweep) == (number, sweep)


async def test_a_second_display_is_refused_until_the_first_has_gone(here: Served) -> None:
    client = await here.client()
    scenes: Any = client.attach_display(display())
    await anext(scenes)
    with pytest.raises(ConnectError) as caught:
        await anext((await here.client()).attach_display(display("attachment-2")))
    assert caught.value.code is Code.ALREADY_EXISTS
    await scenes.aclose()
    await here.until(lambda: not here.stage.attached)
    assert "closed" in here.stage.lost_reason
    others = (await here.client()).attach_display(display("attachment-2"))
    await anext(others)
    assert here.stage.lost_reason == ""


async def test_a_connection_that_breaks_takes_the_display_along(here: Served) -> None:
    connection = await here.connection()
    await anext(connection.client(StimulusServiceClient).attach_display(display()))
    connection.close()
    await here.until(lambda: not here.stage.attached)
    assert here.stage.lost_reason


async def test_the_same_attachment_again_ends_the_older_stream_and_no_more(here: Served) -> None:
    first: Any = (await here.client()).attach_display(display())
    await anext(first)
    second = (await here.client()).attach_display(display(full_screen=True))
    await anext(second)
    with pytest.raises(StopAsyncIteration):
        await anext(first)
    assert here.stage.display == display(full_screen=True)
    here.stage.show(None)
    assert (await anext(second)).scene is not None


async def test_flips_are_taken_of_the_display_that_is_there(here: Served) -> None:
    client = await here.client()
    with pytest.raises(ConnectError) as caught:
        await client.report_flips(ReportFlipsRequest(attachment_id="attachment-1", batch=flips(0, 5)))
    assert caught.value.code is Code.FAILED_PRECONDITION
    scenes = client.attach_display(display())
    await anext(scenes)
    for _ in range(2):
        answer = await client.report_flips(ReportFlipsRequest(attachment_id="attachment-1", batch=flips(0, 5)))
        assert answer.next_index == 5
    assert here.stage.figures().flips == 5


async def test_lists_of_a_batch_are_of_one_length(here: Served) -> None:
    client = await here.client()
    scenes = client.attach_display(display())
    await anext(scenes)
    broken = flips(0, 5, page_ns=[1])
    with pytest.raises(ConnectError) as caught:
        await client.report_flips(ReportFlipsRequest(attachment_id="attachment-1", batch=broken))
    assert caught.value.code is Code.INVALID_ARGUMENT
    assert here.stage.figures().flips == 0


async def test_the_state_is_watched_at_most_five_times_a_second(here: Served) -> None:
    watch = (await here.client(Role.VIEWER)).watch_stimulus(WatchStimulusRequest())
    first = state_of(await anext(watch))
    assert (first.attached, first.testing) == (False, False)
    began_s = asyncio.get_running_loop().time()
    attachment = here.stage.attach(display())
    for number in range(50):
        here.stage.take("attachment-1", flips(number, 1))
    second = state_of(await anext(watch))
    assert asyncio.get_running_loop().time() - began_s > 0.15
    assert second.figures is not None
    assert (second.attached, second.figures.flips) == (True, 50)
    assert second.revision > first.revision
    attachment.end("Gone.")
    third = state_of(await anext(watch))
    assert (third.attached, third.lost_reason) == (False, "Gone.")


async def test_figures_grow_old_though_nothing_comes(here: Served) -> None:
    here.stage.attach(display())
    here.stage.take("attachment-1", flips(0, 1))
    watch = (await here.client()).watch_stimulus(WatchStimulusRequest())
    first, second = state_of(await anext(watch)), state_of(await anext(watch))
    assert second.revision > first.revision
    assert first.figures is not None
    assert second.figures is not None
    assert second.figures.last_batch_age_ms > first.figures.last_batch_age_ms + 500


async def test_a_test_is_shown_and_ended(here: Served) -> None:
    client = await here.client()
    shown = (await client.show_test(ShowTestRequest(direction=Direction.TOP_TO_BOTTOM))).state
    assert shown is not None
    assert shown.testing
    assert shown.scene is not None
    assert shown.scene.sweep is not None
    grey = (await client.show_test(ShowTestRequest())).state
    assert grey is not None
    assert not grey.testing
    here.stage.begin_run()
    with pytest.raises(ConnectError) as caught:
        await client.show_test(ShowTestRequest(direction=Direction.TOP_TO_BOTTOM))
    assert caught.value.code is Code.FAILED_PRECONDITION


async def test_a_viewer_shows_nothing(here: Served) -> None:
    client = await here.client(Role.VIEWER)
    for call in (client.show_test(ShowTestRequest()), anext(client.attach_display(display()))):
        with pytest.raises(ConnectError) as caught:
            await call
        assert caught.value.code is Code.PERMISSION_DENIED


def state_of(response: Any) -> StimulusState:
    assert isinstance(response.state, StimulusState)
    return response.state
