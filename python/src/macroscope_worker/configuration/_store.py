"""The configuration: one for all windows, changed by one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING, Final

from macroscope.configuration.v1.configuration_pb import ConfigurationState
from macroscope.configuration.v1.settings_pb import CameraChoice, Configuration

from macroscope_worker.clock import clock_ns
from macroscope_worker.errors import NoCamera

from ._camera_port import CAMERA, FOLLOWED, blamed, is_followed
from ._errors import BrokenRule, FixedDuringRun, InvalidConfiguration, NothingToUndo, StaleRevision
from ._evaluation import evaluate, reasons_of
from ._experiment import NO_CAMERA, plan_of
from ._file_text import write_text
from ._history import Change, ChangeLog, UndoStack
from ._parameters import changeable_in_run, detected_paths, fill_empty, label_of, labels_of
from ._paths import changed_paths, leaves_under, merged, value_at
from ._starting import default_configuration, start_from
from ._state_file import StateWriter, state_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from macroscope.configuration.v1.settings_pb import DerivedValues

    from macroscope_worker.stimulus import RunPlan

    from ._camera_port import CameraPort
    from ._experiment import CameraRate

LOG = logging.getLogger(__name__)

SESSION: Final = "session"
"""The group that belongs to a run and not to a way of working: presets leave it alone."""
_RUN: Final = "run"
_WRITTEN_WITHIN_S: Final = 1.0
"""Whoever changes something waits so long for the disk."""


class ConfigurationStore:
    """Owned by the worker, on its event loop, from its making to `close`.

    Messages that it hands out are never changed afterwards: a new state is a new message. `tell` is given code,
    sentence and remedy of what people have to know.
    """

    def __init__(
        self,
        directory: Path,
        *,
        program: str,
        tell: Callable[[str, str, str], object],
        unix_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._program = program
        self._unix_ns = unix_ns
        self._lock = asyncio.Lock()
        self._undo = UndoStack()
        self._log = ChangeLog()
        self._listeners: list[Callable[[], None]] = []
        self._camera: CameraPort | None = None
        self._following: asyncio.Task[None] | None = None
        self._run_id: str | None = None
        self._writer = StateWriter(
            directory,
            lambda cause: tell(
                "configuration.not_kept",
                f"The settings cannot be written in {directory}: {cause}. They are lost when the program ends.",
                "Free some space, or export the settings to another place.",
            ),
        )
        start = start_from(directory, tell)
        self._preset_name, self._preset = start.preset_name, start.preset
        # Above every number that was given before: nobody's old revision is taken for a new one.
        self._first_revision = start.revision + 1
        self._state = self._make_state(start.configuration, self._first_revision, by="")

    @property
    def state(self) -> ConfigurationState:
        """The configuration, whole. Not to be changed."""
        return self._state

    @property
    def configuration(self) -> Configuration:
        """The settings now. Not to be changed."""
        assert self._state.configuration is not None  # Every state has one.
        return self._state.configuration

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call on the event loop after each new state; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def follow(self, camera: CameraPort) -> None:
        """From now on FOLLOWED is what the live camera works with, and it is asked for changes. Once."""
        assert self._following is None
        self._camera = camera
        self._following = asyncio.get_running_loop().create_task(self._follow(camera))
        self._following.add_done_callback(_log_failure)

    async def close(self) -> None:
        """Follow no more, and have the last state on the disk."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await self._writer.settled()

    def hold_for_run(self, run_id: str | None) -> None:
        """Hold fixed whatever is not changeable in a run, until it is called with None. On the event loop."""
        if run_id != self._run_id:
            self._run_id = run_id
            self._publish(self.configuration, by=_RUN)

    def plan(self) -> RunPlan:
        """The run that the configuration asks for. Raises ValueError when it asks for none that can be."""
        return plan_of(self.configuration)

    def preset_text(self) -> str:
        """The configuration as the text of a preset file, session and all."""
        return self.text_of(self.configuration)

    def text_of(self, configuration: Configuration) -> str:
        """A configuration as the text of a preset file that is saved now."""
        return write_text(configuration, self._program, self._unix_ns())

    def draft(self, source: Configuration, paths: Iterable[str]) -> tuple[DerivedValues | None, tuple[BrokenRule, ...]]:
        """What an update would give: derived values and broken rules. Raises UnknownPath."""
        wanted = self._wanted(source, paths)
        derived, broken = evaluate(wanted, self._rate(wanted))
        return derived, blamed(broken, changed_paths(self.configuration, wanted))

    async def update(
        self, base_revision: int, source: Configuration, paths: Sequence[str], by: str
    ) -> ConfigurationState:
        """Set the paths to what the source has there, all or none.

        Raises UnknownPath, StaleRevision, FixedDuringRun, InvalidConfiguration, and whatever the camera refuses with.
        """
        async with self._lock:
            self._check_base(base_revision)
            await self._change(self._wanted(source, paths), by)
        return await self._written()

    async def reset(self, base_revision: int, paths: Sequence[str], by: str) -> ConfigurationState:
        """Give fields or groups the defaults of the schema. Raises as `update` does."""
        return await self.update(base_revision, default_configuration(), paths, by)

    async def undo(self, base_revision: int, by: str) -> ConfigurationState:
        """Take the last change back. Raises NothingToUndo, and as `update` does."""
        async with self._lock:
            self._check_base(base_revision)
            if (change := self._undo.undo) is None:
                msg = "There is no change to take back."
                raise NothingToUndo(msg)
            wanted = merged(self.configuration, change.before, change.paths)
            await self._change(wanted, by, note=lambda _change: self._undo.undid())
        return await self._written()

    async def redo(self, base_revision: int, by: str) -> ConfigurationState:
        """Make the change again that was taken back last. Raises as `undo` does."""
        async with self._lock:
            self._check_base(base_revision)
            if (change := self._undo.redo) is None:
                msg = "There is no change to make again."
                raise NothingToUndo(msg)
            wanted = merged(self.configuration, change.after, change.paths)
            await self._change(wanted, by, note=lambda _change: self._undo.redid())
        return await self._written()

    async def take_over(
        self, base_revision: int, make: Callable[[Configuration], Configuration], by: str, *, label: str, preset: str
    ) -> tuple[ConfigurationState, list[str]]:
        """Become what `make` makes of the present configuration, except what the live camera cannot do.

        Answers with the state and sentences about the rest. `preset` is the preset's name when it is one.
        Raises as `update` does, but for the camera's refusals.
        """
        async with self._lock:
            self._check_base(base_revision)
            left_out = await self._change(make(self.configuration), by, label=label, partly=True)
            if preset:
                self._name_preset(preset, self.configuration, by)
        return await self._written(), left_out

    async def named(self, preset: str, configuration: Configuration | None, by: str) -> ConfigurationState:
        """The configuration was saved as a preset of this name; None: there is no such preset any more."""
        async with self._lock:
            self._name_preset(preset, configuration, by)
        return await self._written()

    def kept_paths(self, *, session: bool) -> tuple[str, ...]:
        """What a preset does not change: what the program finds out by itself, and the session."""
        desc = Configuration.desc()
        return detected_paths(desc) + (leaves_under(desc, SESSION) if session else ())

    def _wanted(self, source: Configuration, paths: Iterable[str]) -> Configuration:
        wanted = merged(self.configuration, source, paths)
        fill_empty(wanted)
        return wanted

    def _check_base(self, base_revision: int) -> None:
        """A revision that changed no setting, such as the begin of a run, makes nobody's base stale."""
        revision = self._state.revision
        changed_at, changed_by = self._log.last
        if not max(changed_at, self._first_revision) <= base_revision <= revision:
            paths, desc = self._log.since(base_revision), Configuration.desc()
            raise StaleRevision(base_revision, revision, paths, [label_of(desc, path) for path in paths], changed_by)

    async def _change(
        self,
        wanted: Configuration,
        by: str,
        *,
        label: str = "",
        partly: bool = False,
        note: Callable[[Change], None] | None = None,
    ) -> list[str]:
        """Check the rules, ask the camera, and commit. Nothing is changed when any of it refuses."""
        before = self.configuration
        changed = changed_paths(before, wanted)
        if not changed and note is None:
            return []
        self._check_run(changed)
        asked = [path for path in changed if is_followed(path)]
        _, broken = evaluate(wanted)
        if broken := blamed(broken, changed):
            raise InvalidConfiguration(broken, reasons_of(before.desc(), broken))
        left_out: list[str] = []
        after = wanted
        if asked:
            choice, left_out = await self._ask_camera(wanted, asked, partly=partly)
            after = _with_camera(wanted, choice)
            # A run may have begun while the camera was busy; the camera's own part is followed.
            self._check_run([path for path in changed if path not in asked])
        paths = changed_paths(before, after)
        change = Change(label or labels_of(before.desc(), paths), paths, before, after)
        if note is not None:
            note(change)
        elif paths:
            self._undo.did(change)
        if paths or note is not None:
            self._publish(after, by=by)
        return left_out

    def _check_run(self, changed: Sequence[str]) -> None:
        desc = Configuration.desc()
        if self._run_id is not None and (fixed := [path for path in changed if not changeable_in_run(desc, path)]):
            raise FixedDuringRun(fixed, list(dict.fromkeys(label_of(desc, path) for path in fixed)), self._run_id)

    async def _ask_camera(
        self, wanted: Configuration, paths: Sequence[str], *, partly: bool
    ) -> tuple[CameraChoice | None, list[str]]:
        """What the camera made of what is given at the paths. A value that was taken away is the camera's to choose."""
        given = [path for path in paths if value_at(wanted, path) is not None]
        asked = merged(Configuration(), wanted, given).camera
        if not given or asked is None:
            return self.configuration.camera, []
        if self._camera is None:
            raise NoCamera
        if partly:
            choice, left_out = await self._camera.offer(asked)
            return choice or self.configuration.camera, left_out
        return await self._camera.ask(asked), []

    def _name_preset(self, name: str, configuration: Configuration | None, by: str) -> None:
        self._preset_name, self._preset = name if configuration is not None else "", configuration
        self._publish(self.configuration, by=by)

    async def _follow(self, camera: CameraPort) -> None:
        news = asyncio.Event()
        loop = asyncio.get_running_loop()

        def told() -> None:
            with contextlib.suppress(RuntimeError):  # The loop may have ended before the camera's threads.
                loop.call_soon_threadsafe(news.set)

        unsubscribe = camera.subscribe(told)
        try:
            while True:
                news.clear()
                async with self._lock:
                    if (choice := camera.live()) is not None:
                        self._publish(_with_camera(self.configuration, choice), by=CAMERA, only_news=True)
                await news.wait()
        finally:
            unsubscribe()

    def _publish(self, configuration: Configuration, *, by: str, only_news: bool = False) -> None:
        """Make the next revision. `only_news`: not when nothing has changed."""
        before = self._state
        paths = changed_paths(self.configuration, configuration)
        state = self._make_state(configuration, before.revision + 1, by=by)
        if only_news and not paths and state.derived == before.derived:
            return
        if paths:
            self._log.note(state.revision, paths, by)
        self._state = state
        self._writer.write(state_text(configuration, state.revision, self._preset_name, self._preset))
        for listener in list(self._listeners):
            try:
                listener()
            except Exception:
                LOG.exception("a listener to the configuration failed")

    async def _written(self) -> ConfigurationState:
        """The state, as a rule after it is on the disk; a disk that hangs holds nobody up for long."""
        state = self._state
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WRITTEN_WITHIN_S):
                await self._writer.settled()
        return state

    def _make_state(self, configuration: Configuration, revision: int, *, by: str) -> ConfigurationState:
        derived, _ = evaluate(configuration, self._rate(configuration))
        undo, redo = self._undo.undo, self._undo.redo
        return ConfigurationState(
            revision=revision,
            configuration=configuration,
            derived=derived,
            undo_label=undo.label if undo else "",
            redo_label=redo.label if redo else "",
            preset_name=self._preset_name,
            differs_from_preset=self._differs(configuration),
            changed_by=by,
            changed_ns=clock_ns(),
            run_active=self._run_id is not None,
        )

    def _differs(self, configuration: Configuration) -> bool:
        if self._preset is None:
            return False
        kept = set(self.kept_paths(session=True))
        return any(path not in kept for path in changed_paths(self._preset, configuration))

    def _rate(self, configuration: Configuration) -> CameraRate:
        if self._camera is None or configuration.camera is None:
            return NO_CAMERA
        return self._camera.rate(configuration.camera)


def _with_camera(configuration: Configuration, choice: CameraChoice | None) -> Configuration:
    return merged(configuration, Configuration(camera=choice), FOLLOWED)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        LOG.error("the configuration no longer follows the camera", exc_info=error)
