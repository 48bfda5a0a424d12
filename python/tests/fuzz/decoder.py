"""Answers for the fuzzer: python -m tests.fuzz.decoder. Batches come on stdin, verdicts go to stdout, a line each.

A batch: its length, what is asked, the number of items; an item: the number of its frames; a frame: its length and its
bytes. All numbers are little-endian, 32 bits, what is asked is a byte.
"""

from __future__ import annotations

import asyncio
import logging
import struct
import sys
from typing import TYPE_CHECKING

from tests.fuzz.client_ear import heard_by_client
from tests.fuzz.server_ear import heard_by_server
from tests.fuzz.verdict import verdict_of
from tests.simulation.virtual_loop import VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAMES, WHOLE_FRAMES, SERVER, CLIENT = range(4)
_LOOP = VirtualLoop()


def answer(question: int, items: list[list[bytes]]) -> list[str]:
    """A verdict for each item."""
    if question in (FRAMES, WHOLE_FRAMES):
        return [verdict_of(frames[0], whole=question == WHOLE_FRAMES) for frames in items]
    return [_heard(question, frames) for frames in items]


def _heard(question: int, frames: list[bytes]) -> str:
    """What is heard of a sequence; whatever else is raised is a fault of ours."""
    try:
        if question == CLIENT:
            return heard_by_client(frames)
        # A moment is one sequence: time passes between them, or the loop takes them all for something that never ends.
        _LOOP.now_ns += 1
        _LOOP.new_moment()
        return _LOOP.run_until_complete(heard_by_server(frames))
    except Exception as error:
        return f"crash: {type(error).__name__} {error}".replace("\n", " ")


def main() -> None:
    """Answer until stdin ends."""
    logging.disable()
    asyncio.set_event_loop(_LOOP)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(4):
        block = source.read(*struct.unpack("<I", header))
        text = "\n".join(answer(block[0], list(_items(block)))).encode()
        sink.write(struct.pack("<I", len(text)) + text)
        sink.flush()


def _items(block: bytes) -> Iterator[list[bytes]]:
    at = 1

    def number() -> int:
        nonlocal at
        at += 4
        return int(struct.unpack_from("<I", block, at - 4)[0])

    for _ in range(number()):
        frames = []
        for _ in range(number()):
            length = number()
            frames.append(block[at : at + length])
            at += length
        yield frames


if __name__ == "__main__":
    main()
