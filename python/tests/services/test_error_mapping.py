from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from macroscope.acquisition.v1.errors_pb import FolderProblem, RecordingConflict, SpaceNeeded
from macroscope.camera.v1 import errors_pb as camera_errors
from macroscope.camera.v1.errors_pb import ParameterRejected
from macroscope.configuration.v1 import errors_pb as configuration_errors
from macroscope.rpc.v1.errors_pb import FieldViolation, InvalidFields
from macroscope.workflow.v1 import errors_pb as workflow_errors
from macroscope.workflow.v1.workflow_pb import Check, Guard, Verb, WorkflowPhase
from tests.services.fake_engine import PARAMETERS

from macroscope_worker import configuration, errors
from macroscope_worker.errors import MacroscopeError
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.workflow import TransitionOvertaken, TransitionRefused

if TYPE_CHECKING:
    from protobuf import Message

FOLDER = Path("/runs/a")
GUARD = Guard(id="a_guard", reason="It is closed.", remedy="Open it.")

CASES: list[tuple[MacroscopeError, Code, Message[Any] | None]] = [
    (
        errors.CameraNotFound("x", ["a", "b"]),
        Code.NOT_FOUND,
        camera_errors.CameraNotFound(camera_id="x", known_ids=["a", "b"]),
    ),
    (
        errors.CameraUnavailable("x", "pylon", "cable"),
        Code.UNAVAILABLE,
        camera_errors.CameraUnavailable(camera_id="x", driver="pylon", cause="cable"),
    ),
    (
        errors.DriverUnavailable("pylon", "Install it."),
        Code.UNAVAILABLE,
        camera_errors.CameraUnavailable(driver="pylon", cause="Install it."),
    ),
    (errors.NoCamera(), Code.FAILED_PRECONDITION, None),
    (
        errors.ParameterNotOffered("frame_rate_hz", 5),
        Code.OUT_OF_RANGE,
        ParameterRejected(parameter="frame_rate_hz", requested=5),
    ),
    (
        errors.RecordingRunning("run", FOLDER),
        Code.FAILED_PRECONDITION,
        RecordingConflict(run_id="run", directory=str(FOLDER)),
    ),
    (
        errors.FolderExists(FOLDER),
        Code.ALREADY_EXISTS,
        FolderProblem(directory=str(FOLDER), cause="it is there already"),
    ),
    (
        errors.FolderUnwritable(FOLDER, "read-only"),
        Code.PERMISSION_DENIED,
        FolderProblem(directory=str(FOLDER), cause="read-only"),
    ),
    (
        errors.SpaceShort(FOLDER, 10, 5),
        Code.RESOURCE_EXHAUSTED,
        SpaceNeeded(directory=str(FOLDER), needed_bytes=10, free_bytes=5),
    ),
    (errors.NotARun(FOLDER, "empty"), Code.NOT_FOUND, FolderProblem(directory=str(FOLDER), cause="empty")),
    (errors.RecordingError("no"), Code.FAILED_PRECONDITION, None),
    (
        TransitionRefused(Verb.PAUSE_RUN, WorkflowPhase.REVIEW, GUARD, [Check(id="a")]),
        Code.FAILED_PRECONDITION,
        workflow_errors.TransitionRefused(
            verb=Verb.PAUSE_RUN, phase=WorkflowPhase.REVIEW, guard=GUARD, checks=[Check(id="a")]
        ),
    ),
    (
        TransitionOvertaken(Verb.START_RUN, WorkflowPhase.ACQUISITION, GUARD),
        Code.ABORTED,
        workflow_errors.TransitionRefused(verb=Verb.START_RUN, phase=WorkflowPhase.ACQUISITION, guard=GUARD),
    ),
    (configuration.UnknownPath("stimulus.colour"), Code.INVALID_ARGUMENT, None),
    (
        configuration.InvalidConfiguration(
            [configuration.BrokenRule("stimulus.gamma", "must be 1", "double.const")], "no"
        ),
        Code.INVALID_ARGUMENT,
        InvalidFields(
            message_type="macroscope.configuration.v1.Configuration",
            violations=[FieldViolation(field="stimulus.gamma", rule="double.const", message="must be 1")],
        ),
    ),
    (configuration.InvalidPresetName("con"), Code.INVALID_ARGUMENT, None),
    (
        configuration.StaleRevision(3, 5, ["stimulus.gamma"], ["Gamma"], "left window"),
        Code.ABORTED,
        configuration_errors.StaleRevision(
            base_revision=3, revision=5, changed_paths=["stimulus.gamma"], changed_by="left window"
        ),
    ),
    (
        configuration.FixedDuringRun(["stimulus.gamma"], ["Gamma"], "run"),
        Code.FAILED_PRECONDITION,
        configuration_errors.FixedDuringRun(paths=["stimulus.gamma"], run_id="run"),
    ),
    (configuration.NothingToUndo("no"), Code.FAILED_PRECONDITION, None),
    (configuration.PresetExists("a"), Code.ALREADY_EXISTS, None),
    (
        configuration.PresetUnreadable("a", "It is broken."),
        Code.FAILED_PRECONDITION,
        configuration_errors.PresetProblem(name="a", cause="It is broken."),
    ),
    (
        configuration.PresetNotFound("a"),
        Code.NOT_FOUND,
        configuration_errors.PresetProblem(
            name="a", cause="There is no preset of that name. It may have been deleted; list them again."
        ),
    ),
    (
        configuration.PresetsUnwritable("/presets", "disk full"),
        Code.PERMISSION_DENIED,
        FolderProblem(directory="/presets", cause="disk full"),
    ),
]


@pytest.mark.parametrize(("error", "code", "detail"), CASES, ids=[type(error).__name__ for error, _, _ in CASES])
def test_every_error_has_a_code_a_sentence_and_details(
    error: MacroscopeError, code: Code, detail: Message[Any] | None
) -> None:
    translated = translate(error)
    assert translated is not None
    assert (translated.code, translated.message) == (code, str(error))
    assert [entry.value(type(detail)) for entry in translated.details if detail] == ([detail] if detail else [])


@pytest.mark.parametrize("kind", [errors.ParameterOutOfRange, errors.ParameterFixed])
def test_a_rejected_setting_comes_with_what_the_camera_offers(kind: Any) -> None:
    arguments = ("exposure_us", 1.0, "10 to 20") if kind is errors.ParameterOutOfRange else ("exposure_us", 1.0)
    translated = translate(kind(*arguments), PARAMETERS)
    assert translated is not None
    assert translated.code is (Code.OUT_OF_RANGE if kind is errors.ParameterOutOfRange else Code.FAILED_PRECONDITION)
    detail = translated.details[0].value(ParameterRejected)
    assert detail is not None
    assert detail.limits is not None
    assert detail.limits.range is not None
    assert detail.limits.range.minimum == 10.0


def test_every_error_of_the_tree_is_in_the_table() -> None:
    def leaves(kind: type[MacroscopeError]) -> list[type[MacroscopeError]]:
        below = kind.__subclasses__()
        return [leaf for entry in below for leaf in leaves(entry)] if below else [kind]

    tried = {type(error) for error, _, _ in CASES} | {errors.ParameterOutOfRange, errors.ParameterFixed}
    modules = (errors.__name__, configuration.ConfigurationError.__module__)
    own = {kind for kind in leaves(MacroscopeError) if kind.__module__ in modules}
    assert own <= tried


def test_a_bug_is_none_of_them() -> None:
    assert translate(KeyError("bug")) is None
