"""What a journal keeps, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from macroscope.acquisition.v1.journal_pb import CommandRecord, JournalGap
from macroscope.camera.v1.camera_pb import CameraState
from macroscope.configuration.v1.configuration_pb import ConfigurationState
from macroscope.notification.v1.notification_pb import Notification
from macroscope.stimulus.v1.stimulus_pb import FlipBatch, Scene, StimulusState
from macroscope.workflow.v1.workflow_pb import WorkflowState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protobuf import Message

WORKFLOW: Final = "/workflow"
FLIPS: Final = "/stimulus/flips"
COMMANDS: Final = "/commands"
JOURNAL: Final = "/journal"

TOPICS: Final[Mapping[str, type[Message[Any]]]] = {
    WORKFLOW: WorkflowState,
    FLIPS: FlipBatch,
    "/stimulus/scenes": Scene,
    "/stimulus/display": StimulusState,
    "/configuration": ConfigurationState,
    "/camera": CameraState,
    "/notifications": Notification,
    COMMANDS: CommandRecord,
    JOURNAL: JournalGap,
}
"""All topics of this version. They are declared at the head of each file, in this order, so that its end can be read
without the middle."""
