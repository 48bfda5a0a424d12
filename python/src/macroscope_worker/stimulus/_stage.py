"""What is shown, on which display, and how well."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.notification.v1.notification_pb import Severity
from macroscope.stimulus.v1.stimulus_pb import Scene, StimulusState

from macroscope_worker.clock import clock_ns

from ._clock_fit import ClockCheck
from ._errors import DisplayAttached, DisplayNotAttached, TestRefused
from ._flip_intake import FlipIntake
from ._flips import FlipTally
from ._test_sweep import make_test_sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope.configuration.v1.display_pb import DisplayGeometry
    from macroscope.configuration.v1.stimulus_pb import StimulusSettings
    from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest, BarSweep, FlipBatch, FlipFigures
    from protobuf import Message

    from ._flips import ShowingFigures

    Write = Callable[[str, Message[Any]], None]
    Tell = Callable[[Severity, str, str, str], object]
    CallLater = Callable[[float, Callable[[], None]], Any]

FLIPS_TOPIC: Final = "/stimulus/flips"
SCENES_TOPIC: Final = "/stimulus/scenes"
DISPLAY_TOPIC: Final = "/stimulus/display"

_TEST_STARTS_IN_NS: Final = 300_000_000
"""The display has to know of a sweep before it starts."""
_BETWEEN_TESTS_S: Final = 0.5


class Attachment:
    """A display's hold on the stage, until `end`, or until the same display takes a new one."""

    def __init__(self, stage: Stage, display: AttachDisplayRequest) -> None:
        self._stage = stage
        self.display = display

    @property
    def held(self) -> bool:
        """Nothing has ended it yet."""
        return self._stage.attachment is self

    def end(self, reason: str) -> None:
        """The display is gone, for a reason, a sentence. Does nothing when the hold has ended already."""
        if self.held:
            self._stage.detach(reason)


