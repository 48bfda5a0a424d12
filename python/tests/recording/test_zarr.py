from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.recording._layout import ShardLayout
from macroscope_worker.recording._zarr import array_metadata, group_metadata, index_entries, recorded_shape, shard_index

from .made_runs import FORMAT

LAYOUT = ShardLayout(FORMAT.nbytes, 4)


def test_the_index_gives_every_frame_its_place() -> None:
    entries = index_entries(shard_index(LAYOUT), LAYOUT)
    assert entries.tolist() == [[LAYOUT.offset_of(i), FORMAT.nbytes] for i in range(4)]


@given(st.data())
def test_a_damaged_index_is_refused(data: st.DataObject) -> None:
    index = bytearray(shard_index(LAYOUT))
    index[data.draw(st.integers(0, len(index) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match="checksum"):
        index_entries(bytes(index), LAYOUT)


@given(st.integers(0, 2**40))
def test_the_shape_is_read_back(frames: int) -> None:
    assert recorded_shape(array_metadata(frames, FORMAT, LAYOUT), FORMAT, LAYOUT) == frames


@pytest.mark.parametrize("key", json.loads(array_metadata(1, FORMAT, LAYOUT)))
@pytest.mark.parametrize("value", [None, 17, "other", [1], {}])
def test_other_array_metadata_is_refused(key: str, value: Any) -> None:
    changed = json.loads(array_metadata(1, FORMAT, LAYOUT)) | {key: value}
    with pytest.raises(ValueError, match="its"):
        recorded_shape(json.dumps(changed).encode(), FORMAT, LAYOUT)


@given(st.binary(max_size=100))
def test_what_is_no_metadata_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        recorded_shape(data, FORMAT, LAYOUT)


def test_time_has_a_unit_only_when_the_interval_is_known() -> None:
    def axis(interval_s: float | None) -> Any:
        return json.loads(group_metadata("run", interval_s))["attributes"]["ome"]["multiscales"][0]["axes"][0]

    assert axis(0.02) == {"name": "t", "type": "time", "unit": "second"}
    assert axis(None) == {"name": "t", "type": "time"}
