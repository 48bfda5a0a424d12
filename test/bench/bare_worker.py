"""The bare end of the bench's chains: a socket and nothing of the protocol, to compare the protocol with.

Listens on a Unix-domain socket, takes one peer, and reads requests of 16 bytes: a letter, three bytes of nothing, and three u32 (little-endian).
`E` echoes that many bytes that follow; `F` sends blocks: count, block size, and blocks in flight; the peer writes one byte for each it has passed on.
"""

from __future__ import annotations

import socket
import struct
import sys


def read_exactly(peer: socket.socket, size: int) -> bytes:
    """Read `size` bytes.

    Raises
    ------
    EOFError
        The peer has gone.
    """
    parts = bytearray()
    while len(parts) < size:
        part = peer.recv(size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def serve(peer: socket.socket) -> None:
    """Answer one peer until it goes."""
    while True:
        letter, first, second, third = struct.unpack("<c3xIII", read_exactly(peer, 16))
        if letter == b"E":
            peer.sendall(read_exactly(peer, first))
            continue
        count, size, in_flight = first, second, third
        block = bytes(size)
        acknowledged = 0
        for sent in range(count):
            while sent - acknowledged >= in_flight:
                acknowledged += len(peer.recv(4096))
            peer.sendall(block)
        while acknowledged < count:
            acknowledged += len(peer.recv(4096))


def main(path: str) -> None:
    """Listen on `path` for one peer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen(1)
        print("listening", flush=True)
        peer, _ = listener.accept()
        with peer:
            try:
                serve(peer)
            except EOFError:
                return


if __name__ == "__main__":
    main(sys.argv[1])
