from __future__ import annotations

import importlib
import pkgutil

import macroscope
import pytest
from macroscope.acquisition.v1 import acquisition_pb
from macroscope.camera.v1 import camera_pb
from macroscope.rpc.v1.options_pb import Delivery, Lane, Role

from macroscope_worker.rpc.method_policy import find_method, method_of_info, methods_of
from macroscope_worker.rpc.server import handler_name

FILES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(macroscope.__path__, "macroscope.")
    if module.name.endswith("_pb")
]
SERVICES = [service for file in FILES for service in file.desc().services]


def test_every_method_of_the_contract_has_a_policy() -> None:
    assert len(SERVICES) >= 6
    methods = methods_of(SERVICES)
    assert len(methods) == sum(len(service.methods) for service in SERVICES)


def test_reads_the_policy_from_the_schema() -> None:
    stop = find_method(acquisition_pb.desc().services[0], "StopRecording")
    assert stop.path == "/macroscope.acquisition.v1.AcquisitionService/StopRecording"
    assert (stop.lane, stop.needed_role, stop.default_deadline_ms) == (Lane.STOP, Role.OPERATOR, 60000)
    preview = find_method(camera_pb.desc().services[0], "WatchPreview")
    assert preview.streams
    assert (preview.lane, preview.delivery) == (Lane.FRAME, Delivery.LATEST_WINS)
    assert preview.output is camera_pb.WatchPreviewResponse


def test_finds_the_method_that_generated_clients_mean() -> None:
    method = find_method(camera_pb.desc().services[0], "ListCameras")
    assert method_of_info(method.info) is method
    with pytest.raises(KeyError):
        find_method(camera_pb.desc().services[0], "Nothing")


@pytest.mark.parametrize(
    ("method", "handler"),
    [("Echo", "echo"), ("ListCameras", "list_cameras"), ("WatchHTTPState", "watch_http_state"), ("Get2D", "get2_d")],
)
def test_handlers_are_named_as_the_generated_protocols_write_them(method: str, handler: str) -> None:
    assert handler_name(method) == handler
