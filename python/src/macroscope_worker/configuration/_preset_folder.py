"""The folder of presets: one readable file each, named as the preset is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from macroscope_worker.whole_file import write_whole

from ._errors import InvalidPresetName, PresetExists, PresetNotFound, PresetsUnwritable, PresetUnreadable
from ._file_text import MOST_TEXT_BYTES

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX: Final = ".json"
_MOST_LISTED: Final = 1000
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,58}[A-Za-z0-9_-])?")
# Windows has devices of these names, in every folder and with any ending.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundPreset:
    """A file of the folder; `text` is None where `problem` says why it cannot be read."""

    name: str
    text: str | None
    problem: str
    changed_unix_ns: int


def checked_name(name: str) -> str:
    """The name, which is a file's on every system. Raises InvalidPresetName."""
    if not _NAME.fullmatch(name) or _DEVICES.fullmatch(name):
        raise InvalidPresetName(name)
    return name


class PresetFolder:
    """Reads and writes; waits for the disk. The folder is made with the first preset."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def files(self) -> list[FoundPreset]:
        """Every file that may be a preset, by name."""
        try:
            files = [path for path in self.directory.iterdir() if path.suffix == _SUFFIX and path.name[0] != "."]
        except OSError:
            return []
        return [self._found(path) for path in sorted(files, key=lambda path: path.name.lower())[:_MOST_LISTED]]

    def read(self, name: str) -> str:
        """A preset's text. Raises PresetNotFound, PresetUnreadable."""
        try:
            path = self._path(name)
        except InvalidPresetName as error:
            raise PresetNotFound(name) from error
        return _read(path, name)

    def write(self, name: str, text: str, *, overwrite: bool) -> None:
        """Save a preset, whole or not at all. Raises InvalidPresetName, PresetExists, PresetsUnwritable."""
        path = self._path(name)
        try:
            if not overwrite and path.exists():
                raise PresetExists(name)
            write_whole(path, text)
        except OSError as error:
            raise PresetsUnwritable(str(self.directory), error.strerror or str(error)) from error

    def delete(self, name: str) -> None:
        """Remove a preset. Raises PresetNotFound, PresetsUnwritable."""
        try:
            self._path(name).unlink()
        except (FileNotFoundError, InvalidPresetName) as error:
            raise PresetNotFound(name) from error
        except OSError as error:
            raise PresetsUnwritable(str(self.directory), error.strerror or str(error)) from error

    def _path(self, name: str) -> Path:
        return self.directory / f"{checked_name(name)}{_SUFFIX}"

    def _found(self, path: Path) -> FoundPreset:
        # A disk may have bytes in a name that are no text, and nobody could be told of it.
        name = path.name.removesuffix(_SUFFIX).encode("utf-8", "replace").decode()
        changed_unix_ns = 0
        try:
            changed_unix_ns = path.stat().st_mtime_ns
            checked_name(name)
            return FoundPreset(name, _read(path, name), "", changed_unix_ns)
        except InvalidPresetName:
            problem = "The file's name is no name of a preset: rename it with letters, digits and dashes only."
        except PresetUnreadable as error:
            problem = error.cause
        except OSError as error:
            problem = f"It cannot be read: {error.strerror or error}."
        return FoundPreset(name, None, problem, changed_unix_ns)


def _read(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_TEXT_BYTES + 1)
    except FileNotFoundError as error:
        raise PresetNotFound(name) from error
    except OSError as error:
        raise PresetUnreadable(name, f"The file cannot be read: {error.strerror or error}.") from error
    if len(data) > MOST_TEXT_BYTES:
        raise PresetUnreadable(name, f"The file is longer than {MOST_TEXT_BYTES} bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PresetUnreadable(name, "The file is no text in UTF-8.") from error
