"""Arguments, and which command they mean."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from macroscope_worker.cli._cameras import list_cameras
from macroscope_worker.cli._events import show_events
from macroscope_worker.cli._exit_code import EXIT_CODES_HELP, ExitCode, exit_code_of
from macroscope_worker.cli._output import Output
from macroscope_worker.cli._record import record
from macroscope_worker.cli._settings import parse_setting
from macroscope_worker.cli._traffic import traffic
from macroscope_worker.cli._verify import verify_run
from macroscope_worker.errors import MacroscopeError
from macroscope_worker.recording import software_version

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; the exit code. With `--json`, the process's stdout stays turned to stderr afterwards."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s"
    )
    output = Output(as_json=options.json)
    try:
        return int(options.command(options, output))
    except MacroscopeError as error:
        output.fail(type(error).__name__, str(error))
        return exit_code_of(error)
    except KeyboardInterrupt:
        output.fail("Interrupted", "Stopped before anything was recorded.")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return ExitCode.PROGRAM
    except Exception as error:
        logging.getLogger(__name__).exception("The command failed")
        output.fail(type(error).__name__, f"A fault of the program: {error!r}. --verbose shows more; please report it.")
        return ExitCode.PROGRAM


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="macroscope",
        description="Macroscope's cameras and recordings without a window.",
        epilog=EXIT_CODES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"macroscope {software_version()}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print exactly one JSON document on stdout")
    common.add_argument("--verbose", action="store_true", help="print log lines on stderr")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            parents=[common],
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=EXIT_CODES_HELP,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    cameras = command("cameras", "list the cameras, and the drivers that cannot work here")
    cameras.add_argument("--rescan", action="store_true", help="ask the drivers again")
    cameras.set_defaults(command=list_cameras)

    recording = command("record", "record a camera to disk")
    recording.add_argument(
        "--camera", required=True, metavar="ID", help="id of the camera, as `macroscope cameras` lists it"
    )
    recording.add_argument(
        "--frames", required=True, type=_frames, metavar="N", help="stop after so many frames; 0 is until Ctrl-C"
    )
    recording.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder to make the run folder in; made when missing"
    )
    recording.add_argument("--name", default="run", metavar="NAME", help="ends the run folder's name (default: run)")
    recording.add_argument(
        "--set",
        action="append",
        default=[],
        type=parse_setting,
        dest="settings",
        metavar="NAME=VALUE",
        help="change a setting first, such as exposure_us=20000 or pixel_format=mono12; may be repeated",
    )
    recording.set_defaults(command=record)

    counts = command("traffic", "show what travels between the running worker and whoever is connected with it")
    counts.add_argument(
        "--runtime-directory",
        type=Path,
        metavar="DIR",
        help="where the worker has left its record (default: the application's)",
    )
    counts.set_defaults(command=traffic)

    events = command("events", "show what the journal of a run has beside the frames")
    events.add_argument("run", type=Path, metavar="RUN", help="the run folder, or an events.mcap")
    events.add_argument("--topic", metavar="TOPIC", help="print the messages of a topic, such as /workflow")
    events.set_defaults(command=show_events)

    verifying = command("verify", "check every frame of a run, its metadata and its journal")
    verifying.add_argument("run", type=Path, metavar="RUN", help="the run folder")
    verifying.set_defaults(command=verify_run)
    return parser


def _frames(text: str) -> int:
    frames = int(text)
    if not 0 <= frames <= 100_000_000:
        raise argparse.ArgumentTypeError("must be from 0 to 100000000")
    return frames


if __name__ == "__main__":
    sys.exit(main())
