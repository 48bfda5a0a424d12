"""What released versions said, as test/vectors/record-release.ts wrote it down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macroscope.rpc.v1.frame_pb import Envelope
from macroscope.rpc.v1.link_pb import LinkEnvelope

RELEASES = Path(__file__).parents[3] / "test" / "vectors" / "releases"


@dataclass(frozen=True)
class RecordedFrame:
    """A frame as it was sent."""

    from_client: bool
    data: bytes

    @property
    def envelope(self) -> Envelope | LinkEnvelope:
        """What stands in it."""
        return envelope_of(self.data)


@dataclass(frozen=True)
class Recording:
    """A session between two programs of a release."""

    name: str
    calls: list[dict[str, Any]]
    frames: list[RecordedFrame]


def envelope_of(frame: bytes) -> Envelope | LinkEnvelope:
    """The envelope of a frame, read by hand."""
    of_link = int.from_bytes(frame[4:8], "little") == 0
    data = frame[16 : 16 + int.from_bytes(frame[8:12], "little")]
    return LinkEnvelope.from_binary(data) if of_link else Envelope.from_binary(data)


def recordings() -> list[Recording]:
    """All recordings of all releases."""
    return [_recording(path) for path in sorted(RELEASES.glob("*/*.jsonl"))]


def _recording(path: Path) -> Recording:
    first, *lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    frames = [RecordedFrame(line["from"] == "client", _bytes_of(line)) for line in lines]
    return Recording(f"{path.parent.name} {path.stem}", first["calls"], frames)


def _bytes_of(line: dict[str, Any]) -> bytes:
    head, tail = bytes.fromhex(line["head"]), line.get("tail", {"hex": ""})
    return head + (bytes.fromhex(tail["hex"]) if "hex" in tail else bytes([tail["repeated"]]) * tail["bytes"])
