from __future__ import annotations

import json
import logging

from macroscope_worker.worker.json_log import MOST_REPEATS, REPEATS_WITHIN_S, JsonFormatter, RepeatLimit


def test_a_line_is_an_object_with_what_the_call_gave() -> None:
    record = logging.makeLogRecord(
        {"msg": "link %s", "args": ("dropped",), "levelname": "WARNING", "reason": "µ", "name": "x"}
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    value = json.loads(line)
    assert (value["event"], value["level"], value["reason"], value["logger"]) == ("link dropped", "warning", "µ", "x")
    assert value["time"].endswith("+00:00")


def test_a_traceback_stays_in_its_line() -> None:
    error = ZeroDivisionError("by zero")
    record = logging.makeLogRecord({"msg": "failed", "exc_info": (type(error), error, None), "odd": object()})
    value = json.loads(JsonFormatter().format(record))
    assert "ZeroDivisionError" in value["traceback"]


def test_an_event_that_repeats_without_end_is_counted_and_others_are_written() -> None:
    now_s = 0.0
    limit = RepeatLimit(lambda: now_s)

    def line(event: str) -> logging.LogRecord:
        return logging.makeLogRecord({"name": "a", "msg": event})

    assert sum(limit.filter(line("link dropped")) for _ in range(3 * MOST_REPEATS)) == MOST_REPEATS
    assert limit.filter(line("stopping"))
    now_s = REPEATS_WITHIN_S
    told = line("link dropped")
    assert limit.filter(told)
    assert json.loads(JsonFormatter().format(told))["left_out"] == 2 * MOST_REPEATS
    assert limit.filter(again := line("link dropped"))
    assert not hasattr(again, "left_out")
