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

from ._run_progress import run_to_proto
from ._run_watch import RunWatch
from ._sequence import Failed, Finish, Judge, Shifted, ShowGrey, ShowSweep
from ._sweep_judge import SweepJudge

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from macroscope.workflow.v1.workflow_pb import Run

    from macroscope_worker.acquisition import RecordingSummary

    from ._ports import Instruments
    from ._run_news import RunNews
    from ._sequence import Action, Event, Reaction
    from ._sequencer import Sequencer

LOG = logging.getLogger(__name__)

TICK_S: Final = 0.2


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
        self._judging: SweepJudge | None = None
        self._looking = False
        self._timer: asyncio.TimerHandle | None = None
        self._ticker: asyncio.TimerHandle | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    def begin(self, recording: RecordingSummary) -> None:
        """The recording runs: go through the sequence from now on."""
        self._recording = recording
        self._judging = SweepJudge(self._with, recording.run_id, misses_accepted=self._misses_accepted)
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
        if self._judging is not None:
            self._judging.look()
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
        """Whatever breaks, it is judged: else the run would not end."""
        assert self._judging is not None
        within_s = 0.5 if self.sequencer.failure is not None else 3.0
        self.send(await self._judging.judge(self.sequencer.shown[number], within_s=within_s))

    def _count_again(self) -> None:
        """A window whose connection stood still tells later of what it showed; a disk that failed takes frames back."""
        assert self._judging is not None
        changed = [self.sequencer.recount(self._judging.judgement(showing)) for showing in self.sequencer.shown]
        if any(changed):
            self._on_boundary()

    async def _finish(self) -> None:
        """End the recording and sum up."""
        if self._ticker is not None:
            self._ticker.cancel()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        failure: Failed | None = None
        try:
            self._count_again()
        except Exception:
            LOG.exception("sweeps were not counted again")
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
