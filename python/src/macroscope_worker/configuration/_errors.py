"""What is refused about the configuration and its presets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope_worker.errors import MacroscopeError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that a configuration breaks: the path of the field it is shown at, why, and the rule's id."""

    path: str
    message: str
    rule_id: str


class ConfigurationError(MacroscopeError):
    """Something about the configuration."""


class UnknownPath(ConfigurationError):
    """No field of the configuration."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The configuration has no field {path!r}. Both programs may be of different versions.")
        self.path = path


class InvalidConfiguration(ConfigurationError):
    """Rules would be broken; nothing was changed. `reasons` says them for people."""

    def __init__(self, broken: Sequence[BrokenRule], reasons: str) -> None:
        super().__init__(f"Nothing was changed, because rules would be broken: {reasons}.")
        self.broken = tuple(broken)


class StaleRevision(ConfigurationError):
    """Somebody has changed the configuration since; nothing was overwritten. `labels` name the paths for people."""

    def __init__(
        self, base_revision: int, revision: int, paths: Sequence[str], labels: Sequence[str], changed_by: str
    ) -> None:
        who = "The camera" if changed_by == "camera" else changed_by or "Somebody"
        what = f" ({', '.join(labels[:5])}{', …' if len(labels) > 5 else ''})" if labels else ""
        super().__init__(
            f"{who} has changed the configuration meanwhile{what}. Nothing was overwritten: look at it and do it again."
        )
        self.base_revision = base_revision
        self.revision = revision
        self.paths = tuple(paths)
        self.changed_by = changed_by


class FixedDuringRun(ConfigurationError):
    """A run holds the fields fixed."""

    def __init__(self, paths: Sequence[str], labels: Sequence[str], run_id: str) -> None:
        super().__init__(
            f"{', '.join(labels)} cannot change while a run goes on. Stop the run first, or wait for its end."
        )
        self.paths = tuple(paths)
        self.run_id = run_id


class NothingToUndo(ConfigurationError):
    """There is no change to take back, or none to make again."""


class InvalidPresetName(ConfigurationError):
    """No name of a preset."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"A preset cannot be called {name!r}. Use up to 60 letters, digits, spaces, dots, dashes and underscores, "
            "beginning with a letter or digit and not ending with a dot or a space."
        )
        self.name = name


class PresetExists(ConfigurationError):
    """There is one of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a preset {name!r} already. Choose another name, or overwrite it.")
        self.name = name


class PresetUnreadable(ConfigurationError):
    """A preset is broken, or newer than this program. `cause` is a sentence."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"The preset {name!r} cannot be loaded: {cause}" if name else f"It cannot be read: {cause}")
        self.name = name
        self.cause = cause


class PresetNotFound(PresetUnreadable):
    """There is none of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "There is no preset of that name. It may have been deleted; list them again.")


class PresetsUnwritable(ConfigurationError):
    """The disk or folder refuses."""

    def __init__(self, directory: str, cause: str) -> None:
        super().__init__(f"Nothing can be written in {directory}: {cause}. Free some space, or check its permissions.")
        self.directory = directory
        self.cause = cause
