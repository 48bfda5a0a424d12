"""Reference images of the vessels: a folder of TIFFs, each with a JSON beside it that says what it is."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.acquisition import bin_pixels, fitting_binning
from macroscope_worker.imaging._errors import ReferenceNotFound
from macroscope_worker.imaging._picture_files import new_stem, read_tiff, stretched, write_json, write_tiff
from macroscope_worker.whole_file import read_json

if TYPE_CHECKING:
    import numpy.typing as npt

log = logging.getLogger(__name__)

FULL_BITS = 16
_LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Reference:
    """What is kept of a reference. Its place is in sensor pixels, unbinned; its size in its own."""

    id: str
    name: str
    animal_id: str
    taken_unix_ns: int
    path: Path
    width_px: int
    height_px: int
    frames: int
    sensor_x_px: int
    sensor_y_px: int
    binning: int


class References:
    """The references in a folder. All methods wait for the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self,
        mean: npt.NDArray[np.float64],
        significant_bits: int,
        *,
        name: str,
        animal_id: str,
        taken_unix_ns: int,
        frames: int,
        place: tuple[int, int, int],
    ) -> Reference:
        """Write an average; `place` is its corner on the sensor, and its binning.

        The values are spread over 16 bits, so that what an average gains in depth is not rounded away.

        Raises FolderUnwritable.
        """
        largest = (1 << significant_bits) - 1
        factor = ((1 << FULL_BITS) - 1) / largest
        stem = new_stem(self._folder, name, taken_unix_ns, (".tiff", ".json"))
        path = Path(f"{stem}.tiff")
        reference = Reference(
            id=stem.name,
            name=name or stem.name,
            animal_id=animal_id,
            taken_unix_ns=taken_unix_ns,
            path=path,
            width_px=mean.shape[1],
            height_px=mean.shape[0],
            frames=frames,
            sensor_x_px=place[0],
            sensor_y_px=place[1],
            binning=place[2],
        )
        facts = {
            "layout": _LAYOUT,
            **{key: value for key, value in asdict(reference).items() if key != "path"},
            "significant_bits": significant_bits,
            "values_per_count": factor,
        }
        write_tiff(path, np.rint(mean * factor).astype(np.uint16), facts)
        # Last: what has no JSON is no reference.
        write_json(Path(f"{stem}.json"), facts)
        return reference

    def list(self, animal_id: str = "") -> list[Reference]:
        """Newest first; of one animal, or of all."""
        if not self._folder.is_dir():
            return []
        found = [reference for path in self._folder.glob("*.json") if (reference := _read(path)) is not None]
        chosen = [reference for reference in found if animal_id in ("", reference.animal_id)]
        return sorted(chosen, key=lambda reference: (reference.taken_unix_ns, reference.id), reverse=True)

    def find(self, reference_id: str) -> Reference:
        """Raises ReferenceNotFound. An id is looked for among those that are there, and is never a path."""
        for reference in self.list():
            if reference.id == reference_id:
                return reference
        raise ReferenceNotFound(reference_id)

    def picture(self, reference: Reference, max_width_px: int, max_height_px: int) -> npt.NDArray[np.uint8]:
        """Binned to fit, stretched to eight bits. Raises ReferenceNotFound where the file cannot be read any more."""
        try:
            pixels = read_tiff(reference.path)
        except (OSError, ValueError) as error:
            log.warning("A reference cannot be read", extra={"path": str(reference.path), "reason": str(error)})
            raise ReferenceNotFound(reference.id) from error
        binning = fitting_binning(pixels.shape[1], pixels.shape[0], max_width_px, max_height_px)
        return stretched(bin_pixels(pixels, binning), FULL_BITS)


def _read(path: Path) -> Reference | None:
    """What a file says, or None when it says nothing that makes sense: others may put files here."""
    try:
        facts: dict[str, Any] = read_json(path)
        return Reference(
            id=path.stem,
            name=str(facts["name"]),
            animal_id=str(facts["animal_id"]),
            taken_unix_ns=int(facts["taken_unix_ns"]),
            path=path.with_suffix(".tiff"),
            width_px=int(facts["width_px"]),
            height_px=int(facts["height_px"]),
            frames=int(facts["frames"]),
            sensor_x_px=int(facts["sensor_x_px"]),
            sensor_y_px=int(facts["sensor_y_px"]),
            binning=max(1, int(facts["binning"])),
        )
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        log.warning("A file in the folder of references is none", extra={"path": str(path)})
        return None
