"""Stores over a folder, and settings to put in them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from macroscope.configuration.v1.settings_pb import Configuration

from macroscope_worker.configuration import ConfigurationStore, Presets
from macroscope_worker.configuration._parameters import defaults
from macroscope_worker.configuration._paths import put

from .camera_double import CameraDouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SAVED_NS = 1_763_740_800_000_000_000


class Told(list[tuple[str, str, str]]):
    """What people were told: code, sentence, remedy."""

    def __call__(self, code: str, sentence: str, remedy: str) -> None:
        self.append((code, sentence, remedy))

    @property
    def codes(self) -> list[str]:
        return [code for code, _, _ in self]


class Stored:
    """A store, its presets, its camera, and what was told."""

    def __init__(self, directory: Path) -> None:
        self.told = Told()
        self.store = ConfigurationStore(directory, program="macroscope 1.2", tell=self.told, unix_ns=lambda: SAVED_NS)
        self.presets = Presets(self.store, directory / "presets")
        self.camera = CameraDouble()

    @property
    def revision(self) -> int:
        return self.store.state.revision

    async def set(self, by: str = "operator", base: int | None = None, **values: Any) -> None:
        """Update fields; their paths are written with two underscores for each dot."""
        paths = {name.replace("__", "."): value for name, value in values.items()}
        await self.store.update(self.revision if base is None else base, settings(paths), list(paths), by)

    async def follow(self) -> None:
        """Follow the camera, and wait for the first look at it."""
        self.store.follow(self.camera)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def next_state(self) -> None:
        """Wait for the next revision."""
        changed = asyncio.Event()
        unsubscribe = self.store.subscribe(changed.set)
        try:
            await changed.wait()
        finally:
            unsubscribe()


@asynccontextmanager
async def stored(directory: Path, *, camera: bool = False) -> AsyncIterator[Stored]:
    """A store from its making to its end."""
    made = Stored(directory)
    if camera:
        await made.follow()
    try:
        yield made
    finally:
        await made.store.close()


def settings(values: dict[str, Any]) -> Configuration:
    """A configuration that has values at paths, and nothing else."""
    configuration = Configuration()
    for path, value in values.items():
        put(configuration, path, value)
    return configuration


def default_settings() -> Configuration:
    configuration = defaults(Configuration.desc())
    assert isinstance(configuration, Configuration)
    return configuration
