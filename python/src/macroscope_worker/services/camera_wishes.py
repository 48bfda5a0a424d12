"""The live camera for the configuration: what it is and works with, and changes that are asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope.camera.v1.settings_pb import CameraSettings, PixelFormat
from macroscope.configuration.v1.settings_pb import CameraChoice

from macroscope_worker.acquisition import CameraPhase
from macroscope_worker.configuration import CameraRate
from macroscope_worker.errors import CameraError, CameraNotFound, NoCamera, ParameterError, RecordingError

from .settings_translation import changes_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macroscope_worker.acquisition import CameraSnapshot, Cancellation

    from .engine_port import EnginePort
    from .engine_threads import EngineThreads

_STEADY: Final = 0.1
"""A measured rate counts as the one before as long as it is nearer to it than this part of it."""


class CameraWishes:
    """`macroscope_worker.configuration.CameraPort` over the engine."""

    def __init__(self, engine: EnginePort, threads: EngineThreads) -> None:
        self._engine = engine
        self._threads = threads
        self._measured_hz = 0.0

    def live(self) -> CameraChoice | None:
        """Which camera is live and what it works with; None when none is."""
        return _choice(self._engine.camera())

    def rate(self, choice: CameraChoice) -> CameraRate:
        """What the live camera would send with these settings; zeros without a camera."""
        snapshot = self._engine.camera()
        if snapshot.phase != CameraPhase.LIVE:
            return CameraRate()
        settings = choice.settings or CameraSettings()
        asked_hz = settings.frame_rate_hz if settings.has_field("frame_rate_hz") else self._measured()
        return CameraRate(frame_rate_hz=asked_hz, frame_bytes=_frame_bytes(settings, snapshot))

    async def ask(self, wanted: CameraChoice) -> CameraChoice:
        """Have the camera take all of it, or nothing. Raises CameraError, RecordingError."""
        snapshot = await self._threads.command(lambda cancellation: self._ask(wanted, cancellation))
        choice = _choice(snapshot)
        if choice is None:
            raise NoCamera
        return choice

    async def offer(self, wanted: CameraChoice) -> tuple[CameraChoice | None, list[str]]:
        """Have the camera take what it can; answers with what it has then, and sentences about the rest."""
        snapshot, left_out = await self._threads.command(lambda cancellation: self._offer(wanted, cancellation))
        return _choice(snapshot), left_out

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell of changes, from any thread."""
        return self._engine.subscribe(listener)

    # In a thread for commands.

    def _ask(self, wanted: CameraChoice, cancellation: Cancellation) -> CameraSnapshot:
        before = snapshot = self._engine.camera()
        other = wanted.has_field("camera_id") and not _is_live(before, wanted.camera_id)
        if other:
            snapshot = self._engine.select_camera(wanted.camera_id, cancellation)
        try:
            snapshot, refused = self._configure(snapshot, _changes(wanted, snapshot), cancellation)
            if refused:
                raise next(iter(refused.values()))
        except CameraError:
            self._as_before(before, wanted, reopen=other)
            raise
        return snapshot

    def _offer(self, wanted: CameraChoice, cancellation: Cancellation) -> tuple[CameraSnapshot, list[str]]:
        snapshot = self._engine.camera()
        left_out: list[str] = []
        try:
            if wanted.has_field("camera_id") and not _is_live(snapshot, wanted.camera_id):
                snapshot = self._engine.select_camera(wanted.camera_id, cancellation)
        except CameraNotFound:
            left_out.append(f"There is no camera {wanted.camera_id!r} here, so the live one stays.")
        except (CameraError, RecordingError) as error:
            left_out.append(str(error))
            snapshot = self._engine.camera()
        try:
            snapshot, refused = self._configure(snapshot, _changes(wanted, snapshot), cancellation)
            left_out += dict.fromkeys(str(error) for error in refused.values())
        except CameraError as error:
            left_out.append(str(error))
            snapshot = self._engine.camera()
        return snapshot, left_out

    def _configure(
        self, snapshot: CameraSnapshot, changes: Mapping[str, float], cancellation: Cancellation | None
    ) -> tuple[CameraSnapshot, dict[str, ParameterError]]:
        """All at once if the camera takes it so, else by and by; answers with what it refused in the end, by group.

        What a setting may be depends on others, such as a region on the binning, and on which ones depends on the
        camera. So those that are refused are tried again for as long as any other was taken.
        """
        if not changes:
            return snapshot, {}
        pending = _groups(changes)
        refused: dict[str, ParameterError] = {}
        try:
            return self._engine.configure(changes, cancellation), {}
        except ParameterError as error:
            if len(pending) == 1:
                return self._engine.camera(), {next(iter(pending)): error}
        progress = True
        while pending and progress:
            progress = False
            for group, settings in list(pending.items()):
                try:
                    snapshot = self._engine.configure(settings, cancellation)
                except ParameterError as error:
                    refused[group] = error
                    continue
                del pending[group]
                refused.pop(group, None)
                progress = True
        return self._engine.camera(), refused

    def _as_before(self, before: CameraSnapshot, wanted: CameraChoice, *, reopen: bool) -> None:
        """Undo a change that was refused in its middle, as far as the camera lets us. Not to be cancelled."""
        try:
            snapshot = self._engine.camera()
            if reopen and before.phase == CameraPhase.LIVE and before.description is not None:
                snapshot = self._engine.select_camera(before.description.id)
                settings = {name: each.value for name, each in before.parameters.items() if not each.read_only}
            else:
                settings = {name: before.parameters[name].value for name in _settings_of_choice(wanted, before)}
            different = {name: value for name, value in settings.items() if _differs(snapshot, name, value)}
            self._configure(snapshot, different, None)
        except (CameraError, RecordingError):
            return  # The camera's own state tells what became of it, and is followed.

    def _measured(self) -> float:
        """For a camera that has no frame rate among its settings."""
        measured_hz = self._engine.health().camera.frame_rate_hz
        if abs(measured_hz - self._measured_hz) > _STEADY * self._measured_hz:
            self._measured_hz = measured_hz
        return self._measured_hz


