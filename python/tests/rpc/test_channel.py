from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodRequest
from macroscope.rpc.v1.errors_pb import VersionMismatch
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import CLIENT, ECHO, FLOOD
from tests.rpc.serving import TOKEN, serve

from macroscope_worker.clock import clock_ns
from macroscope_worker.rpc import channel as channel_module
from macroscope_worker.rpc.back_off import BackOff
from macroscope_worker.rpc.channel import Channel
from macroscope_worker.rpc.channel_state import ChannelPhase, ChannelState
from macroscope_worker.rpc.memory_link import create_link_pair
from macroscope_worker.rpc.retries import Retries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from macroscope_worker.rpc.call_ledger import CallRecord
    from macroscope_worker.rpc.greeting import Greeting
    from macroscope_worker.rpc.link import Link
    from macroscope_worker.rpc.memory_link import MemoryLink
    from macroscope_worker.rpc.method_policy import Method

pytestmark = pytest.mark.asyncio

QUICK = BackOff(0.001, 0.001)


class Dialled:
    """A server that may be dialled, as often as it lets itself be."""

    def __init__(self, *, token: str = "") -> None:
        self.server, self.service = serve()
        self.token = token
        self.failures = 0
        self.dials = 0
        self.reachable = asyncio.Event()
        self.reachable.set()
        self.links: list[MemoryLink] = []

    async def dial(self) -> Link:
        self.dials += 1
        await self.reachable.wait()
        if self.failures > 0:
            self.failures -= 1
            msg = "nobody there"
            raise ConnectionRefusedError(msg)
        theirs, ours = create_link_pair()
        if self.token:
            self.server.accept(theirs, token=self.token)
        else:
            self.server.accept_bare(theirs)
        self.links.append(theirs)
        return ours

    def channel(self, greeting: Greeting = CLIENT, *, back_off: BackOff = QUICK, **options: object) -> Channel:
        return Channel(self.dial, greeting, back_off=back_off, **options)  # type: ignore[arg-type]


async def until(channel: Channel, reached: Callable[[ChannelState], bool]) -> ChannelState:
    """The first state for which it is so."""
    found: asyncio.Future[ChannelState] = asyncio.get_running_loop().create_future()

    def look(state: ChannelState) -> None:
        if reached(state) and not found.done():
            found.set_result(state)

    look(channel.state)
    unsubscribe = channel.subscribe(look)
    try:
        return await found
    finally:
        unsubscribe()


async def phase(channel: Channel, wanted: ChannelPhase) -> ChannelState:
    return await until(channel, lambda state: state.phase is wanted)


async def fails(channel: Channel, payload: bytes = b"x", timeout_ms: int | None = None) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        await channel.call(ECHO, EchoRequest(payload=payload), timeout_ms=timeout_ms)
    return caught.value


class TestLive:
    async def test_calls_wait_until_it_is_live_and_go_over_generated_clients(self) -> None:
        dialled = Dialled()
        channel = dialled.channel()
        assert channel.state.phase is ChannelPhase.CONNECTING
        client = channel.client(DiagnosticsServiceClient)
        answer = await client.echo(EchoRequest(payload=b"hi"))
        assert answer.payload == b"hi"
        found = [message.index async for message in client.flood(FloodRequest(message_bytes=1, messages=3))]
        assert found == [0, 1, 2]
        assert channel.state.phase is ChannelPhase.LIVE
        server = channel.state.server
        assert server is not None
        assert (server.build, server.session, server.epoch, server.schema_differs) == ("server 1", "s", 7, False)
        assert (await until(channel, lambda state: state.clock is not None)).clock is not None
        channel.close()

    async def test_shows_a_token_where_the_link_carries_many_connections(self) -> None:
        dialled = Dialled(token=TOKEN)
        channel = dialled.channel(replace(CLIENT, role=Role.VIEWER), token=TOKEN)
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        assert channel.state.server is not None
        assert channel.state.server.role == Role.VIEWER
        channel.close()
        refused = dialled.channel(token="x" * 32)
        assert (await phase(refused, ChannelPhase.REFUSED)).code is Code.UNAUTHENTICATED
        refused.close()

    async def test_counts_over_all_its_connections(self) -> None:
        dialled = Dialled()
        records: list[CallRecord] = []
        channel = dialled.channel(on_call=records.append)
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        report = channel.connection_report()
        assert report is not None
        assert (report.build, report.side, report.state) == ("server 1", "client", "open")
        channel.redial()
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        [counts] = channel.traffic.snapshot()
        assert (counts.calls, counts.open_calls, len(records)) == (2, 0, 2)
        channel.close()
        assert channel.connection_report() is None

    async def test_silence_makes_it_stale_and_a_frame_live_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dialled = Dialled()
        channel = dialled.channel()
        connection = await channel.live()
        monkeypatch.setattr(channel_module, "clock_ns", lambda: clock_ns() + 2_100_000_000)
        connection.on_activity()
        assert channel.state.phase is ChannelPhase.STALE
        monkeypatch.undo()
        await channel.call(ECHO, EchoRequest(payload=b"stale is sent"))
        assert channel.state.phase is ChannelPhase.LIVE
        channel.close()


