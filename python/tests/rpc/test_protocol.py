from __future__ import annotations

from macroscope_worker.rpc.protocol import PROTOCOL


def test_the_numbers_come_from_the_schema_and_make_sense() -> None:
    assert PROTOCOL.major == 1
    assert PROTOCOL.max_request_bytes < PROTOCOL.max_frame_bytes
    assert PROTOCOL.initial_credit_messages > 0
    assert 0 < PROTOCOL.initial_credit_bytes <= PROTOCOL.max_frame_bytes
    assert PROTOCOL.ping_after_idle_ms * 2 < PROTOCOL.lost_after_silence_ms
    assert PROTOCOL.max_open_calls > 0
    assert PROTOCOL.hello_within_ms > 0
