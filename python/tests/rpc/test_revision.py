from __future__ import annotations

from macroscope.acquisition.v1 import acquisition_pb
from macroscope.camera.v1 import camera_pb
from macroscope.diagnostics.v1.diagnostics_pb import FloodResponse

from macroscope_worker.rpc.revision import revision_of, revision_path


def test_finds_the_revision_of_states_in_answers() -> None:
    for file in (acquisition_pb, camera_pb):
        answers = [method.output.type for service in file.desc().services for method in service.methods]
        assert any(revision_path(answer) for answer in answers)


def test_a_message_without_one_has_none() -> None:
    assert revision_path(FloodResponse) == ()
    assert revision_of(FloodResponse(index=3)) is None


def test_reads_it_where_it_is_and_none_where_its_message_is_not_set() -> None:
    answers = {
        method.output.type
        for service in camera_pb.desc().services
        for method in service.methods
        if len(revision_path(method.output.type)) > 1
    }
    assert answers
    for answer in answers:
        assert revision_of(answer()) is None
