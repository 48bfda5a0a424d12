from __future__ import annotations

from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.traffic import Traffic


def test_counts_by_method_and_side() -> None:
    now = [0]
    traffic = Traffic(clock=lambda: now[0])
    served = traffic.tally("/a.B/C", Side.SERVER)
    served.calls += 2
    served.open_calls += 1
    served.errors[5] = 1
    served.bytes_sent += 7
    served.latency.add(3_000_000)
    traffic.tally("/a.B/C", Side.CLIENT).calls += 1
    assert traffic.tally("/a.B/C", Side.SERVER) is served
    client, server = traffic.snapshot()
    assert (client.side, client.calls) == (Side.CLIENT, 1)
    assert (server.method, server.calls, server.open_calls, server.errors, server.bytes_sent) == (
        "/a.B/C",
        2,
        1,
        {5: 1},
        7,
    )
    assert server.latency.max_ms == 3.0
    now[0] = 2_000_000
    assert traffic.counted_ms == 2.0


def test_a_snapshot_does_not_change() -> None:
    traffic = Traffic()
    tally = traffic.tally("/a.B/C", Side.CLIENT)
    [before] = traffic.snapshot()
    tally.calls += 1
    tally.errors[1] = 1
    assert (before.calls, before.errors) == (0, {})
