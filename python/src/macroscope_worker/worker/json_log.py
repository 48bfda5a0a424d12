"""Log lines as JSON objects, one a line."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

MOST_REPEATS: Final = 100
"""Lines of one event within `REPEATS_WITHIN_S`."""
REPEATS_WITHIN_S: Final = 10.0


class JsonFormatter(logging.Formatter):
    """`event` is the message; whatever a call gives as `extra` stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class RepeatLimit(logging.Filter):
    """Lets through so many lines of one event in a time; the next that gets through says how many were left out.

    Whoever dials and fails, or calls what fails, in a loop would fill the disk that is recorded to.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._since_s = clock()
        self._lines: Counter[tuple[str, str]] = Counter()
        self._left_out: Counter[tuple[str, str]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        event = (record.name, str(record.msg))
        with self._lock:
            now_s = self._clock()
            if now_s - self._since_s >= REPEATS_WITHIN_S:
                self._since_s = now_s
                self._lines.clear()
            self._lines[event] += 1
            if self._lines[event] > MOST_REPEATS:
                self._left_out[event] += 1
                return False
            if left_out := self._left_out.pop(event, 0):
                record.left_out = left_out
            return True


def set_up_logging() -> None:
    """Send all log lines to stderr. A reader that is gone ends the log, not the worker."""
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RepeatLimit())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
