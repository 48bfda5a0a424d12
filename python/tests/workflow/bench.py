"""Instruments whose readings the test sets: for what looks at them and moves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from macroscope.configuration.v1.acquisition_pb import AcquisitionSettings
from macroscope.configuration.v1.configuration_pb import ConfigurationState
from macroscope.configuration.v1.display_pb import DisplayGeometry
from macroscope.configuration.v1.session_pb import SessionSettings
from macroscope.configuration.v1.settings_pb import CameraChoice, Configuration, DerivedValues
from macroscope.configuration.v1.stimulus_pb import Direction, StimulusSettings
from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest, ClockFit, FlipFigures

from macroscope_worker.acquisition import (
    AcquisitionHealth,
    AcquisitionPhase,
    AcquisitionSnapshot,
    CameraHealth,
    CameraPhase,
    CameraSnapshot,
    DiskHealth,
    FrameTally,
    Health,
    RecordingOutcome,
    RecordingSummary,
    RingHealth,
)
from macroscope_worker.cameras import CameraDescription, Parameter
from macroscope_worker.notifications import Notifications
from macroscope_worker.stimulus import ShowingFigures
from macroscope_worker.workflow import Instruments

if TYPE_CHECKING:
    from collections.abc import Callable

CAMERA = CameraDescription("simulated:a", "A camera", "simulated", "Macroscope", "Cortex", "1", simulated=True)

RECORDING = RecordingSummary(
    run_id="run",
    directory=Path("/runs/run"),
    camera_id=CAMERA.id,
    planned_frames=0,
    captured_frames=70,
    written_frames=60,
    durable_frames=50,
    drops={},
    bytes_written=4,
    started_unix_ns=3,
    started_ns=2,
    elapsed_s=1.5,
    outcome=RecordingOutcome.INCOMPLETE,
)


def make_health(**camera: Any) -> Health:
    """All is well, but for what is said."""
    told: dict[str, Any] = {
        "live": True,
        "frame_rate_hz": 30.0,
        "frames": 0,
        "missing_frames": 0,
        "damaged_frames": 0,
        "last_frame_age_ms": 12.0,
        "temperature_c": None,
    }
    return Health(
        camera.pop("sampled_ns", 0),
        CameraHealth(**(told | camera)),
        RingHealth(8, 1, 4, 0),
        DiskHealth(Path("/runs"), 10**9, 2.5, 60.0),
        AcquisitionHealth(running=True, beats=77, last_beat_age_ms=4.5, stuck=False),
    )


def make_state() -> ConfigurationState:
    """A configuration that breaks no rule."""
    return ConfigurationState(
        revision=7,
        configuration=Configuration(
            session=SessionSettings(name="session", directory=""),
            display=DisplayGeometry(display_id="d1", width_px=1920, height_px=1080, refresh_rate_hz=60),
            stimulus=StimulusSettings(bar_width_deg=20, check_size_deg=25, contrast=0.5, background=0.5),
            camera=CameraChoice(),
            acquisition=AcquisitionSettings(
                baseline_s=5,
                between_sweeps_s=5,
                sweeps_per_direction=10,
                directions=[Direction.LEFT_TO_RIGHT],
                missing_frames_percent=5,
            ),
        ),
        derived=DerivedValues(
            azimuth_min_deg=-50,
            azimuth_max_deg=50,
            altitude_min_deg=-35,
            altitude_max_deg=35,
            pixel_deg=0.1,
            horizontal_sweep_deg=120,
            vertical_sweep_deg=90,
            horizontal_sweep_s=13.3,
            vertical_sweep_s=10,
            run_s=600,
            frames=18000,
            bytes_needed=9 * 10**9,
        ),
    )


def make_display(**told: Any) -> AttachDisplayRequest:
    """Full screen on the chosen display."""
    fields: dict[str, Any] = {
        "attachment_id": "attached",
        "display_id": "d1",
        "width_px": 1920,
        "height_px": 1080,
        "full_screen": True,
    }
    return AttachDisplayRequest(**(fields | told))


@dataclass
class Bench:
    """Set its fields, then look through `instruments`."""

    health: Health = field(default_factory=make_health)
    later: Health | None = None
    """What health is the second time that it is asked for."""
    camera: CameraSnapshot = field(
        default_factory=lambda: CameraSnapshot(
            1, CameraPhase.LIVE, CAMERA, {"frame_rate_hz": Parameter("frame_rate_hz", 30.0)}
        )
    )
    acquisition: AcquisitionSnapshot = field(
        default_factory=lambda: AcquisitionSnapshot(1, AcquisitionPhase.IDLE, None, Path("/runs"), 10**9, 1.0)
    )
    state: ConfigurationState = field(default_factory=make_state)
    display: AttachDisplayRequest | None = field(default_factory=make_display)
    lost_reason: str = ""
    figures: FlipFigures = field(
        default_factory=lambda: FlipFigures(
            refresh_rate_hz=60.02, flips=6000, clock=ClockFit(error_ns=300_000, residual_ns=10_000)
        )
    )
    tally: FrameTally = field(default_factory=lambda: FrameTally(captured=7, written=7, newest_ns=1 << 62))
    """The frames of any time of the recording."""
    showings: dict[int, ShowingFigures] = field(default_factory=dict)
    histograms: dict[str, tuple[int, int]] = field(default_factory=lambda: {"": (0, 10_000)})
    regions: list[tuple[str, str]] = field(default_factory=list)
    notifications: Notifications = field(default_factory=Notifications)
    now_ns: int = 1_000_000_000
    _asked: int = 0

    @property
    def instruments(self) -> Instruments:
        def health() -> Health:
            self._asked += 1
            return self.later if self.later is not None and self._asked % 2 == 0 else self.health

        def histogram(region_id: str = "") -> Any:
            counted = self.histograms.get(region_id)
            return None if counted is None else SimpleNamespace(saturated_px=counted[0], sampled_px=counted[1])

        unsubscribed: Callable[[Any], Any] = lambda _listener: lambda: None  # noqa: E731
        bench = self

        class Stage:
            attached = property(lambda _self: bench.display is not None)
            display = property(lambda _self: bench.display)
            lost_reason = property(lambda _self: bench.lost_reason)
            figures = staticmethod(lambda: bench.figures)
            showing = staticmethod(lambda number: bench.showings.get(number, ShowingFigures()))
            subscribe = staticmethod(unsubscribed)

        class Store:
            state = property(lambda _self: bench.state)
            subscribe = staticmethod(unsubscribed)

        return Instruments(
            engine=cast(
                "Any",
                SimpleNamespace(
                    health=health,
                    camera=lambda: self.camera,
                    acquisition=lambda: self.acquisition,
                    frames_between=lambda _run_id, _from_ns, _to_ns: self.tally,
                    subscribe=unsubscribed,
                ),
            ),
            threads=cast("Any", None),
            stage=cast("Any", Stage()),
            store=cast("Any", Store()),
            notifications=self.notifications,
            journal=cast("Any", SimpleNamespace(write=lambda *_: None)),
            imaging=cast("Any", SimpleNamespace(histogram=histogram)),
            clock=lambda: self.now_ns,
            region_ids=lambda: self.regions,
        )

    def recording(self, phase: AcquisitionPhase = AcquisitionPhase.RECORDING, **changes: Any) -> None:
        """A recording goes on."""
        self.acquisition = replace(self.acquisition, phase=phase, recording=replace(RECORDING, **changes))
