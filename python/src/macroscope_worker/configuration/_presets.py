"""Configurations under names: saved, loaded, exported and imported."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._camera_port import FOLLOWED, blamed
from ._errors import PresetUnreadable
from ._evaluation import evaluate, reasons_of
from ._experiment import summary_of
from ._file_text import MOST_TEXT_BYTES, read_text
from ._parameters import fill_empty
from ._paths import merged
from ._preset_folder import PresetFolder, checked_name
from ._starting import default_configuration

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope.configuration.v1.configuration_pb import ConfigurationState
    from macroscope.configuration.v1.settings_pb import Configuration

    from ._file_text import ReadText
    from ._preset_folder import FoundPreset
    from ._store import ConfigurationStore

EXPORT_NAME = "macroscope-settings"


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A preset in the list. `problem`: why it cannot be loaded, a sentence; empty when it can."""

    name: str
    saved_unix_ns: int
    summary: str
    problem: str


class Presets:
    """The presets of a store. The disk is waited for in threads."""

    def __init__(self, store: ConfigurationStore, directory: Path) -> None:
        self._store = store
        self._folder = PresetFolder(directory)
        self._lock = asyncio.Lock()

    @property
    def directory(self) -> Path:
        """Where the files are."""
        return self._folder.directory

    async def entries(self) -> list[PresetEntry]:
        """All that are there, the broken ones too."""
        entries = []
        for found in await asyncio.to_thread(self._folder.files):
            entries.append(self._entry(found))
            await asyncio.sleep(0)  # Many files hold up nobody.
        return entries

    async def save(self, name: str, by: str, *, overwrite: bool) -> ConfigurationState:
        """Save the configuration. Raises InvalidPresetName, PresetExists, PresetsUnwritable."""
        # Of two windows that save under one name, the second finds the first's file.
        async with self._lock:
            configuration = self._store.configuration
            text = self._store.text_of(configuration)
            await asyncio.to_thread(self._folder.write, name, text, overwrite=overwrite)
            return await self._store.named(name, configuration, by)

    async def load(self, base_revision: int, name: str, by: str) -> tuple[ConfigurationState, list[str]]:
        """Make a preset the configuration, but for session and display. Raises PresetUnreadable, and as `update`."""
        read = read_text(await asyncio.to_thread(self._folder.read, name), name)
        return await self._take(base_revision, read, by, label=f"Preset '{name}'", preset=name)

    async def take_text(self, base_revision: int, text: str, by: str) -> tuple[ConfigurationState, list[str]]:
        """Make the text of a preset file the configuration, session and all. Raises PresetUnreadable, as `update`."""
        if len(text.encode()) > MOST_TEXT_BYTES:
            raise PresetUnreadable("", f"It is longer than {MOST_TEXT_BYTES} bytes.")
        return await self._take(base_revision, read_text(text), by, label="Import", preset="")

    async def delete(self, name: str, by: str) -> None:
        """Remove a preset. Raises PresetNotFound, PresetsUnwritable."""
        async with self._lock:
            await asyncio.to_thread(self._folder.delete, name)
            if self._store.state.preset_name == name:
                await self._store.named(name, None, by)

    async def export(self, name: str) -> tuple[str, str]:
        """File name and text of a preset, or of the configuration when the name is empty. Raises PresetUnreadable."""
        if not name:
            return f"{EXPORT_NAME}.json", self._store.preset_text()
        text = await asyncio.to_thread(self._folder.read, name)
        read_text(text, name)
        return f"{checked_name(name)}.json", text

    async def _take(
        self, base_revision: int, read: ReadText, by: str, *, label: str, preset: str
    ) -> tuple[ConfigurationState, list[str]]:
        kept = self._store.kept_paths(session=bool(preset))
        state, left_out = await self._store.take_over(
            base_revision, lambda present: _laid_over(present, read, kept), by, label=label, preset=preset
        )
        return state, [*read.left_out, *left_out]

    def _entry(self, found: FoundPreset) -> PresetEntry:
        if found.text is None:
            return PresetEntry(found.name, found.changed_unix_ns, "", found.problem)
        try:
            read = read_text(found.text, found.name)
        except PresetUnreadable as error:
            return PresetEntry(found.name, found.changed_unix_ns, "", error.cause)
        configuration = _laid_over(self._store.configuration, read, self._store.kept_paths(session=True))
        broken = blamed(evaluate(configuration)[1], read.given)
        problem = f"It breaks rules: {reasons_of(configuration.desc(), broken)}." if broken else ""
        return PresetEntry(found.name, read.saved_unix_ns or found.changed_unix_ns, summary_of(configuration), problem)


def _laid_over(present: Configuration, read: ReadText, kept: tuple[str, ...]) -> Configuration:
    """What was read, the schema's defaults where it says nothing, and the present where that is kept.

    Of the camera only what was read is asked: a camera has no defaults.
    """
    result = merged(default_configuration(), present, (*kept, *FOLLOWED))
    keep = set(kept)
    result = merged(result, read.configuration, [path for path in read.given if path not in keep])
    fill_empty(result)
    return result
