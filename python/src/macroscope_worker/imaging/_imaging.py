"""Looking at the brain, behind thread-safe methods."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from macroscope_worker.imaging._histogram import histogram_of
from macroscope_worker.imaging._history import MOST_RATE_HZ, History
from macroscope_worker.imaging._looking import Looking
from macroscope_worker.imaging._picture_files import new_stem, stretched, write_png, write_tiff
from macroscope_worker.imaging._pictures import take_frames
from macroscope_worker.imaging._pixels import pixels_of, whole_image
from macroscope_worker.imaging._references import References
from macroscope_worker.imaging._regions import Regions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from macroscope_worker.acquisition import AcquisitionSnapshot, CameraSnapshot, Cancellation, Frame, Placement
    from macroscope_worker.imaging._histogram import HistogramSample
    from macroscope_worker.imaging._pictures import TakenPicture
    from macroscope_worker.imaging._pixels import PixelChoice
    from macroscope_worker.imaging._references import Reference
    from macroscope_worker.imaging._region import Region

SNAPSHOTS: Final = "snapshots"
REFERENCES: Final = "references"
_FRAME_WITHIN_S: Final = 2.0


class ImagingEngine(Protocol):
    """The part of the engine that is looked at; see `macroscope_worker.acquisition.Engine`."""

    def take_frame(self, after_ns: int, timeout_s: float) -> Frame | None:
        """The newest frame that arrived after this time, held."""

    def camera(self) -> CameraSnapshot:
        """The live camera now."""

    def acquisition(self) -> AcquisitionSnapshot:
        """The recording now; its default folder is where pictures go."""


@dataclass(frozen=True, slots=True)
class SavedSnapshot:
    """Where a frame was saved."""

    tiff_path: Path
    png_path: Path
    frame_id: int


class Imaging:
    """Owns the imaging thread until `close`, which comes before the engine's.

    Any thread may call any method. Those that wait for frames or the disk say so. `animal_id` is asked when a
    reference is taken.
    """

    def __init__(
        self, engine: ImagingEngine, *, regions: Iterable[Region] = (), animal_id: Callable[[], str] = lambda: ""
    ) -> None:
        self.regions = Regions(regions)
        self.history = History()
        self._engine = engine
        self._animal_id = animal_id
        self._looking = Looking(engine)
        self._lock = threading.Lock()
        self._watching: Callable[[], None] | None = None
        # The imaging thread's own.
        self._choices: dict[tuple[object, ...], PixelChoice | None] = {}
        self._kept_revision = 0
        self._unsubscribe = self.regions.subscribe(self._regions_changed)
        self._regions_changed()

    def histogram(self, region_id: str = "", timeout_s: float = _FRAME_WITHIN_S) -> HistogramSample | None:
        """Of the newest frame, whole or in one region; waits for at most one frame.

        None when there is no frame, or none of the region's pixels is in it. Raises RegionNotFound.
        """
        if region_id:
            self.regions.find(region_id)
        answer: Future[HistogramSample | None] = Future()
        end = self._looking.begin(1.0, lambda frame: _answer(answer, lambda: self._histogram_of(frame, region_id)))
        try:
            return answer.result(timeout_s)
        except TimeoutError:
            return None
        finally:
            end()

    def watch_histogram(
        self, max_rate_hz: float, region_id: str, deliver: Callable[[HistogramSample], None]
    ) -> Callable[[], None]:
        """Have histograms delivered from the imaging thread, at most so often; returns what ends it.

        `deliver` must not wait. A region that is removed, or not in the picture, gives no more of them.
        Raises RegionNotFound.
        """
        if region_id:
            self.regions.find(region_id)

        def see(frame: Frame) -> None:
            sample = self._histogram_of(frame, region_id)
            if sample is not None:
                deliver(sample)

        return self._looking.begin(max_rate_hz, see)

    def put_region(self, region: Region) -> int:
        """Add or change a region; returns the revision. Raises RegionOutside or RegionsFull."""
        camera = self._engine.camera()
        return self.regions.put(region, camera.sensor_width_px, camera.sensor_height_px)

    def sensor_size(self) -> tuple[int, int]:
        """Width and height of the sensor, unbinned; 0 without a camera."""
        camera = self._engine.camera()
        return camera.sensor_width_px, camera.sensor_height_px

    def take_snapshot(self, name: str = "", cancellation: Cancellation | None = None) -> SavedSnapshot:
        """Save the newest frame as it is, and as a picture to look at; waits for a frame and the disk.

        Raises NoFrame or FolderUnwritable.
        """
        taken = take_frames(self._looking, 1, cancellation)
        folder = self._engine.acquisition().default_directory / SNAPSHOTS
        stem = new_stem(folder, name, taken.unix_ns, (".tiff", ".png"))
        tiff_path, png_path = Path(f"{stem}.tiff"), Path(f"{stem}.png")
        write_tiff(tiff_path, taken.pixels, self._described(taken))
        write_png(png_path, stretched(taken.pixels, taken.significant_bits))
        return SavedSnapshot(tiff_path, png_path, taken.frame_id)

    def take_reference(self, name: str, frames: int, cancellation: Cancellation | None = None) -> Reference:
        """Average the next frames and keep them for this animal; waits for the frames and the disk.

        Raises NoFrame, FolderUnwritable, CommandCanceled, or ImagingError when the camera was set otherwise meanwhile.
        """
        taken = take_frames(self._looking, frames, cancellation)
        placement = taken.placement
        return self.references.keep(
            taken.pixels / taken.frames,
            taken.significant_bits,
            name=name,
            animal_id=self._animal_id(),
            taken_unix_ns=taken.unix_ns,
            frames=taken.frames,
            place=(placement.x_px, placement.y_px, placement.binning),
        )

    @property
    def references(self) -> References:
        """The references on this disk."""
        return References(self._engine.acquisition().default_directory / REFERENCES)

    def close(self) -> None:
        """End the thread."""
        self._unsubscribe()
        self._looking.close()

    def _regions_changed(self) -> None:
        with self._lock:
            regions = self.regions.snapshot.regions
            if regions and self._watching is None:
                self._watching = self._looking.begin(MOST_RATE_HZ, self._measure)
            elif not regions and self._watching is not None:
                self._watching()
                self._watching = None
                self.history.keep(())

    # On the imaging thread.

    def _measure(self, frame: Frame) -> None:
        snapshot = self.regions.snapshot
        if snapshot.revision != self._kept_revision:
            self.history.keep(snapshot.regions)
            self._kept_revision = snapshot.revision
        means = {}
        for region in snapshot.regions:
            choice = self._choice(region, frame)
            if choice is not None:
                means[region.id] = float(choice.of(frame.slot.pixels).mean())
        self.history.add(frame.received_ns, frame.frame_id, means)

    def _histogram_of(self, frame: Frame, region_id: str) -> HistogramSample | None:
        region = next((each for each in self.regions.snapshot.regions if each.id == region_id), None)
        if region_id and region is None:
            return None
        choice = self._choice(region, frame)
        if choice is None:
            return None
        values = choice.of(frame.slot.pixels)
        return histogram_of(values, frame.format.significant_bits, frame.frame_id, frame.received_ns)

    def _choice(self, region: Region | None, frame: Frame) -> PixelChoice | None:
        key = (None if region is None else region.place, frame.placement, frame.format.shape)
        if key not in self._choices:
            if len(self._choices) > 4 * len(self.regions.snapshot.regions) + 4:
                self._choices.clear()
            self._choices[key] = _choose(region, frame.placement, frame.format.width_px, frame.format.height_px)
        return self._choices[key]

    def _described(self, taken: TakenPicture) -> dict[str, Any]:
        camera = self._engine.camera()
        return {
            "program": "Macroscope",
            "frame_id": taken.frame_id,
            "received_unix_ns": taken.unix_ns,
            "received_ns": taken.received_ns,
            "camera_ns": taken.camera_ns,
            "camera_id": camera.camera_id,
            "simulated": camera.description.simulated if camera.description else False,
            "animal_id": self._animal_id(),
            "significant_bits": taken.significant_bits,
            "sensor_x_px": taken.placement.x_px,
            "sensor_y_px": taken.placement.y_px,
            "binning": taken.placement.binning,
            "settings": {name: parameter.value for name, parameter in camera.parameters.items()},
        }


def _choose(region: Region | None, placement: Placement, width_px: int, height_px: int) -> PixelChoice | None:
    if region is None:
        return whole_image(width_px, height_px)
    return pixels_of(region, placement, width_px, height_px)


def _answer(answer: Future[HistogramSample | None], work: Callable[[], HistogramSample | None]) -> None:
    if answer.done():
        return
    try:
        answer.set_result(work())
    except Exception as error:  # noqa: BLE001 - it is the caller's
        answer.set_exception(error)
