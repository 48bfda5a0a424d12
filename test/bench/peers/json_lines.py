"""A peer of the bench: JSON lines on stdin and stdout, frames in base64."""

from __future__ import annotations

import base64
import json
import sys


def put(line: dict[str, object]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(line))
    sys.stdout.write("\n")
    sys.stdout.flush()


def stream(messages: int, frame_bytes: int, in_flight: int) -> None:
    """Send frames; each line that comes frees the place of one."""
    frame = b"\xa5" * frame_bytes
    acknowledged = 0
    for sent in range(messages):
        while sent - acknowledged >= in_flight:
            sys.stdin.readline()
            acknowledged += 1
        put({"index": sent, "frame": base64.b64encode(frame).decode("ascii")})
    while acknowledged < messages:
        sys.stdin.readline()
        acknowledged += 1


def main() -> None:
    """Answer until stdin ends."""
    while line := sys.stdin.readline():
        request = json.loads(line)
        if "echo" in request:
            put({"answer": request["echo"]})
        else:
            stream(request["messages"], request["bytes"], request["inFlight"])


if __name__ == "__main__":
    main()
