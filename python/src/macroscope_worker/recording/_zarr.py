"""The Zarr v3 and OME-Zarr 0.5 metadata of a run, and the index at the head of every shard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.recording._checksum import crc32c
from macroscope_worker.recording._layout import FRAMES_ARRAY

if TYPE_CHECKING:
    import numpy.typing as npt

    from macroscope_worker.recording._layout import RecordedFormat, ShardLayout

AXES = ("t", "y", "x")


def group_metadata(name: str, frame_interval_s: float | None) -> bytes:
    """`frames.zarr/zarr.json`. Pixel sizes are not known here, so y and x have the scale 1 and no unit."""
    time_axis = {"name": "t", "type": "time"} | ({"unit": "second"} if frame_interval_s else {})
    scale = {"type": "scale", "scale": [frame_interval_s or 1.0, 1.0, 1.0]}
    multiscale = {
        "name": name,
        "axes": [time_axis, {"name": "y", "type": "space"}, {"name": "x", "type": "space"}],
        "datasets": [{"path": FRAMES_ARRAY, "coordinateTransformations": [scale]}],
    }
    return _encode(
        {
            "zarr_format": 3,
            "node_type": "group",
            "attributes": {"ome": {"version": "0.5", "multiscales": [multiscale]}},
        }
    )


def array_metadata(frames: int, frame_format: RecordedFormat, layout: ShardLayout) -> bytes:
    """`frames.zarr/0/zarr.json` of an array of so many frames."""
    little = {"name": "bytes", "configuration": {"endian": "little"}}
    sharding = {
        "chunk_shape": [1, frame_format.height_px, frame_format.width_px],
        "codecs": [little],
        "index_codecs": [little, {"name": "crc32c"}],
        "index_location": "start",
    }
    return _encode(
        {
            "zarr_format": 3,
            "node_type": "array",
            "shape": [frames, frame_format.height_px, frame_format.width_px],
            "data_type": "uint8" if frame_format.bytes_per_pixel == 1 else "uint16",
            "chunk_grid": {
                "name": "regular",
                "configuration": {"chunk_shape": [layout.frames, frame_format.height_px, frame_format.width_px]},
            },
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "fill_value": 0,
            "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
            "attributes": {"significant_bits": frame_format.significant_bits},
            "dimension_names": list(AXES),
        }
    )


def shard_index(layout: ShardLayout) -> bytes:
    """The index of a whole shard, written before its first frame: offset and length of every slot, and their CRC32C."""
    entries = np.empty((layout.frames, 2), "<u8")
    entries[:, 0] = layout.head_bytes + np.arange(layout.frames, dtype=np.uint64) * layout.slot_bytes
    entries[:, 1] = layout.frame_bytes
    data = entries.tobytes()
    return data + crc32c(data).to_bytes(4, "little")


def recorded_shape(metadata: bytes, frame_format: RecordedFormat, layout: ShardLayout) -> int:
    """How many frames an array's `zarr.json` counts.

    Raises
    ------
    ValueError
        It is not what this program writes for such frames; the message says how it differs.
    """
    try:
        found: Any = json.loads(metadata)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({error})") from error
    shape = found.get("shape") if isinstance(found, dict) else None
    if not isinstance(shape, list) or len(shape) != len(AXES) or type(shape[0]) is not int or shape[0] < 0:
        raise ValueError(f"its shape is {shape!r}")
    expected = json.loads(array_metadata(shape[0], frame_format, layout))
    for key, value in expected.items():
        if found.get(key) != value:
            raise ValueError(f"its {key} is {found.get(key)!r}, where {value!r} was expected")
    return shape[0]


def index_entries(data: bytes, layout: ShardLayout) -> npt.NDArray[np.uint64]:
    """Parse the index of a shard: rows of offset and length.

    Raises
    ------
    ValueError
        It is cut short or its checksum is wrong.
    """
    size = 16 * layout.frames
    if len(data) < size + 4:
        raise ValueError("the index is cut short")
    if crc32c(data[:size]) != int.from_bytes(data[size : size + 4], "little"):
        raise ValueError("the index has a wrong checksum")
    return np.frombuffer(data, "<u8", 2 * layout.frames).reshape(layout.frames, 2)


def _encode(metadata: dict[str, Any]) -> bytes:
    return json.dumps(metadata, indent=2, ensure_ascii=False).encode() + b"\n"
