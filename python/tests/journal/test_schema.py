from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from macroscope.camera.v1.camera_pb import CameraState
from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.workflow.v1.workflow_pb import WorkflowState
from protobuf import Registry
from protobuf._file_registry import add_file
from protobuf.wkt import FileDescriptorSet
from tests.stimulus.made_flips import flips

from macroscope_worker.journal import TOPICS
from macroscope_worker.journal._schema import descriptor_set

if TYPE_CHECKING:
    from protobuf import Message


def registry_of(message_type: type[Message[Any]]) -> Registry:
    """What a reader makes of the set that knows nothing else."""
    registry = Registry()
    for file in FileDescriptorSet.from_binary(descriptor_set(message_type)).file:
        add_file(registry, file, None)
    return registry


@pytest.mark.parametrize("message_type", [*TOPICS.values()], ids=lambda kind: kind.desc().name)
def test_stands_by_itself_and_without_rules(message_type: type[Message[Any]]) -> None:
    files = FileDescriptorSet.from_binary(descriptor_set(message_type)).file
    names = [file.name for file in files]
    for number, file in enumerate(files):
        # Each file is behind those it needs, as readers want it.
        assert set(file.dependency) <= set(names[:number])
        assert not file.service
        assert file.options is None
    assert not {"buf/validate/validate.proto", "google/protobuf/descriptor.proto"} & set(names)
    assert registry_of(message_type).message(message_type.desc().type_name) is not None
    assert len(descriptor_set(message_type)) < 12_000


def test_reads_what_the_program_writes() -> None:
    batch = flips(3, 5, showing=2)
    batch.direction = Direction.TOP_TO_BOTTOM
    described = registry_of(type(batch)).message("macroscope.stimulus.v1.FlipBatch")
    assert described is not None
    fields = {(field.name, field.number) for field in described.fields}
    assert fields == {(field.name, field.number) for field in type(batch).desc().fields}
    read = described.type.from_binary(batch.to_binary())
    assert read.to_json() == batch.to_json()


def test_is_made_once() -> None:
    assert descriptor_set(WorkflowState) is descriptor_set(WorkflowState)
    assert descriptor_set(WorkflowState) != descriptor_set(CameraState)
