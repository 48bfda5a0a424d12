"""The configuration on the disk, so that a worker that is started again has the same."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from macroscope_worker.whole_file import write_whole

from ._file_text import MOST_TEXT_BYTES, ReadText, read_settings, settings_json
from ._migrations import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope.configuration.v1.settings_pb import Configuration

LOG = logging.getLogger(__name__)

STATE_NAME: Final = "configuration.json"
BROKEN_NAME: Final = "configuration.broken.json"
_FORMAT: Final = "macroscope.configuration"


@dataclass(frozen=True, slots=True)
class StoredState:
    """What a worker left."""

    revision: int
    settings: ReadText
    preset_name: str
    preset: ReadText | None
    """The configuration as it was when the preset was saved or loaded."""


def state_text(configuration: Configuration, revision: int, preset_name: str, preset: Configuration | None) -> str:
    """What is stored of a state."""
    content = {
        "format": _FORMAT,
        "version": VERSION,
        "revision": revision,
        "configuration": settings_json(configuration),
        "preset_name": preset_name,
        "preset": settings_json(preset) if preset is not None else None,
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


def read_state(directory: Path) -> StoredState | None:
    """What an earlier worker left; None when there is nothing. Raises ValueError when it is broken: a sentence."""
    try:
        with (directory / STATE_NAME).open("rb") as file:
            data = file.read(2 * MOST_TEXT_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"it cannot be read: {error.strerror or error}"
        raise ValueError(msg) from error
    try:
        return _stored(json.loads(data.decode("utf-8")))
    except (TypeError, KeyError, RecursionError, OverflowError) as error:
        msg = f"it makes no sense: {error}"
        raise ValueError(msg) from error


def move_aside(directory: Path) -> None:
    """Keep a broken file beside, for somebody to look at; the one that was there before goes."""
    with contextlib.suppress(OSError):
        (directory / STATE_NAME).replace(directory / BROKEN_NAME)


def _stored(content: Any) -> StoredState:
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        msg = "it is no configuration of Macroscope"
        raise ValueError(msg)
    version, revision = content["version"], content["revision"]
    if not isinstance(version, int) or not 0 <= version <= VERSION:
        msg = f"it is of version {version!r}, and this program reads up to {VERSION}"
        raise ValueError(msg)
    if not isinstance(revision, int) or not 0 <= revision < 2**63:
        msg = f"its revision is {revision!r}"
        raise ValueError(msg)
    settings, preset, name = content["configuration"], content.get("preset"), content.get("preset_name")
    if not isinstance(settings, dict):
        msg = "it has no settings"
        raise TypeError(msg)
    return StoredState(
        revision=revision,
        settings=read_settings(settings, version),
        preset_name=name if isinstance(name, str) and isinstance(preset, dict) else "",
        preset=read_settings(preset, version) if isinstance(preset, dict) else None,
    )


class StateWriter:
    """Writes the newest state in a thread, one after the other; states that come meanwhile replace each other."""

    def __init__(self, directory: Path, on_failure: Callable[[str], object]) -> None:
        self._path = directory / STATE_NAME
        self._on_failure = on_failure
        self._newest: str | None = None
        self._failing = False
        self._task: asyncio.Task[None] | None = None

    def write(self, text: str) -> None:
        """Have it written soon."""
        self._newest = text
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def settled(self) -> None:
        """Wait until everything is on the disk, or has failed."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _run(self) -> None:
        try:
            while self._newest is not None:
                text, self._newest = self._newest, None
                try:
                    await asyncio.to_thread(write_whole, self._path, text)
                    self._failing = False
                except OSError as error:
                    LOG.warning("the configuration is not kept", extra={"reason": str(error)})
                    if not self._failing:
                        self._on_failure(error.strerror or str(error))
                    self._failing = True
        finally:
            self._task = None
