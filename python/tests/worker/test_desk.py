"""A worker records with a stimulus display and a window beside it, and the run keeps what they did."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.acquisition.v1.acquisition_connect import AcquisitionServiceClient
from macroscope.acquisition.v1.acquisition_pb import StartRecordingRequest, StopRecordingRequest
from macroscope.acquisition.v1.journal_pb import CommandRecord
from macroscope.acquisition.v1.runs_connect import RunServiceClient
from macroscope.acquisition.v1.runs_pb import ListRunsRequest, VerifyRunRequest
from macroscope.camera.v1.camera_connect import CameraServiceClient
from macroscope.camera.v1.camera_pb import (
    CameraPhase,
    CameraState,
    ConfigureCameraRequest,
    WatchCameraRequest,
)
from macroscope.camera.v1.settings_pb import CameraSettings
from macroscope.configuration.v1.configuration_pb import ConfigurationState
from macroscope.notification.v1.notification_connect import NotificationServiceClient
from macroscope.notification.v1.notification_pb import Notification, PostNotificationRequest, Severity
from macroscope.stimulus.v1.stimulus_connect import StimulusServiceClient
from macroscope.stimulus.v1.stimulus_pb import FlipBatch, ReportFlipsRequest, Scene, StimulusState
from tests.stimulus.made_flips import display, flips
from tests.worker.process_runner import running_worker

from macroscope_worker.clock import clock_ns
from macroscope_worker.journal import EventsReader

if TYPE_CHECKING:
    from protobuf import Message

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(os.name == "nt", reason="the runner of these tests knows Unix only"),
]


async def test_a_run_keeps_what_happened_beside_its_frames(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        link, connection = await worker.connect()
        async for answer in connection.client(CameraServiceClient).watch_camera(WatchCameraRequest()):
            if answer.state is not None and answer.state.phase == CameraPhase.LIVE:
                break
        stimulus = connection.client(StimulusServiceClient)
        scenes = stimulus.attach_display(display())
        scene = (await anext(scenes)).scene
        assert scene is not None
        assert scene.display is not None  # The configuration has reached the stage.
        acquisition = connection.client(AcquisitionServiceClient)
        await acquisition.start_recording(StartRecordingRequest(name="mouse"))
        notifications = connection.client(NotificationServiceClient)
        post = PostNotificationRequest(severity=Severity.INFO, source="window", code="hello", message="Hello.")
        await notifications.post_notification(post)
        await connection.client(CameraServiceClient).configure_camera(
            ConfigureCameraRequest(settings=CameraSettings(exposure_us=4_000))
        )
        for number in range(4):
            began_ns = clock_ns()
            batch = flips(15 * number, 15, presented_ns=[began_ns + index for index in range(15)])
            await stimulus.report_flips(ReportFlipsRequest(attachment_id="attachment-1", batch=batch))
        summary = (await acquisition.stop_recording(StopRecordingRequest())).summary
        assert summary is not None
        run = Path(summary.directory)

        runs = connection.client(RunServiceClient)
        (entry,) = (await runs.list_runs(ListRunsRequest(most=5))).runs
        assert (entry.run_id, entry.problem, entry.planned_sweeps) == (run.name, "", 0)
        done = [answer async for answer in runs.verify_run(VerifyRunRequest(directory=str(run)))][-1]
        assert (done.done, done.complete, list(done.problems), done.flips) == (True, True, [], 60)
        link.close()

    with EventsReader(run / "events.mcap") as reader:
        kept: dict[str, list[Message[Any]]] = {}
        for event in reader.events():
            kept.setdefault(event.topic, []).append(event.message())
    assert reader.end is not None
    assert reader.end.whole
    (configuration,) = kept["/configuration"][:1]
    assert isinstance(configuration, ConfigurationState)
    assert configuration.configuration is not None
    first_scene, attached = kept["/stimulus/scenes"][0], kept["/stimulus/display"][0]
    assert isinstance(first_scene, Scene)
    assert first_scene.number == scene.number
    assert isinstance(attached, StimulusState)
    assert attached.display == display()
    batches = [batch for batch in kept["/stimulus/flips"] if isinstance(batch, FlipBatch)]
    assert [batch.first_index for batch in batches] == [0, 15, 30, 45]
    cameras = [state for state in kept["/camera"] if isinstance(state, CameraState)]
    assert {state.settings.exposure_us for state in cameras if state.settings is not None} > {4_000}
    (hello,) = [one for one in kept["/notifications"] if isinstance(one, Notification) and one.code == "hello"]
    assert hello.run_id == run.name
    commands = [command for command in kept["/commands"] if isinstance(command, CommandRecord)]
    methods = [command.method.rpartition("/")[2] for command in commands]
    assert methods == ["StartRecording", "PostNotification", "ConfigureCamera"]
    settings = json.loads((run / "configuration.json").read_text())
    assert settings["format"] == "macroscope.preset"
    assert settings["configuration"]["stimulus"]["bar_width_deg"] == 20


async def test_a_worker_that_is_killed_leaves_a_journal_that_can_be_read(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        _, connection = await worker.connect()
        async for answer in connection.client(CameraServiceClient).watch_camera(WatchCameraRequest()):
            if answer.state is not None and answer.state.phase == CameraPhase.LIVE:
                break
        state = (
            await connection.client(AcquisitionServiceClient).start_recording(StartRecordingRequest(name="mouse"))
        ).state
        assert state is not None
        assert state.recording is not None
        path = Path(state.recording.directory) / "events.mcap"
        await connection.client(NotificationServiceClient).post_notification(
            PostNotificationRequest(severity=Severity.INFO, source="window", code="hello", message="Hello.")
        )
        async with asyncio.timeout(20):
            while b"hello" not in path.read_bytes():  # noqa: ASYNC110 - nobody tells of what lies in a file.
                await asyncio.sleep(0.02)
        worker.process.kill()
        await worker.process.wait()
    with EventsReader(path) as reader:
        last = reader.last("/notifications")
        assert last is not None
        notification = last.message()
        assert isinstance(notification, Notification)
        assert notification.code == "hello"
        assert len(list(reader.events())) > 3
        assert reader.end is not None
        assert not reader.end.whole
