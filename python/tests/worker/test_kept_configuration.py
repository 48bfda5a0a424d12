"""A configuration that outlives its worker, with real processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from macroscope.configuration.v1.configuration_connect import ConfigurationServiceClient
from macroscope.configuration.v1.configuration_pb import (
    ConfigurationState,
    ListPresetsRequest,
    SavePresetRequest,
    UpdateConfigurationRequest,
    WatchConfigurationRequest,
)
from macroscope.imaging.v1.imaging_connect import ImagingServiceClient
from macroscope.imaging.v1.imaging_pb import TakeReferenceRequest
from macroscope.notification.v1.notification_connect import NotificationServiceClient
from macroscope.notification.v1.notification_pb import WatchNotificationsRequest
from tests.configuration.making import settings
from tests.worker.process_runner import running_worker

from macroscope_worker.configuration._paths import value_at

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.rpc.client import ClientConnection

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the runner of these tests knows Unix only")


async def live(connection: ClientConnection) -> ConfigurationState:
    """The configuration once it follows the live camera."""
    client = connection.client(ConfigurationServiceClient)
    async for response in client.watch_configuration(WatchConfigurationRequest()):
        state = response.state
        if state is not None and state.derived is not None and state.derived.frames:
            return state
    raise AssertionError


async def test_a_killed_worker_has_lost_nothing_that_it_had_answered(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        _, connection = await worker.connect()
        client = connection.client(ConfigurationServiceClient)
        revision = (await live(connection)).revision
        values = {"stimulus.gamma": 1.5, "session.notes": "before"}
        request = UpdateConfigurationRequest(base_revision=revision, configuration=settings(values), paths=list(values))
        state = (await client.update_configuration(request)).state
        assert state is not None
        assert state.changed_by == "test"
        saved = (await client.save_preset(SavePresetRequest(name="mine"))).state
        assert saved is not None
        worker.process.kill()
        await worker.process.wait()

    assert (worker.runtime / "presets" / "mine.json").exists()
    async with running_worker(tmp_path, "--resume") as worker:
        await worker.listening()
        _, connection = await worker.connect()
        again = await live(connection)
        assert again.configuration is not None
        assert {path: value_at(again.configuration, path) for path in values} == values
        assert again.revision > saved.revision
        assert (again.preset_name, again.differs_from_preset) == ("mine", False)
        client = connection.client(ConfigurationServiceClient)
        [preset] = (await client.list_presets(ListPresetsRequest())).presets
        assert (preset.name, preset.problem) == ("mine", "")


async def test_a_vessel_picture_is_of_the_animal_of_the_session(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        _, connection = await worker.connect()
        revision = (await live(connection)).revision
        values = {"session.animal_id": "M12"}
        request = UpdateConfigurationRequest(base_revision=revision, configuration=settings(values), paths=list(values))
        await connection.client(ConfigurationServiceClient).update_configuration(request)
        imaging = connection.client(ImagingServiceClient)
        taken = (await imaging.take_reference(TakeReferenceRequest(name="vessels", frames=2))).reference
        assert taken is not None
        assert taken.animal_id == "M12"


async def test_a_broken_file_stops_no_worker_and_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "configuration.json").write_text("{ broken")
    async with running_worker(tmp_path, "--data-directory", str(tmp_path / "data")) as worker:
        await worker.listening()
        _, connection = await worker.connect()
        state = await live(connection)
        assert state.configuration is not None
        assert value_at(state.configuration, "stimulus.gamma") == 2.2
        client = connection.client(NotificationServiceClient)
        first = await anext(aiter(client.watch_notifications(WatchNotificationsRequest())))
        assert [each.code for each in first.notifications] == ["configuration.broken_file"]
    assert (tmp_path / "data" / "configuration.broken.json").read_text() == "{ broken"
