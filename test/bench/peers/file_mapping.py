"""A peer of the bench: frames in a mapped file, and a socket that says which slot is new.

Asked with a u32 (little-endian) for so many frames, it writes each into a free slot and sends the slot's number as one byte;
the same byte back frees the slot.
"""

from __future__ import annotations

import json
import mmap
import socket
import struct
import sys
import tempfile
from collections import deque
from pathlib import Path


def serve(peer: socket.socket, mapped: mmap.mmap, frame_bytes: int, slots: int) -> None:
    """Answer one peer until it goes."""
    frame = b"\xa5" * frame_bytes
    while request := peer.recv(4):
        (frames,) = struct.unpack("<I", request)
        free = deque(range(slots))
        for _ in range(frames):
            while not free:
                free.extend(peer.recv(64))
            slot = free.popleft()
            mapped[slot * frame_bytes : (slot + 1) * frame_bytes] = frame
            peer.sendall(bytes([slot]))
        while len(free) < slots:
            free.extend(peer.recv(64))


def main(frame_bytes: int, slots: int) -> None:
    """Make the file, listen for one peer, and say where on the first line."""
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX) as listener:
        endpoint, file = Path(directory) / "notes.sock", Path(directory) / "frames"
        listener.bind(str(endpoint))
        listener.listen(1)
        with file.open("w+b") as opened:
            opened.truncate(frame_bytes * slots)
            with mmap.mmap(opened.fileno(), frame_bytes * slots) as mapped:
                print(json.dumps({"endpoint": str(endpoint), "mapped": str(file)}), flush=True)
                peer, _ = listener.accept()
                with peer:
                    serve(peer, mapped, frame_bytes, slots)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
