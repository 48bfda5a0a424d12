"""What the console script tells a shell."""

from __future__ import annotations

from enum import IntEnum

from macroscope_worker.errors import (
    CameraError,
    FolderExists,
    FolderUnwritable,
    MacroscopeError,
    NotARun,
    ParameterError,
    SpaceShort,
)

EXIT_CODES_HELP = """\
exit codes:
  0    good
  1    verification found problems, or the run is incomplete or failed; a recording failed; no worker answers
  2    the command line is wrong, or the camera does not take a value
  3    there is no such camera, or it does not answer
  4    the disk: not enough space, a folder that cannot be written or is no run
  5    a fault of the program itself
  130  stopped by Ctrl-C before the planned frames were there; the run is kept and complete"""


class ExitCode(IntEnum):
    """Stable: scripts build on them."""

    GOOD = 0
    FAILED = 1
    USAGE = 2
    CAMERA = 3
    DISK = 4
    PROGRAM = 5
    INTERRUPTED = 130


def exit_code_of(error: MacroscopeError) -> ExitCode:
    """The code of an error that ended a command."""
    if isinstance(error, ParameterError):
        return ExitCode.USAGE
    if isinstance(error, CameraError):
        return ExitCode.CAMERA
    if isinstance(error, SpaceShort | FolderExists | FolderUnwritable | NotARun):
        return ExitCode.DISK
    return ExitCode.USAGE
