from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from macroscope.acquisition.v1.errors_pb import FolderProblem, RecordingConflict, SpaceNeeded
from macroscope.camera.v1 import errors_pb as camera_errors
from macroscope.camera.v1.errors_pb import ParameterRejected
from tests.services.fake_engine import PARAMETERS

from macroscope_worker import errors
from macroscope_worker.errors import MacroscopeError
from macroscope_worker.services.error_mapping import translate

if TYPE_CHECKING:
    from protobuf import Message

FOLDER = Path("/runs/a")

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
    own = {kind for kind in leaves(MacroscopeError) if kind.__module__ == errors.__name__}
    assert own <= tried


def test_a_bug_is_none_of_them() -> None:
    assert translate(KeyError("bug")) is None
