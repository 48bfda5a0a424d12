"""A run that goes on: the sequencer with a clock, a display, a camera and a disk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.stimulus.v1.stimulus_pb import BarSweep
from macroscope.workflow.v1.workflow_pb import RunStep

from macroscope_worker.acquisition import RecordingOutcome

from ._frame_count import frames_between
from ._in_daemon import in_daemon
from ._run_progress import run_to_proto
from ._run_watch import RunWatch
from ._sequence import Failed, Finish, Judge, Judged, Shifted, ShowGrey, ShowSweep

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from macroscope.workflow.v1.workflow_pb import Run

    from macroscope_worker.acquisition import RecordingSummary

    from ._ports import Instruments
    from ._run_news import RunNews
    from ._sequence import Action, Event, Reaction
    from ._sequencer import Sequencer
    from ._showing import Showing

LOG = logging.getLogger(__name__)

TICK_S: Final = 0.2
_FEWEST_OF_EXPECTED: Final = 0.5
"""A sweep of which less was seen than this part does not count."""


class RunDriver:
    """From the recording's start to its end. On the event loop.

    `misses_accepted`: whoever started it knows that the display misses refreshes, so that their number breaks no sweep.
    `on_boundary` is called when a step began or a sweep was judged, `on_tick` five times a second, `on_end` once.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        instruments: Instruments,
        news: RunNews,
        *,
        misses_accepted: bool = False,
        on_boundary: Callable[[], None],
        on_tick: Callable[[], object],
        on_end: Callable[[], None],
    ) -> None:
        self.sequencer = sequencer
        self._with = instruments
        self._news = news
        self._misses_accepted = misses_accepted
        self._on_boundary = on_boundary
        self._on_tick = on_tick
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._recording: RecordingSummary | None = None
        self._watch = RunWatch(instruments)
        self._looking = False
        self._timer: asyncio.TimerHandle | None = None
        self._ticker: asyncio.TimerHandle | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    def begin(self, recording: RecordingSummary) -> None:
        """The recording runs: go through the sequence from now on."""
        self._recording = recording
        self._unsubscribe = [
            self._with.stage.subscribe(self._look_soon),
            self._with.engine.subscribe(self._engine_changed),
        ]
        self._react(self.sequencer.begin)
        self._tick()

    def send(self, event: Event) -> None:
        """Something was asked for, or happened."""
        self._react(lambda now_ns: self.sequencer.handle(now_ns, event))

    def look(self) -> None:
        """See whether the run can go on as it does."""
        self._looking = False
        if self._recording is None or self.sequencer.step in {RunStep.STARTING, RunStep.ENDING, RunStep.ENDED}:
            return
        event = self._watch.look(self.sequencer, self._recording.run_id)
        if event is not None:
            self.send(event)

    def run(self) -> Run:
        """How it stands."""
        recording = self._with.engine.acquisition().recording
        if self._recording is not None and (recording is None or recording.run_id != self._recording.run_id):
            recording = self._recording
        elif self._recording is None:
            recording = None
        return run_to_proto(self.sequencer, recording, self._with.clock())

    # Inside.

    def _engine_changed(self) -> None:
        # From a thread of the engine, which may outlive the loop.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._look_soon)

    def _look_soon(self) -> None:
        """Not at once: what tells of its change may be in the middle of what this run asked of it."""
        if not self._looking:
            self._looking = True
            self._loop.call_soon(self.look)

    def _react(self, step: Callable[[int], Reaction]) -> None:
        boundaries = self.sequencer.boundaries
        judged = sum(showing.judged for showing in self.sequencer.shown)
        reaction = step(self._with.clock())
        for action in reaction.actions:
            self._do(action)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if reaction.wake_ns is not None:
            # Of two clocks that run alike: what is left now, on the loop's own.
            in_s = (reaction.wake_ns - self._with.clock()) / 1e9
            self._timer = self._loop.call_at(self._loop.time() + max(in_s, 0.0), self._wake)
        self._news.look(self.sequencer)
        now_judged = sum(showing.judged for showing in self.sequencer.shown)
        if (self.sequencer.boundaries, now_judged) != (boundaries, judged):
            self._on_boundary()
        else:
            self._on_tick()

    def _wake(self) -> None:
        self._timer = None
        self._react(self.sequencer.handle)

    def _tick(self) -> None:
        self._ticker = self._loop.call_later(TICK_S, self._tick)
        self.look()
        self._on_tick()

    def _do(self, action: Action) -> None:
        match action:
            case ShowSweep(showing, sweep, started_ns, ended_ns):
                self._with.stage.show(
                    BarSweep(
                        showing=showing,
                        direction=Direction(sweep.direction),
                        from_deg=sweep.from_deg,
                        to_deg=sweep.to_deg,
                        started_ns=started_ns,
                        ended_ns=ended_ns,
                    )
                )
            case ShowGrey():
                self._with.stage.show(None)
            case Judge(showing):
                self._spawn(self._judge(showing))
            case Shifted(late_ns):
                self._news.shifted(late_ns)
            case Finish():
                self._spawn(self._finish())

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _judge(self, number: int) -> None:
        """Count what a sweep has in frames and flips. Whatever breaks, it is judged: else the run would not end."""
        assert self._recording is not None
        showing = self.sequencer.shown[number]
        frames = await self._frames_of(showing, self._recording.directory)
        try:
            judged = self._judgement(showing, frames)
        except Exception:
            LOG.exception("the flips of showing %d were not counted", number)
            judged = Judged(number, frames, 0, 0, "Its flips could not be counted.")
        self.send(judged)

    def _judgement(self, showing: Showing, frames: int) -> Judged:
        stage = self._with.stage
        figures = stage.showing(showing.number)
        display = self._with.store.state.configuration
        nominal_hz = display.display.refresh_rate_hz if display and display.display else None
        rate_hz = stage.figures().refresh_rate_hz or nominal_hz or 60.0
        expected = rate_hz * (showing.ended_ns - showing.started_ns) / 1e9
        problem = ""
        if figures.flips == 0:
            problem = "Nothing of it was shown: the stimulus display told of no flip."
        elif not self._misses_accepted and figures.flips < _FEWEST_OF_EXPECTED * expected:
            problem = f"Too little of it was shown: {figures.flips} of about {expected:.0f} flips."
        return Judged(showing.number, frames, figures.flips, figures.missed_refreshes, problem)

    def _count_late_flips(self) -> None:
        """A window whose connection stood still tells later of what it showed, and the journal has it."""
        late = False
        for showing in self.sequencer.shown:
            figures = self._with.stage.showing(showing.number)
            if figures.flips > showing.flips:
                self.sequencer.recount(showing.number, figures.flips, figures.missed_refreshes)
                late = True
        if late:
            self._on_boundary()

    async def _frames_of(self, showing: Showing, run: Path) -> int:
        """0 where they cannot be counted: the sweep is judged all the same, or the run would not end."""
        within_s = 0.5 if self.sequencer.failure is not None else 3.0
        try:
            async with asyncio.timeout(2 * within_s + 1):
                return await in_daemon(
                    lambda: frames_between(run, showing.started_ns, showing.ended_ns, within_s=within_s)
                )
        except Exception:
            LOG.exception("the frames of showing %d were not counted", showing.number)
            return 0

    async def _finish(self) -> None:
        """End the recording and sum up."""
        if self._ticker is not None:
            self._ticker.cancel()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        failure: Failed | None = None
        try:
            self._count_late_flips()
        except Exception:
            LOG.exception("flips that came late were not counted")
        try:
            summary = await self._with.threads.stop(self._with.engine.stop_recording)
            failure = self._failure_of(summary)
        except Exception as error:
            LOG.exception("the recording of the run did not end well")
            failure = Failed(f"The recording did not end well: {error}.", "Check the run with 'macroscope verify'.")
        if self._timer is not None:
            self._timer.cancel()
        self.sequencer.ended(self._with.clock(), failure)
        try:
            self._news.look(self.sequencer)
            self._on_end()
        except Exception:
            LOG.exception("not everybody was told of the run's end")
        finally:
            self.ended.set()

    def _failure_of(self, summary: RecordingSummary | None) -> Failed | None:
        assert self._recording is not None
        if summary is None or summary.run_id != self._recording.run_id:
            return None
        self._recording = summary
        if summary.outcome is RecordingOutcome.FAILED:
            fault = summary.fault
            return Failed(fault.message if fault else "The recording failed.", fault.remedy if fault else "")
        return None
