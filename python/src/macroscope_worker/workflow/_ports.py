"""What the workflow asks of the rest of the worker. The real ones fit by their shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from macroscope.configuration.v1.configuration_pb import ConfigurationState
    from macroscope.configuration.v1.display_pb import DisplayGeometry
    from macroscope.configuration.v1.stimulus_pb import StimulusSettings
    from macroscope.notification.v1.notification_pb import Notification, Severity
    from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest, BarSweep, FlipFigures
    from protobuf import Message

    from macroscope_worker.acquisition import (
        AcquisitionSnapshot,
        CameraSnapshot,
        Cancellation,
        FrameTally,
        Health,
        RecordingSummary,
    )
    from macroscope_worker.stimulus import RunPlan, ShowingFigures

R = TypeVar("R")


class EnginePort(Protocol):
    """The engine, as far as a run uses it; see `macroscope_worker.acquisition.Engine`. Thread-safe."""

    def camera(self) -> CameraSnapshot:
        """The live camera now."""

    def acquisition(self) -> AcquisitionSnapshot:
        """The recording now."""

    def health(self) -> Health:
        """Camera, ring and disk now. Waits for nothing."""

    def frames_between(self, run_id: str, from_ns: int, to_ns: int) -> FrameTally | None:
        """What was recorded of a time. Waits for nothing."""

    def start_recording(
        self,
        name: str,
        directory: Path | None = None,
        planned_frames: int = 0,
        cancellation: Cancellation | None = None,
    ) -> AcquisitionSnapshot:
        """Waits for the disk."""

    def stop_recording(self) -> RecordingSummary | None:
        """Waits for the disk."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell of changes, from any thread."""


class StagePort(Protocol):
    """What is shown; see `macroscope_worker.stimulus.Stage`. On the event loop only."""

    @property
    def attached(self) -> bool:
        """A display is there."""

    @property
    def lost_reason(self) -> str:
        """Why the last one went."""

    @property
    def display(self) -> AttachDisplayRequest | None:
        """The display that is there."""

    def set_drawing(self, display: DisplayGeometry, stimulus: StimulusSettings) -> None:
        """Draw by these settings."""

    def show(self, sweep: BarSweep | None) -> int:
        """Show a sweep at its times, or grey."""

    def begin_run(self) -> None:
        """Count flips for a run."""

    def end_run(self) -> None:
        """No run goes on."""

    def showing(self, showing: int) -> ShowingFigures:
        """What was presented of a showing."""

    def figures(self) -> FlipFigures:
        """The live figures."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell of changes, on the event loop."""


class StorePort(Protocol):
    """The configuration; see `macroscope_worker.configuration.ConfigurationStore`. On the event loop only."""

    @property
    def state(self) -> ConfigurationState:
        """The configuration now."""

    def plan(self) -> RunPlan:
        """The run that it plans."""

    def hold_for_run(self, run_id: str | None) -> None:
        """Hold fixed what must not change in a run."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell of changes, on the event loop."""


class NotificationsPort(Protocol):
    """What people are told; see `macroscope_worker.notifications.Notifications`. Thread-safe."""

    def post(self, severity: Severity, source: str, code: str, message: str, remedy: str = "") -> Notification:
        """Tell something."""

    def snapshot(self) -> tuple[int, list[Notification]]:
        """What is kept."""


class JournalPort(Protocol):
    """The journal of the run; see `macroscope_worker.journal.Journal`. Thread-safe."""

    def write(self, topic: str, message: Message[Any], at_ns: int | None = None) -> None:
        """Keep a message. Waits for nothing."""


class HistogramPort(Protocol):
    """As far as saturation goes."""

    @property
    def saturated_px(self) -> int:
        """Pixels at the largest value."""

    @property
    def sampled_px(self) -> int:
        """Pixels that were looked at."""


class ImagingPort(Protocol):
    """The newest frame; see `macroscope_worker.imaging.Imaging`. Any thread."""

    def histogram(self, region_id: str = "") -> HistogramPort | None:
        """Of the newest frame; waits for one at most."""


class ThreadsPort(Protocol):
    """Where calls wait that wait; see `macroscope_worker.services.engine_threads.EngineThreads`."""

    def command(self, work: Callable[[Cancellation], R], /) -> Awaitable[R]:
        """Run a command in a thread; cancelled with its caller."""

    def stop(self, function: Callable[[], R], /) -> Awaitable[R]:
        """Run what stops something, to its end."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """All that a run and its checks work with."""

    engine: EnginePort
    threads: ThreadsPort
    stage: StagePort
    store: StorePort
    notifications: NotificationsPort
    journal: JournalPort
    imaging: ImagingPort
    clock: Callable[[], int]
    """Worker's clock, ns."""
    region_ids: Callable[[], Sequence[tuple[str, str]]] = lambda: ()
    """Id and name of each region that is watched."""
