"""A peer of the bench: gRPC. Frames and calls are bytes as they are, without a protobuf message around them."""

from __future__ import annotations

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_LIMIT = -1


def stream(requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
    """Send frames as the first request says; each further request frees the place of one."""
    del context
    work = json.loads(next(requests))
    frame = b"\xa5" * work["bytes"]
    acknowledged = 0
    for sent in range(work["messages"]):
        while sent - acknowledged >= work["inFlight"]:
            next(requests)
            acknowledged += 1
        yield frame
    while acknowledged < work["messages"]:
        next(requests)
        acknowledged += 1


def echo(request: bytes, context: Any) -> bytes:
    """Answer with the request."""
    del context
    return request


def main() -> None:
    """Listen on a socket of its own, say where on the first line, and serve until stdin ends."""
    options = [("grpc.max_send_message_length", NO_LIMIT), ("grpc.max_receive_message_length", NO_LIMIT)]
    server = grpc.server(ThreadPoolExecutor(4), options=options)
    handlers = {
        "Stream": grpc.stream_stream_rpc_method_handler(stream),
        "Echo": grpc.unary_unary_rpc_method_handler(echo),
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("bench.Frames", handlers)])
    with tempfile.TemporaryDirectory() as directory:
        address = f"unix:{directory}/grpc.sock"
        server.add_insecure_port(address)
        server.start()
        print(address, flush=True)
        sys.stdin.read()
        server.stop(None)


if __name__ == "__main__":
    main()
