"""The services over an in-memory link, with a fake engine behind them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macroscope.acquisition.v1.acquisition_connect import AcquisitionServiceClient
from macroscope.camera.v1.camera_connect import CameraServiceClient
from macroscope.monitoring.v1.monitoring_connect import MonitoringServiceClient
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare
from tests.services.fake_engine import FakeEngine

from macroscope_worker.rpc.server import Server, Service
from macroscope_worker.services.acquisition import AcquisitionService
from macroscope_worker.services.camera import CameraService
from macroscope_worker.services.diagnostics import DiagnosticsService
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.monitoring import MonitoringService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.client import ClientConnection


@dataclass
class Served:
    """A client of each service."""

    engine: FakeEngine
    server: Server
    connection: ClientConnection
    camera: CameraServiceClient = field(init=False)
    acquisition: AcquisitionServiceClient = field(init=False)
    monitoring: MonitoringServiceClient = field(init=False)

    def __post_init__(self) -> None:
        self.camera = self.connection.client(CameraServiceClient)
        self.acquisition = self.connection.client(AcquisitionServiceClient)
        self.monitoring = self.connection.client(MonitoringServiceClient)


@asynccontextmanager
async def served(role: Role = Role.OPERATOR) -> AsyncIterator[Served]:
    """Everything started, and ended again."""
    engine, threads = FakeEngine(), EngineThreads()
    services: list[Service] = [
        CameraService(engine, threads),
        AcquisitionService(engine, threads),
        MonitoringService(engine),
    ]
    server = Server(SERVER, services, translate=lambda error: translate(error, engine.camera().parameters))
    server.add(DiagnosticsService("worker", server))
    try:
        yield Served(engine, server, await bare(server, role=role))
    finally:
        engine.gate.set()
        server.close()
        threads.close()
