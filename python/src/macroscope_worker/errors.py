"""What can go wrong in the worker, as a tree of exceptions that know nothing of the protocol.

`services` maps each to one of the 16 codes and to typed details. Messages are sentences that an operator can act on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class MacroscopeError(Exception):
    """Base of all errors that the worker raises on purpose."""


class CameraError(MacroscopeError):
    """Something about a camera."""


class DriverUnavailable(CameraError):
    """A driver cannot work here: its SDK is missing, or its plug-in is broken."""

    def __init__(self, driver: str, reason: str) -> None:
        super().__init__(reason)
        self.driver = driver
        self.reason = reason


class CameraNotFound(CameraError):
    """No driver knows a camera of this id."""

    def __init__(self, camera_id: str, known_ids: Sequence[str] = ()) -> None:
        known = f"There are: {', '.join(known_ids)}." if known_ids else "No cameras were found."
        super().__init__(f"There is no camera {camera_id!r}. {known} List the cameras again if it was just connected.")
        self.camera_id = camera_id
        self.known_ids = tuple(known_ids)


class CameraUnavailable(CameraError):
    """A camera did not open, or was lost while it was open."""

    def __init__(self, camera_id: str, driver: str, cause: str) -> None:
        super().__init__(
            f"The camera {camera_id!r} does not answer: {cause}. "
            "Check its cable, its power, and other programs that use it."
        )
        self.camera_id = camera_id
        self.driver = driver
        self.cause = cause


class NoCamera(CameraError):
    """Nothing is live."""

    def __init__(self) -> None:
        super().__init__("No camera is live. Choose one from the list first.")


class ParameterError(CameraError):
    """A value that the camera does not take. `parameter` is the path of the setting."""

    def __init__(self, message: str, parameter: str, requested: float) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.requested = requested


class ParameterOutOfRange(ParameterError):
    """Outside what the camera offers now."""

    def __init__(self, parameter: str, requested: float, offered: str) -> None:
        super().__init__(
            f"{parameter} cannot be {requested:g}: this camera offers {offered} now.", parameter, requested
        )


class ParameterNotOffered(ParameterError):
    """The camera does not have it, or only reads it out."""

    def __init__(self, parameter: str, requested: float, reason: str = "") -> None:
        super().__init__(
            f"{parameter} cannot be set: {reason or 'this camera does not have it'}.", parameter, requested
        )


class ParameterFixed(ParameterError):
    """A recording holds it fixed."""

    def __init__(self, parameter: str, requested: float) -> None:
        super().__init__(
            f"{parameter} cannot change while a recording runs. Stop the recording first.", parameter, requested
        )


class RecordingError(MacroscopeError):
    """Something about a recording."""


class RecordingRunning(RecordingError):
    """One runs already."""

    def __init__(self, run_id: str, directory: Path) -> None:
        super().__init__(f"The recording {run_id!r} is running. Stop it first.")
        self.run_id = run_id
        self.directory = directory


class FolderExists(RecordingError):
    """The run folder is there already; it is never written twice."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"The run folder {directory} is there already and is not written into. Choose another name.")
        self.directory = directory


class FolderUnwritable(RecordingError):
    """The disk or folder refuses."""

    def __init__(self, directory: Path, cause: str) -> None:
        super().__init__(f"Nothing can be written in {directory}: {cause}. Choose another folder or free this one.")
        self.directory = directory
        self.cause = cause


class SpaceShort(RecordingError):
    """The planned run does not fit on the disk."""

    def __init__(self, directory: Path, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(
            f"The run needs {needed_bytes / 1e9:.2f} GB in {directory}, and {free_bytes / 1e9:.2f} GB are free. "
            "Free some space, choose another folder, or plan fewer frames."
        )
        self.directory = directory
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


class NotARun(RecordingError):
    """The folder does not hold a recording of this program."""

    def __init__(self, directory: Path, cause: str) -> None:
        super().__init__(f"{directory} is not a run folder: {cause}.")
        self.directory = directory
        self.cause = cause
