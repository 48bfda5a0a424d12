"""State goes to every window that holds it open: the server knows how far each is, and drops one that is gone."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from macroscope.acquisition.v1.acquisition_connect import AcquisitionServiceClient
from macroscope.acquisition.v1.acquisition_pb import WatchAcquisitionRequest
from macroscope.camera.v1.camera_connect import CameraServiceClient
from macroscope.camera.v1.camera_pb import WatchCameraRequest, WatchCameraResponse
from macroscope.rpc.v1.options_pb import Role
from tests.services.served import Served, served

from macroscope_worker.acquisition import AcquisitionPhase
from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.memory_link import create_link_pair
from macroscope_worker.services.call_log import CallLog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from macroscope_worker.rpc.frame import Frame
    from macroscope_worker.rpc.link import Link, LinkReceiver
    from macroscope_worker.rpc.receivers import Receiver

pytestmark = pytest.mark.asyncio

WATCH_CAMERA = "/macroscope.camera.v1.CameraService/WatchCamera"
WATCH_ACQUISITION = "/macroscope.acquisition.v1.AcquisitionService/WatchAcquisition"
PATIENCE_S = 10.0


class FrozenLink:
    """A link whose owner can be stopped, as a window in its debugger is: it neither hears nor says anything."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.frozen = False

    def start(self, receiver: LinkReceiver) -> None:
        self._receiver = receiver
        self._link.start(self)

    def send(self, frame: Frame) -> None:
        if not self.frozen:
            self._link.send(frame)

    def frame_received(self, frame: Frame) -> None:
        if not self.frozen:
            self._receiver.frame_received(frame)

    def link_writable(self) -> None:
        self._receiver.link_writable()

    def link_closed(self, reason: str) -> None:
        self._receiver.link_closed(reason)

    def forget(self, connection: int) -> None:
        self._link.forget(connection)

    @property
    def congested(self) -> bool:
        return self._link.congested

    def close(self, reason: str = "") -> None:
        self._link.close(reason)

    def abort(self, reason: str) -> None:
        self._link.abort(reason)


class Window:
    """A client with a link of its own that holds the camera's state open."""

    def __init__(self, here: Served, label: str) -> None:
        theirs, ours = create_link_pair()
        here.server.accept(theirs, role=Role.OPERATOR)
        self.link = FrozenLink(ours)
        self.connection = DialledLink(self.link).open_connection(Role.OPERATOR, label=label)
        self.revisions: list[int] = []
        self._news = asyncio.Event()
        stream = self.connection.client(CameraServiceClient).watch_camera(WatchCameraRequest())
        self._task = asyncio.create_task(self._read(stream))

    async def _read(self, stream: AsyncIterator[WatchCameraResponse]) -> None:
        async for message in stream:
            assert message.state is not None
            self.revisions.append(message.state.revision)
            self._news.set()

    async def has(self, revision: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.revisions or self.revisions[-1] < revision:
                self._news.clear()
                await self._news.wait()

    async def end(self) -> None:
        self.link.close("The test is over.")
        await asyncio.gather(self._task, return_exceptions=True)


def publish(here: Served, revision: int) -> None:
    here.engine.set_camera(replace(here.engine.camera(), revision=revision))


def receiver(here: Served, label: str, method: str = WATCH_CAMERA) -> Receiver:
    found = [one for one in here.server.receivers() if (one.label, one.method) == (label, method)]
    assert len(found) == 1
    return found[0]


async def until(condition: Callable[[], bool]) -> None:
    """For what is told to nobody."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - nobody tells of it.
            await asyncio.sleep(0.01)


async def test_the_server_knows_what_each_window_has(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with served() as here:
        log = CallLog(asyncio.get_running_loop().call_later, is_stream=lambda path: here.server.methods[path].streams)
        behind: list[Receiver] = []

        def note(one: Receiver) -> None:
            behind.append(one)
            log.on_behind(one)

        here.server._on_behind = note
        here.server._on_call = log.on_call
        first, second = Window(here, "window 1"), Window(here, "window 2")
        await first.has(1)
        await second.has(1)
        await until(lambda: receiver(here, "window 2").acknowledged_revision == 1)

        # One stops in its debugger; the other is not disturbed.
        second.link.frozen = True
        for revision in range(2, 30):
            publish(here, revision)
            await first.has(revision)
        await until(lambda: receiver(here, "window 1").acknowledged_revision == 29)
        assert receiver(here, "window 1").behind_ms == 0
        stopped = receiver(here, "window 2")
        assert stopped.acknowledged_revision == 1
        assert stopped.sent_revision > 1
        assert not stopped.ended

        await until(lambda: len(behind) > 0)
        assert [one.label for one in behind] == ["window 2"]
        assert behind[0].behind_ms >= 1000
        assert [record for record in caplog.records if record.getMessage() == "receiver behind"]

        # It is dropped, with the reason.
        await until(lambda: receiver(here, "window 2").ended)
        assert "Nothing was heard" in receiver(here, "window 2").reason
        [failed] = [record for record in caplog.records if record.getMessage() == "call failed"]
        assert (vars(failed)["peer"], vars(failed)["method"], vars(failed)["code"]) == (
            "window 2",
            WATCH_CAMERA,
            "UNAVAILABLE",
        )
        publish(here, 30)
        await first.has(30)
        assert not receiver(here, "window 1").ended
        assert len(behind) == 1
        await first.end()
        await second.end()


async def test_recordings_are_a_broadcast_too() -> None:
    async with served() as here:
        client = here.connection.client(AcquisitionServiceClient)
        stream = client.watch_acquisition(WatchAcquisitionRequest())
        here.engine.set_acquisition(phase=AcquisitionPhase.IDLE, recording=None)
        state = (await anext(stream)).state
        assert state is not None
        assert receiver(here, "test", WATCH_ACQUISITION).sent_revision == state.revision
        await stream.aclose()  # type: ignore[attr-defined]
        await until(lambda: receiver(here, "test", WATCH_ACQUISITION).ended)
