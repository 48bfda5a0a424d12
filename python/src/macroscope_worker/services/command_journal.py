"""What operators asked for, in the journal of the run: every unary call of theirs that may change something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connectrpc.method import IdempotencyLevel
from macroscope.acquisition.v1.journal_pb import CommandRecord
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protobuf import Message

    from macroscope_worker.rpc.call_ledger import CallRecord
    from macroscope_worker.rpc.method_policy import Method

TOPIC: Final = "/commands"
NO_COMMANDS: Final = frozenset({"/macroscope.stimulus.v1.StimulusService/ReportFlips"})
"""Several times a second, and what they bring stands in the journal itself."""


class CommandJournal:
    """`on_call` of a server. `methods` are the server's, asked for with each call."""

    def __init__(self, write: Callable[[str, Message[Any]], None], methods: Callable[[], Mapping[str, Method]]) -> None:
        self._write = write
        self._methods = methods

    def on_call(self, record: CallRecord) -> None:
        """A call has ended."""
        method = self._methods().get(record.method)
        if method is None or not is_command(method):
            return
        # A code of a later version of the protocol is kept as its number.
        code = Code(record.code) if record.code in set(Code) else record.code
        command = CommandRecord(method=record.method, caller=record.peer, duration_ms=record.duration_ms)
        command.code = code  # type: ignore[assignment]
        self._write(TOPIC, command)


def is_command(method: Method) -> bool:
    """Whether its calls are kept."""
    return (
        not method.streams
        and method.needed_role == Role.OPERATOR
        and method.info.idempotency_level is not IdempotencyLevel.NO_SIDE_EFFECTS
        and method.path not in NO_COMMANDS
    )
