"""The one table from the domain's errors to codes and typed details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.acquisition.v1.errors_pb import FolderProblem, RecordingConflict, SpaceNeeded
from macroscope.camera.v1 import errors_pb as camera_errors
from macroscope.camera.v1.errors_pb import ParameterRejected
from macroscope.configuration.v1 import errors_pb as configuration_errors
from macroscope.configuration.v1.settings_pb import Configuration
from macroscope.rpc.v1.errors_pb import FieldViolation, InvalidFields
from macroscope.workflow.v1 import errors_pb as workflow_errors

from macroscope_worker.acquisition import CommandCanceled
from macroscope_worker.configuration import (
    FixedDuringRun,
    InvalidConfiguration,
    InvalidPresetName,
    NothingToUndo,
    PresetExists,
    PresetNotFound,
    PresetsUnwritable,
    PresetUnreadable,
    StaleRevision,
    UnknownPath,
)
from macroscope_worker.errors import (
    CameraNotFound,
    CameraUnavailable,
    DriverUnavailable,
    FolderExists,
    FolderUnwritable,
    MacroscopeError,
    NoCamera,
    NotARun,
    ParameterError,
    ParameterFixed,
    ParameterNotOffered,
    ParameterOutOfRange,
    RecordingRunning,
    SpaceShort,
)
from macroscope_worker.imaging import NoFrame, ReferenceNotFound, RegionNotFound, RegionOutside, RegionsFull
from macroscope_worker.notifications import NotificationNotFound
from macroscope_worker.stimulus import DisplayAttached
from macroscope_worker.workflow import TransitionOvertaken, TransitionRefused

from .settings_translation import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protobuf import Message

    from macroscope_worker.cameras import Parameter

    Details = Callable[[Any], list[Message[Any]]]


def _none(_error: Any) -> list[Message[Any]]:
    return []


def _camera_not_found(error: CameraNotFound) -> list[Message[Any]]:
    return [camera_errors.CameraNotFound(camera_id=error.camera_id, known_ids=list(error.known_ids))]


def _camera_unavailable(error: CameraUnavailable) -> list[Message[Any]]:
    return [camera_errors.CameraUnavailable(camera_id=error.camera_id, driver=error.driver, cause=error.cause)]


def _driver_unavailable(error: DriverUnavailable) -> list[Message[Any]]:
    return [camera_errors.CameraUnavailable(driver=error.driver, cause=error.reason)]


def _parameter(error: ParameterError) -> list[Message[Any]]:
    return [ParameterRejected(parameter=error.parameter, requested=error.requested)]


def _conflict(error: RecordingRunning) -> list[Message[Any]]:
    return [RecordingConflict(run_id=error.run_id, directory=str(error.directory))]


def _folder(error: FolderUnwritable | NotARun) -> list[Message[Any]]:
    return [FolderProblem(directory=str(error.directory), cause=error.cause)]


def _folder_exists(error: FolderExists) -> list[Message[Any]]:
    return [FolderProblem(directory=str(error.directory), cause="it is there already")]


def _space(error: SpaceShort) -> list[Message[Any]]:
    return [SpaceNeeded(directory=str(error.directory), needed_bytes=error.needed_bytes, free_bytes=error.free_bytes)]


def _refused(error: TransitionRefused) -> list[Message[Any]]:
    return [
        workflow_errors.TransitionRefused(
            verb=error.verb, phase=error.phase, guard=error.guard, checks=list(error.checks)
        )
    ]


def _stale(error: StaleRevision) -> list[Message[Any]]:
    return [
        configuration_errors.StaleRevision(
            base_revision=error.base_revision,
            revision=error.revision,
            changed_paths=list(error.paths),
            changed_by=error.changed_by,
        )
    ]


def _fixed(error: FixedDuringRun) -> list[Message[Any]]:
    return [configuration_errors.FixedDuringRun(paths=list(error.paths), run_id=error.run_id)]


def _broken_rules(error: InvalidConfiguration) -> list[Message[Any]]:
    violations = [FieldViolation(field=rule.path, rule=rule.rule_id, message=rule.message) for rule in error.broken]
    return [InvalidFields(message_type=Configuration.desc().type_name, violations=violations)]


def _preset(error: PresetUnreadable) -> list[Message[Any]]:
    return [configuration_errors.PresetProblem(name=error.name, cause=error.cause)]


def _presets_folder(error: PresetsUnwritable) -> list[Message[Any]]:
    return [FolderProblem(directory=error.directory, cause=error.cause)]


_TABLE: Mapping[type[MacroscopeError], tuple[Code, Details]] = {
    CameraNotFound: (Code.NOT_FOUND, _camera_not_found),
    CameraUnavailable: (Code.UNAVAILABLE, _camera_unavailable),
    DriverUnavailable: (Code.UNAVAILABLE, _driver_unavailable),
    NoCamera: (Code.FAILED_PRECONDITION, _none),
    ParameterOutOfRange: (Code.OUT_OF_RANGE, _parameter),
    ParameterNotOffered: (Code.OUT_OF_RANGE, _parameter),
    ParameterFixed: (Code.FAILED_PRECONDITION, _parameter),
    ParameterError: (Code.OUT_OF_RANGE, _parameter),
    RecordingRunning: (Code.FAILED_PRECONDITION, _conflict),
    FolderExists: (Code.ALREADY_EXISTS, _folder_exists),
    FolderUnwritable: (Code.PERMISSION_DENIED, _folder),
    SpaceShort: (Code.RESOURCE_EXHAUSTED, _space),
    NotARun: (Code.NOT_FOUND, _folder),
    UnknownPath: (Code.INVALID_ARGUMENT, _none),
    InvalidConfiguration: (Code.INVALID_ARGUMENT, _broken_rules),
    InvalidPresetName: (Code.INVALID_ARGUMENT, _none),
    StaleRevision: (Code.ABORTED, _stale),
    FixedDuringRun: (Code.FAILED_PRECONDITION, _fixed),
    NothingToUndo: (Code.FAILED_PRECONDITION, _none),
    PresetExists: (Code.ALREADY_EXISTS, _none),
    PresetNotFound: (Code.NOT_FOUND, _preset),
    PresetUnreadable: (Code.FAILED_PRECONDITION, _preset),
    PresetsUnwritable: (Code.PERMISSION_DENIED, _presets_folder),
    CommandCanceled: (Code.CANCELED, _none),
    TransitionRefused: (Code.FAILED_PRECONDITION, _refused),
    TransitionOvertaken: (Code.ABORTED, _refused),
    DisplayAttached: (Code.ALREADY_EXISTS, _none),
    NotificationNotFound: (Code.NOT_FOUND, _none),
    NoFrame: (Code.FAILED_PRECONDITION, _none),
    RegionNotFound: (Code.NOT_FOUND, _none),
    RegionOutside: (Code.INVALID_ARGUMENT, _none),
    RegionsFull: (Code.RESOURCE_EXHAUSTED, _none),
    ReferenceNotFound: (Code.NOT_FOUND, _none),
    # Whatever else the domain raises on purpose.
    MacroscopeError: (Code.FAILED_PRECONDITION, _none),
}


def translate(error: Exception, parameters: Mapping[str, Parameter] | None = None) -> ConnectError | None:
    """The error as the caller sees it; None when it is no error of the domain, but a bug.

    `parameters` of the live camera complete the details of a rejected setting.
    """
    for kind in type(error).__mro__:
        if kind in _TABLE:
            code, details = _TABLE[kind]
            messages = details(error)
            for message in messages:
                if isinstance(message, ParameterRejected) and parameters and message.parameter in parameters:
                    message.limits = limits(parameters[message.parameter])
            return ConnectError(code, str(error), messages)
    return None