class TestLost:
    async def test_dials_again_after_a_loss_and_the_streams_of_the_old_connection_end(self) -> None:
        dialled = Dialled()
        channel = dialled.channel()
        stream = await channel.stream(FLOOD, FloodRequest(message_bytes=1, messages=1000))
        await anext(stream)
        dialled.links[0].abort("cable pulled")
        with pytest.raises(ConnectError) as caught:
            async for _ in stream:
                pass
        assert caught.value.code is Code.UNAVAILABLE
        lost = channel.state
        assert (lost.phase, lost.code) == (ChannelPhase.LOST, Code.UNAVAILABLE)
        assert lost.server is not None, "what is known of the server stays"
        await phase(channel, ChannelPhase.LIVE)
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        channel.close()

    async def test_the_pauses_grow_until_it_has_worked(self) -> None:
        dialled = Dialled()
        dialled.failures = 3
        channel = dialled.channel()
        attempts = []
        channel.subscribe(lambda state: attempts.append((state.phase.value, state.attempt)))
        await phase(channel, ChannelPhase.LIVE)
        assert attempts[attempts.index(("live", 0)) - 1] == ("connecting", 4)
        dialled.links[0].abort("at once")
        state = await phase(channel, ChannelPhase.LOST)
        assert state.attempt == 4, "it was live for a moment only, and answered nothing"
        await phase(channel, ChannelPhase.LIVE)
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        dialled.links[1].abort("later")
        assert (await phase(channel, ChannelPhase.LOST)).attempt == 0
        channel.close()

    async def test_calls_fail_at_once_while_it_is_lost(self) -> None:
        dialled = Dialled()
        dialled.failures = 1
        channel = dialled.channel(back_off=BackOff(60_000, 60_000), retries=Retries(max_attempts=1))
        await phase(channel, ChannelPhase.LOST)
        error = await fails(channel)
        assert error.code is Code.UNAVAILABLE
        assert "nobody there" in error.message
        channel.redial()
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        channel.close()

    async def test_a_call_that_waits_keeps_its_deadline(self) -> None:
        dialled = Dialled()
        dialled.reachable.clear()
        channel = dialled.channel()
        assert (await fails(channel, timeout_ms=20)).code is Code.DEADLINE_EXCEEDED
        channel.close()

    async def test_an_idempotent_call_is_made_again_on_the_next_connection(self) -> None:
        dialled = Dialled()
        channel = dialled.channel(retries=Retries(retry_after_ms=1))
        hanging = asyncio.create_task(channel.call(ECHO, EchoRequest(payload=b"hang")))
        await dialled.service.entered.wait()
        dialled.service.entered.clear()
        dialled.links[0].abort("cable pulled")
        await dialled.service.entered.wait()
        assert len(dialled.links) == 2
        hanging.cancel()
        channel.close()

    async def test_a_newer_call_that_may_change_something_overtakes_an_older_one(self) -> None:
        heard: list[Callable[[], bool]] = []

        class Listening(Retries):
            async def run(
                self,
                method: Method,
                deadline_ms: int,
                attempt: Callable[[int], Awaitable[Any]],
                overtaken: Callable[[], bool] = lambda: False,
            ) -> Any:
                heard.append(overtaken)
                return await super().run(method, deadline_ms, attempt, overtaken)

        dialled = Dialled()
        channel = dialled.channel(retries=Listening())
        change = replace(ECHO, info=replace(ECHO.info, idempotency_level=IdempotencyLevel.IDEMPOTENT))
        await channel.call(change, EchoRequest())
        await channel.call(ECHO, EchoRequest())
        assert [overtaken() for overtaken in heard] == [False, False]
        await channel.call(change, EchoRequest())
        assert [overtaken() for overtaken in heard] == [True, False, False]
        channel.close()

    async def test_a_server_that_drains_gets_no_new_calls(self) -> None:
        dialled = Dialled()
        channel = dialled.channel(retries=Retries(max_attempts=1))
        client = await channel.live()
        hanging = asyncio.create_task(channel.call(ECHO, EchoRequest(payload=b"hang")))
        await dialled.service.entered.wait()
        [connection] = dialled.server._connections
        connection.connection.drain()
        connection.process()
        state = await phase(channel, ChannelPhase.LOST)
        assert "about to end" in state.reason
        assert client.connection.state == "draining"
        hanging.cancel()
        await phase(channel, ChannelPhase.LIVE)
        assert len(dialled.links) == 2
        channel.close()


