from __future__ import annotations

import json
import logging

from macroscope_worker.worker.json_log import JsonFormatter


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
