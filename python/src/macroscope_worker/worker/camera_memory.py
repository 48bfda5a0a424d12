"""The camera that was live and how it was set, so that a worker started after a crash shows the same picture again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from macroscope_worker.acquisition import CameraPhase
from macroscope_worker.errors import ParameterError
from macroscope_worker.whole_file import read_json, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macroscope_worker.acquisition import CameraSnapshot

MEMORY_NAME: Final = "camera.json"


class CameraOwner(Protocol):
    """The part of the engine that opens and sets cameras."""

    def select_camera(self, camera_id: str) -> CameraSnapshot:
        """Make it live."""

    def configure(self, changes: Mapping[str, float]) -> CameraSnapshot:
        """Change settings, all or none."""


@dataclass(frozen=True, slots=True)
class RememberedCamera:
    """A camera's id and its settings, by their paths."""

    camera_id: str
    settings: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: CameraSnapshot) -> RememberedCamera | None:
        """What to remember of a camera that is live; None of any other."""
        if snapshot.phase != CameraPhase.LIVE or snapshot.description is None:
            return None
        settings = {name: each.value for name, each in snapshot.parameters.items() if not each.read_only}
        return cls(snapshot.description.id, settings)

    @classmethod
    def load(cls, directory: Path) -> RememberedCamera | None:
        """Read what an earlier worker remembered; None when there is nothing, or nothing that makes sense."""
        try:
            found = read_json(directory / MEMORY_NAME)
            settings = {str(name): float(value) for name, value in found["settings"].items()}
            return cls(str(found["camera_id"]), settings)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
            return None

    def store(self, directory: Path) -> None:
        """Write it down. Raises OSError."""
        content = {"camera_id": self.camera_id, "settings": dict(self.settings)}
        write_whole(directory / MEMORY_NAME, json.dumps(content))

    def restore(self, owner: CameraOwner) -> list[str]:
        """Make the camera live as it was set; returns the settings that it did not take.

        What a setting may be depends on others (a region on the binning, a rate on the exposure), and on which ones
        depends on the camera. So those that are refused are tried again for as long as any other was taken.

        Raises CameraError when the camera does not open.
        """
        snapshot = owner.select_camera(self.camera_id)
        pending = _groups(self.settings)
        progress = True
        while pending and progress:
            progress = False
            for group, changes in list(pending.items()):
                try:
                    if any(_differs(snapshot, name, value) for name, value in changes.items()):
                        snapshot = owner.configure(changes)
                except ParameterError:
                    continue
                del pending[group]
                progress = True
        return sorted(name for changes in pending.values() for name in changes)


def _groups(settings: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Settings that make sense only together, such as the sides of a region, by what their paths share."""
    groups: dict[str, dict[str, float]] = {}
    for name, value in settings.items():
        groups.setdefault(name.partition(".")[0], {})[name] = value
    return groups


def _differs(snapshot: CameraSnapshot, name: str, value: float) -> bool:
    parameter = snapshot.parameters.get(name)
    return parameter is None or parameter.value != value
