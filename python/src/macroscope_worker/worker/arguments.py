"""The command line of the worker process."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from platformdirs import user_documents_path

from macroscope_worker.rpc.websocket_admission import checked_origin

if TYPE_CHECKING:
    from collections.abc import Sequence

_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the worker was told. The token is not among it: it comes through stdin, where nobody else can read it."""

    runtime_directory: Path
    recordings_directory: Path
    data_directory: Path
    """Where the settings and their presets are kept."""
    camera: str
    linger_s: float
    resume: bool
    websocket_port: int | None
    """Where to listen for browsers: 0 is any port, None not at all."""
    websocket_origins: tuple[str, ...]


def parse_arguments(argv: Sequence[str] | None = None) -> Arguments:
    """Read the command line; exits with a message when it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m macroscope_worker",
        description='The acquisition worker of Macroscope. Macroscope starts it; it reads {"token": ...} from stdin.',
    )
    parser.add_argument(
        "--runtime-directory",
        type=Path,
        required=True,
        help="where worker.json is written, which says how to reach the worker",
    )
    parser.add_argument(
        "--recordings-directory",
        type=Path,
        default=user_documents_path() / "Macroscope",
        help="where run folders are made when a request names no folder (%(default)s)",
    )
    parser.add_argument(
        "--data-directory",
        type=Path,
        default=None,
        help="where the settings and their presets are kept; by default the runtime directory",
    )
    parser.add_argument(
        "--camera", default="", help="id of the camera to open at once; by default the first simulated one"
    )
    parser.add_argument(
        "--linger-s",
        type=float,
        default=5.0,
        help="seconds that the worker waits, without host, client and recording, before it ends (%(default)s)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="open the camera that was live when the last worker ended, as it was set, instead of the first one",
    )
    parser.add_argument(
        "--websocket-port",
        type=_port,
        default=None,
        help="listen for browsers too, on this port of the loopback, 0 for any; websocket.json tells the rest",
    )
    parser.add_argument(
        "--websocket-origin",
        type=_origin,
        action="append",
        default=[],
        metavar="ORIGIN",
        help="origin of a page that may dial the WebSocket, such as http://127.0.0.1:5173; may be given several times",
    )
    values = parser.parse_args(argv)
    if not values.linger_s >= 0:
        parser.error("--linger-s cannot be negative")
    if values.websocket_origin and values.websocket_port is None:
        parser.error("--websocket-origin means nothing without --websocket-port")
    return Arguments(
        runtime_directory=values.runtime_directory,
        recordings_directory=values.recordings_directory,
        data_directory=values.data_directory or values.runtime_directory,
        camera=values.camera,
        linger_s=values.linger_s,
        resume=values.resume,
        websocket_port=values.websocket_port,
        websocket_origins=tuple(values.websocket_origin),
    )


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else -1
    if not 0 <= port <= _HIGHEST_PORT:
        msg = f"{text!r} is no port; one is 0 to {_HIGHEST_PORT}."
        raise argparse.ArgumentTypeError(msg)
    return port


def _origin(text: str) -> str:
    try:
        return checked_origin(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