class Stage:
    """The scene that is to be shown and the flips of the display that shows it. For one event loop only.

    `write` puts what happens into the journal; `tell` posts a notification of the stimulus: severity, code, message
    and remedy.
    """

    def __init__(
        self,
        *,
        write: Write = lambda _topic, _message: None,
        tell: Tell = lambda _severity, _code, _message, _remedy: None,
        clock: Callable[[], int] = clock_ns,
        call_later: CallLater | None = None,
    ) -> None:
        self._write = write
        self._tell = tell
        self._clock = clock
        self._call_later = call_later
        self._revision = 1
        self._scene = Scene(number=1)
        self._tally = FlipTally()
        self._intake = FlipIntake()
        self._clock_check = ClockCheck()
        self._last_display: AttachDisplayRequest | None = None
        self._run = False
        self._testing = Direction.UNSPECIFIED
        self._next_test: Any = None
        self._listeners: list[Callable[[], None]] = []
        self.attachment: Attachment | None = None
        self.lost_reason = ""
        """Why the last display went; empty while one is there, and when none ever was."""

    # For whoever drives the run.

    @property
    def attached(self) -> bool:
        """A display is there."""
        return self.attachment is not None

    @property
    def display(self) -> AttachDisplayRequest | None:
        """The display that is there."""
        return None if self.attachment is None else self.attachment.display

    @property
    def scene(self) -> Scene:
        """What is to be shown now. It is replaced, never changed."""
        return self._scene

    @property
    def testing(self) -> bool:
        """A test is shown."""
        return self._testing != Direction.UNSPECIFIED

    def set_drawing(self, display: DisplayGeometry, stimulus: StimulusSettings) -> None:
        """Draw by other settings from now on. A test begins anew with them."""
        if (display, stimulus) == (self._scene.display, self._scene.stimulus):
            return
        testing = self._testing
        self._end_test()
        sweep = None if testing else self._scene.sweep
        self._set_scene(Scene(display=display, stimulus=stimulus, sweep=sweep))
        if testing:
            # Settings that give no sweep leave it grey; whoever set them is told by their own rules.
            with suppress(TestRefused):
                self._begin_test(testing)

    def show(self, sweep: BarSweep | None) -> int:
        """Show a sweep at its times, or grey; answers the scene's number."""
        self._end_test()
        return self._set_scene(Scene(display=self._scene.display, stimulus=self._scene.stimulus, sweep=sweep))

    def begin_run(self) -> None:
        """A run goes on: its flips are counted, and tests are over."""
        self.test(None)
        self._run = True
        self._tally.begin_run(self._clock())
        self._changed()

    def end_run(self) -> None:
        """No run goes on; what it has left on the screen becomes grey."""
        self._run = False
        self._tally.end_run()
        if self._scene.sweep is not None:
            self.show(None)
        self._changed()

    def showing(self, showing: int) -> ShowingFigures:
        """What was presented of a showing of this run, or of the last one, as far as it has been reported."""
        return self._tally.showing(showing)

    def figures(self) -> FlipFigures:
        """The live figures."""
        figures = self._tally.figures(self._clock())
        figures.lost_flips = self._intake.lost
        return figures

    def test(self, direction: Direction | None) -> None:
        """Show sweeps of a direction over and over, or with None grey. Raises TestRefused."""
        wanted = direction or Direction.UNSPECIFIED
        if wanted == self._testing:
            return
        if self._run:
            raise TestRefused("A run goes on, and its stimulus is not disturbed. Wait for its end or stop it.")
        self._end_test()
        if wanted:
            self._begin_test(wanted)
        else:
            self.show(None)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after every change, on the event loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def state(self) -> StimulusState:
        """All of it, as clients see it."""
        return StimulusState(
            revision=self._revision,
            attached=self.attached,
            display=self.display,
            scene=self._scene,
            testing=self.testing,
            figures=self.figures(),
            lost_reason=self.lost_reason,
        )

    def touch(self) -> None:
        """Count a revision, because time alone has changed the figures."""
        self._changed()

    # For the display.

    def attach(self, display: AttachDisplayRequest) -> Attachment:
        """Take the stimulus on. The same attachment again takes the place of its older hold, and its flips go on.

        Raises DisplayAttached when another one is there.
        """
        present = self.display
        if present is not None and present.attachment_id != display.attachment_id:
            raise DisplayAttached(present.display_id)
        if self._last_display is None or self._last_display.attachment_id != display.attachment_id:
            self._intake, self._clock_check = FlipIntake(), ClockCheck()
            self._tally.begin_attachment()
        self._last_display = display
        self.attachment = Attachment(self, display)
        self.lost_reason = ""
        self._changed()
        self._write_display()
        return self.attachment

    def detach(self, reason: str) -> None:
        """The display is gone."""
        self.attachment = None
        self.lost_reason = reason
        if self.testing:
            self.test(None)
        self._changed()
        self._write_display()

    def take(self, attachment_id: str, batch: FlipBatch) -> int:
        """Count and keep what is new of a batch; answers the index that comes next. Raises DisplayNotAttached."""
        display = self.display
        if display is None or display.attachment_id != attachment_id:
            raise DisplayNotAttached
        now_ns = self._clock()
        taken = self._intake.take(batch)
        for part in taken.batches:
            self._write(FLIPS_TOPIC, part)
            self._tally.add(part, now_ns)
            problem = self._clock_check.problem(part, now_ns)
            if problem:
                self._tell(
                    Severity.WARNING,
                    "flip_times_implausible",
                    f"{problem} The stimulus window's clock does not agree with the worker's.",
                    "Close the stimulus window and open it again. Look at the flips of this run before you use it.",
                )
        if taken.lost is not None:
            first, count = taken.lost
            self._tell(
                Severity.WARNING,
                "flips_lost",
                f"{count} flips from number {first} on were shown and never reported.",
                "Look at the sweeps of that time before you use them. "
                "If it happens again, close other windows that need the graphics card.",
            )
        if taken.batches:
            self._changed()
        return self._intake.next_index

    def write_now(self) -> None:
        """Put into the journal which display there is, and what it is to show."""
        self._write_display()
        self._write(SCENES_TOPIC, self._scene)

    def _write_display(self) -> None:
        self._write(DISPLAY_TOPIC, self.state())

    # Scenes.

    def _set_scene(self, scene: Scene) -> int:
        scene.number = self._scene.number + 1
        self._scene = scene
        self._write(SCENES_TOPIC, scene)
        self._changed()
        return scene.number

    def _begin_test(self, direction: Direction) -> None:
        self._testing = direction
        try:
            self._next_test_sweep()
        except TestRefused:
            self._end_test()
            raise

    def _next_test_sweep(self) -> None:
        scene, now_ns = self._scene, self._clock()
        sweep = make_test_sweep(scene.display, scene.stimulus, self._testing, now_ns + _TEST_STARTS_IN_NS)
        later = self._call_later or asyncio.get_running_loop().call_later
        self._next_test = later((sweep.ended_ns - now_ns) / 1e9 + _BETWEEN_TESTS_S, self._next_test_sweep)
        self._set_scene(Scene(display=scene.display, stimulus=scene.stimulus, sweep=sweep))

    def _end_test(self) -> None:
        self._testing = Direction.UNSPECIFIED
        if self._next_test is not None:
            self._next_test.cancel()
            self._next_test = None

    def _changed(self) -> None:
        self._revision += 1
        for listener in tuple(self._listeners):
            listener()
