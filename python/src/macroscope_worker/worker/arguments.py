"""The command line of the worker process."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_documents_path

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the worker was told. The token is not among it: it comes through stdin, where nobody else can read it."""

    runtime_directory: Path
    recordings_directory: Path
    camera: str
    linger_s: float
    resume: bool


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
    values = parser.parse_args(argv)
    if not values.linger_s >= 0:
        parser.error("--linger-s cannot be negative")
    return Arguments(
        runtime_directory=values.runtime_directory,
        recordings_directory=values.recordings_directory,
        camera=values.camera,
        linger_s=values.linger_s,
        resume=values.resume,
    )
