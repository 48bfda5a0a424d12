from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.lanes import LaneQueue

frames = st.lists(st.builds(Frame, st.integers(1, 4), st.integers(1, 3), st.binary(max_size=8)), max_size=40)


def drained(queue: LaneQueue) -> list[Frame]:
    found = []
    while (frame := queue.pop()) is not None:
        found.append(frame)
    return found


@given(frames)
def test_a_more_urgent_lane_leaves_first_and_a_lane_in_order(pushed: list[Frame]) -> None:
    queue = LaneQueue()
    for frame in pushed:
        queue.push(frame)
    assert queue.nbytes == sum(frame.nbytes for frame in pushed)
    assert drained(queue) == sorted(pushed, key=lambda frame: frame.lane)
    assert queue.nbytes == 0
    assert not queue


def test_a_stop_passes_queued_pictures() -> None:
    queue = LaneQueue()
    for _ in range(3):
        queue.push(Frame(4, 1, b"", bytes(1000)))
    queue.pop()
    queue.push(Frame(1, 1, b"stop"))
    first = queue.pop()
    assert first is not None
    assert first.envelope == b"stop"
    queue.clear()
    assert queue.pop() is None
