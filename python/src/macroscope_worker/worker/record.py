"""worker.json: how a host finds a running worker again. It holds the token, so only its owner may read it."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from macroscope_worker.whole_file import write_whole

RECORD_NAME: Final = "worker.json"


@dataclass(frozen=True, slots=True)
class WorkerRecord:
    """What a worker says of itself."""

    pid: int
    endpoint: str
    token: str
    epoch: int
    session: str
    build: str
    started_unix_ns: int

    def write(self, directory: Path) -> None:
        """Write the record into the folder in one step, durable, and clear up after a killed worker. Raises OSError."""
        _remove_dead_endpoint(directory / RECORD_NAME)
        write_whole(directory / RECORD_NAME, json.dumps(asdict(self)))

    def remove(self, directory: Path) -> None:
        """Remove the record, unless another worker has replaced it."""
        path = directory / RECORD_NAME
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(found, dict) and found.get("token") == self.token:
                path.unlink()


def _remove_dead_endpoint(path: Path) -> None:
    """Remove the socket that the record names, with its folder, when nobody listens on it any more."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        endpoint = found.get("endpoint") if isinstance(found, dict) else None
        if sys.platform == "win32" or not isinstance(endpoint, str) or not Path(endpoint).is_socket():
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(0)
            try:
                sock.connect(endpoint)
            except ConnectionRefusedError:
                Path(endpoint).unlink()
                Path(endpoint).parent.rmdir()
