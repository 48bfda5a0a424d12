"""A client's way to one server, which outlives connections: dials again, and makes idempotent calls again."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel
from macroscope.rpc.v1 import frame_pb

from macroscope_worker.clock import clock_ns

from .back_off import BackOff
from .call_ledger import CallLedger
from .channel_state import ChannelPhase, ChannelState, ServerFacts
from .client import closing
from .connection_state import Side
from .dialled_link import DialledLink, dial_bare
from .generated_client import C, generated_client
from .protocol import NS_PER_MS, PROTOCOL
from .retries import Retries
from .traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from macroscope.rpc.v1.frame_pb import Hello
    from protobuf import Message

    from .call_ledger import CallRecord
    from .client import ClientConnection, ClientStream
    from .connection_report import ConnectionReport
    from .greeting import Greeting
    from .link import Link
    from .method_policy import Method

LOG = logging.getLogger(__name__)

WORKED_AFTER_MS: Final = 5_000
"""A connection that was live for so long, or answered a call, worked: the pauses begin anew after it."""

_REFUSALS: Final = (Code.FAILED_PRECONDITION, Code.UNAUTHENTICATED, Code.PERMISSION_DENIED)
_STALE_NS: Final = 2 * PROTOCOL.ping_after_idle_ms * NS_PER_MS


class Channel:
    """Dials at once, and again after each loss, until `close`.

    `dial` makes a new link. With `token` the link carries many connections and wants it shown; without, it is one.
    Calls while it is not live: `stale`, they are sent. `connecting`, they wait, at most until their deadline. `lost`
    and `refused`, they fail at once, with UNAVAILABLE or the code of the refusal.
    """

    def __init__(
        self,
        dial: Callable[[], Awaitable[Link]],
        greeting: Greeting,
        *,
        token: str = "",
        target: str = "",
        back_off: BackOff | None = None,
        retries: Retries | None = None,
        on_call: Callable[[CallRecord], None] | None = None,
    ) -> None:
        self._dial = dial
        self._greeting = greeting
        self._token = token
        self._target = target
        self._back_off = back_off or BackOff()
        self._retries = retries or Retries()
        # Calls so far that may change something.
        self._changes = 0
        self._on_call = on_call
        self.traffic = Traffic()
        """The calls of all its connections."""
        self._listeners: list[Callable[[ChannelState], None]] = []
        self._waiters: set[asyncio.Future[ClientConnection]] = set()
        self._state = ChannelState(ChannelPhase.CONNECTING, 1)
        self._connection: ClientConnection | None = None
        self._attempt = 1
        self._live_since_ns = 0
        self._readings = 0
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._keep())

    @property
    def state(self) -> ChannelState:
        """As of now."""
        return self._state

    def subscribe(self, listener: Callable[[ChannelState], None]) -> Callable[[], None]:
        """Have `listener` told of each new state, from the next on. Gives back what ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def connection_report(self) -> ConnectionReport | None:
        """The connection that there is."""
        return self._connection.connection.report(clock_ns()) if self._connection is not None else None

    def redial(self) -> None:
        """Dial now: at once instead of after the pause, again after a refusal, or anew while live."""
        if not self._closed:
            self._drop(ConnectError(Code.UNAVAILABLE, "The connection is made anew."))
            self._dial_anew()
            self._task = self._loop.create_task(self._keep())

    def close(self) -> None:
        """End it for good. Open calls fail with CANCELED."""
        if not self._closed:
            self._closed = True
            error = ConnectError(Code.CANCELED, "The channel was closed here.")
            self._drop(error)
            self._fail(error)

    def client(self, client_class: type[C]) -> C:
        """A generated client that calls over this channel; stays the same over reconnections."""
        return generated_client(client_class, self)

    async def live(self) -> ClientConnection:
        """The connection; waits while it is being made. Raises ConnectError when there is none."""
        if self._connection is not None and self._state.phase in (ChannelPhase.LIVE, ChannelPhase.STALE):
            return self._connection
        if self._state.phase is not ChannelPhase.CONNECTING:
            raise self._unavailable()
        waiter: asyncio.Future[ClientConnection] = self._loop.create_future()
        self._waiters.add(waiter)
        try:
            return await waiter
        finally:
            self._waiters.discard(waiter)

    async def call(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Message[Any]:
        """Call a unary method, again when it is idempotent and ended with UNAVAILABLE. Raises ConnectError.

        One that may change something is not made again after a newer one, which it would undo.
        """
        changes = method.info.idempotency_level is not IdempotencyLevel.NO_SIDE_EFFECTS
        self._changes += changes
        change = self._changes

        async def once(left_ms: int) -> Message[Any]:
            connection, left_ms = await self._live_within(left_ms)
            answer = await connection.call(method, request, timeout_ms=left_ms, metadata=metadata)
            self._attempt = 0
            return answer

        deadline_ms = method.default_deadline_ms if timeout_ms is None else timeout_ms
        return await self._retries.run(method, deadline_ms, once, lambda: changes and change != self._changes)

    async def stream(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
        credit: tuple[int, int] | None = None,
    ) -> ClientStream:
        """Call a server-streaming method. It ends with the connection that it began on."""
        deadline_ms = method.default_deadline_ms if timeout_ms is None else timeout_ms
        connection, left_ms = await self._live_within(deadline_ms)
        return connection.stream(method, request, timeout_ms=left_ms, metadata=metadata, credit=credit)

    async def messages(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Message[Any]]:
        """The messages of a server-streaming method, which is called with the first step."""
        stream = await self.stream(method, request, timeout_ms=timeout_ms, metadata=metadata)
        async for message in closing(stream):
            yield message

    async def _live_within(self, deadline_ms: int) -> tuple[ClientConnection, int]:
        """The connection, and what is then left of the deadline; 0 is none."""
        if not deadline_ms:
            return await self.live(), 0
        began_ns = clock_ns()
        try:
            async with asyncio.timeout(deadline_ms / 1e3):
                connection = await self.live()
        except TimeoutError as error:
            raise ConnectError(Code.DEADLINE_EXCEEDED, "No connection was made in time.") from error
        return connection, max(1, deadline_ms - (clock_ns() - began_ns) // NS_PER_MS)

    async def _keep(self) -> None:
        """Dial, stay, pause, and begin anew."""
        while True:
            error = await self._connect_once()
            if self._state.error is not error:
                self._fail(error)
            if self._state.phase is ChannelPhase.REFUSED:
                return
            await asyncio.sleep(self._back_off.delay_ms(self._attempt) / 1e3)
            self._dial_anew()

    def _dial_anew(self) -> None:
        self._attempt += 1
        self._set(ChannelState(ChannelPhase.CONNECTING, self._attempt))

    async def _connect_once(self) -> ConnectError:
        """Make a connection and stay on it; why it ended."""
        try:
            link = await self._dial()
        except ConnectError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever a dial function raises is that there is no link.
            return ConnectError(Code.UNAVAILABLE, f"The server could not be reached: {error}")
        try:
            connection = await self._open(link)
            self._on_opened(connection, await connection.opened())
            return await connection.ended()
        except ConnectError as refused:
            return refused
        finally:
            link.close("The channel has left it.")

    async def _open(self, link: Link) -> ClientConnection:
        ledger = CallLedger(Side.CLIENT, self.traffic, self._on_call)
        if not self._token:
            return dial_bare(link, self._greeting, ledger=ledger)
        dialled = DialledLink(link, token=self._token)
        try:
            async with asyncio.timeout(PROTOCOL.hello_within_ms / 1e3):
                await dialled.authenticated()
        except TimeoutError as error:
            raise ConnectError(Code.UNAVAILABLE, "The server did not answer the token in time.") from error
        greeting = self._greeting
        return dialled.open_connection(
            greeting.role, target=self._target, label=greeting.label, greeting=greeting, ledger=ledger
        )

    def _on_opened(self, connection: ClientConnection, hello: Hello) -> None:
        self._connection = connection
        self._live_since_ns = clock_ns()
        connection.on_draining = self._on_draining
        connection.on_ended = self._on_ended
        connection.on_activity = self._on_activity
        server = ServerFacts(
            build=hello.build,
            session=hello.session,
            epoch=hello.epoch,
            schema_digest=hello.schema_digest,
            schema_differs=hello.schema_digest != self._greeting.schema_digest,
            role=hello.role,
        )
        self._set(ChannelState(ChannelPhase.LIVE, server=server))
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(connection)

    def _on_draining(self) -> None:
        """The server ends the connection after its calls; new ones go to a new one."""
        self._fail(ConnectError(Code.UNAVAILABLE, "The server is about to end the connection."))

    def _on_ended(self, error: ConnectError) -> None:
        self._connection = None
        if clock_ns() - self._live_since_ns >= WORKED_AFTER_MS * NS_PER_MS:
            self._attempt = 0
        self._fail(error)

    def _on_activity(self) -> None:
        phase = self._state.phase
        if self._connection is None or phase not in (ChannelPhase.LIVE, ChannelPhase.STALE):
            return
        now_ns = clock_ns()
        pulse = self._connection.connection.pulse
        found = ChannelPhase.STALE if pulse.silence_ns(now_ns) >= _STALE_NS else ChannelPhase.LIVE
        if found is not phase or pulse.readings != self._readings:
            self._readings = pulse.readings
            self._set(ChannelState(found, clock=pulse.clock(now_ns)))

    def _drop(self, reason: ConnectError) -> None:
        """Leave the present connection, dial and pause."""
        self._task.cancel()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.on_ended = connection.on_activity = _nothing
            connection.go_away(frame_pb.Code[reason.code.name], reason.message)

    def _fail(self, error: ConnectError) -> None:
        phase = ChannelPhase.REFUSED if error.code in _REFUSALS else ChannelPhase.LOST
        self._set(ChannelState(phase, self._attempt, reason=error.message, code=error.code, error=error))
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(self._unavailable())

    def _set(self, state: ChannelState) -> None:
        """Set a new state; what is known of the server stays until it says otherwise."""
        if state.server is None:
            state = replace(state, server=self._state.server)
        self._state = state
        for listener in list(self._listeners):
            if self._state is not state:
                return  # A listener has closed it or had it dial: all have heard of that, which is newer.
            try:
                listener(state)
            except Exception:
                LOG.exception("a listener to the state of a channel failed")

    def _unavailable(self) -> ConnectError:
        state = self._state
        if state.phase is ChannelPhase.REFUSED:
            return ConnectError(state.code or Code.UNAVAILABLE, f"The server refused the connection: {state.reason}")
        code = Code.CANCELED if self._closed else Code.UNAVAILABLE
        return ConnectError(code, f"There is no connection to the server: {state.reason}")


def _nothing(*_: object) -> None:
    pass