def _settings_of_choice(wanted: CameraChoice, snapshot: CameraSnapshot) -> list[str]:
    """The settings that are asked for and that the camera has."""
    return [name for name in changes_of(wanted.settings or CameraSettings()) if name in snapshot.parameters]


def _changes(wanted: CameraChoice, snapshot: CameraSnapshot) -> dict[str, float]:
    settings = changes_of(wanted.settings or CameraSettings())
    return {name: value for name, value in settings.items() if _differs(snapshot, name, value)}


def _differs(snapshot: CameraSnapshot, name: str, value: float) -> bool:
    parameter = snapshot.parameters.get(name)
    return parameter is None or parameter.value != value


def _groups(settings: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Settings that make sense only together, such as the sides of a region, by what their paths share."""
    groups: dict[str, dict[str, float]] = {}
    for name, value in settings.items():
        groups.setdefault(name.partition(".")[0], {})[name] = value
    return groups


def _is_live(snapshot: CameraSnapshot, camera_id: str) -> bool:
    found = snapshot.description
    return snapshot.phase == CameraPhase.LIVE and found is not None and found.id == camera_id


def _choice(snapshot: CameraSnapshot) -> CameraChoice | None:
    if snapshot.phase != CameraPhase.LIVE or snapshot.description is None:
        return None
    return CameraChoice(camera_id=snapshot.description.id, settings=settings_of(snapshot.parameters))


def _frame_bytes(settings: CameraSettings, snapshot: CameraSnapshot) -> int:
    binning = max(1, settings.binning)
    region = settings.region_of_interest
    width_px = region.width_px if region is not None and region.width_px else snapshot.sensor_width_px // binning
    height_px = region.height_px if region is not None and region.height_px else snapshot.sensor_height_px // binning
    if settings.has_field("pixel_format"):
        wide = settings.pixel_format != PixelFormat.MONO8
    else:
        wide = snapshot.significant_bits > 8
    return width_px * height_px * (2 if wide else 1)
