"""Ended calls in the log: those that failed and those that took long; never what they carried."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from macroscope.rpc.v1.frame_pb import Code

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.rpc.call_ledger import CallRecord
    from macroscope_worker.rpc.receivers import Receiver

LOG = logging.getLogger(__name__)

SLOW_MS: Final = 1_000.0
"""A unary call that took longer is worth a line."""
LINES_IN_WINDOW: Final = 20
"""More in one window are only counted, so that a client that fails in a loop does not fill the disk."""
WINDOW_S: Final = 10.0
MOST_KINDS: Final = 50
"""A client may ask for methods of any name: more than so many kinds are counted as one."""


class CallLog:
    """`on_call` of a server or a channel.

    To be called in the event loop whose `call_later` this is; `is_stream` says whose calls are meant to last.
    """

    def __init__(
        self, call_later: Callable[[float, Callable[[], None]], Any], *, is_stream: Callable[[str], bool]
    ) -> None:
        self._call_later = call_later
        self._is_stream = is_stream
        self._lines = 0
        self._untold: Counter[tuple[str, str]] = Counter()
        self._window_open = False

    def on_call(self, record: CallRecord) -> None:
        """A call has ended."""
        failed = record.code not in {0, Code.CANCELED}
        slow = not record.code and record.duration_ms > SLOW_MS and not self._is_stream(record.method)
        if not failed and not slow:
            return
        code = _code_name(record.code)
        if not self._window_open:
            self._window_open = True
            self._call_later(WINDOW_S, self._end_window)
        if self._lines >= LINES_IN_WINDOW:
            kind = (record.method, code)
            self._untold[kind if kind in self._untold or len(self._untold) < MOST_KINDS else ("", "")] += 1
            return
        self._lines += 1
        fields = {
            "method": record.method,
            "peer": record.peer,
            "code": code,
            "duration_ms": round(record.duration_ms, 3),
        }
        if failed:
            LOG.warning("call failed", extra=fields)
        else:
            LOG.info("slow call", extra=fields)

    def on_behind(self, receiver: Receiver) -> None:
        """A receiver of a broadcast has fallen behind."""
        LOG.warning(
            "receiver behind",
            extra={
                "peer": receiver.label,
                "method": receiver.method,
                "sent_revision": receiver.sent_revision,
                "acknowledged_revision": receiver.acknowledged_revision,
                "behind_ms": round(receiver.behind_ms),
            },
        )

    def _end_window(self) -> None:
        untold, self._untold = self._untold, Counter()
        self._lines = 0
        self._window_open = False
        if untold:
            counts = [{"method": method, "code": code, "calls": calls} for (method, code), calls in untold.items()]
            LOG.warning("more calls failed or were slow", extra={"within_s": WINDOW_S, "calls": counts})


def _code_name(code: int) -> str:
    if not code:
        return "OK"
    try:
        return Code(code).name
    except ValueError:
        return str(code)