class TestEnd:
    async def test_a_refusal_is_not_tried_again_until_asked(self) -> None:
        dialled = Dialled()
        channel = dialled.channel(replace(CLIENT, protocol_major=9))
        state = await phase(channel, ChannelPhase.REFUSED)
        assert state.code is Code.FAILED_PRECONDITION
        assert state.error is not None
        assert state.error.details[0].value(VersionMismatch) is not None
        assert (await fails(channel)).code is Code.FAILED_PRECONDITION
        assert dialled.dials == 1
        channel.redial()
        await phase(channel, ChannelPhase.CONNECTING)
        await phase(channel, ChannelPhase.REFUSED)
        assert dialled.dials == 2
        channel.close()

    async def test_closing_ends_calls_with_canceled_and_closes_the_link(self) -> None:
        dialled = Dialled()
        channel = dialled.channel()
        hanging = asyncio.create_task(channel.call(ECHO, EchoRequest(payload=b"hang")))
        await dialled.service.entered.wait()
        channel.close()
        channel.close()
        channel.redial()
        with pytest.raises(ConnectError) as caught:
            await hanging
        assert caught.value.code is Code.CANCELED
        assert (await fails(channel)).code is Code.CANCELED
        await dialled.service.left.wait()
        assert dialled.dials == 1
        assert dialled.server.connection_reports() == []

    async def test_closing_while_it_dials_fails_who_waits(self) -> None:
        dialled = Dialled()
        dialled.reachable.clear()
        channel = dialled.channel()
        waiting = asyncio.create_task(fails(channel))
        await asyncio.sleep(0)
        channel.close()
        assert (await waiting).code is Code.CANCELED

    async def test_a_listener_that_closes_it_leaves_nobody_with_an_older_state(self) -> None:
        dialled = Dialled()
        channel = dialled.channel()
        heard: list[ChannelState] = []
        lost = asyncio.Event()

        def close(state: ChannelState) -> None:
            if state.phase is ChannelPhase.LOST:
                channel.close()
                lost.set()

        channel.subscribe(close)
        channel.subscribe(heard.append)
        await channel.live()
        dialled.links[-1].abort("gone")
        await lost.wait()
        assert heard[-1] is channel.state
        assert heard[-1].code is Code.CANCELED
        assert dialled.dials == 1

    async def test_a_listener_that_fails_is_not_the_channels_end(self) -> None:
        dialled = Dialled()
        channel = dialled.channel()

        def fail(_state: ChannelState) -> None:
            msg = "broken listener"
            raise ValueError(msg)

        channel.subscribe(fail)
        await channel.call(ECHO, EchoRequest(payload=b"x"))
        channel.close()
