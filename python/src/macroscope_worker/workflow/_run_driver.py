"""A run that goes on: the sequencer with a clock, a display, a camera and a disk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final, TypeVar

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.stimulus.v1.stimulus_pb import BarSweep
from macroscope.workflow.v1.workflow_pb import RunStep

from macroscope_worker.acquisition import RecordingOutcome

from ._disk_wait import DiskWait
from ._giving_up import GivenUp, unless
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

R = TypeVar("R")

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
        self._disk = DiskWait(instruments)
        self._given_up = asyncio.Event()
        self._looking = False
        self._timer: asyncio.TimerHandle | None = None
        self._ticker: asyncio.TimerHandle | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    def prepare(self) -> None:
        """The recording is being started: tell how that goes, until `begin` or `cancel`."""
        self._tick()

    def cancel(self) -> None:
        """It was not started."""
        if self._ticker is not None:
            self._ticker.cancel()
        self.ended.set()

    @property
    def stuck(self) -> bool:
        """It waits for a disk that has not answered for so long that one can give up."""
        return self._disk.stuck

    @property
    def given_up(self) -> bool:
        """Nobody waits any more."""
        return self._given_up.is_set()

    def give_up(self) -> Failed:
        """Wait no more for the disk, whether the run starts or ends; the reason is why it has failed."""
        self._given_up.set()
        return self._why_given_up()

    async def unless_given_up(self, work: Coroutine[None, None, R]) -> R:
        """The answer of what waits for the disk. Raises GivenUp."""
        return await unless(self._given_up, work)

    def begin(self, recording: RecordingSummary) -> None:
        """The recording runs: go through the sequence from now on."""
        self._recording = recording
        if self._given_up.is_set():
            # It came in the very moment.
            self._given_up.clear()
            self.sequencer.stop_at_begin = True
        self._judging = SweepJudge(self._with, recording.run_id, misses_accepted=self._misses_accepted)
        self._unsubscribe = [
            self._with.stage.subscribe(self._look_soon),
            self._with.engine.subscribe(self._engine_changed),
        ]
        self._react(self.sequencer.begin)
        if self._ticker is None:
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
        run = run_to_proto(self.sequencer, recording, self._with.clock())
        if waits_for := self._disk.waits_for:
            run.waiting_for, run.waiting_since_ns = waits_for, self._disk.since_ns
        return run

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
        self._disk.look(self.sequencer.step)
        if self._disk.stuck and self.sequencer.stop_at_begin and self.sequencer.step is RunStep.STARTING:
            # Whoever stopped it before anything was recorded does not have to do so twice.
            self._given_up.set()
        self.look()
        self._on_tick()

    def _why_given_up(self) -> Failed:
        return Failed(
            f"Somebody gave up waiting after {self._disk.lasts_s:.0f} s. {self._disk.waits_for}",
            "Check the disk, its cable or its network. What is on it is kept, and what waits is written if it answers "
            "again: 'macroscope verify' tells how much of the run there is.",
        )

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
        """End the recording and sum up. Given up, what waits is left to the recording, which goes on by itself."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        failure: Failed | None = None
        try:
            self._count_again()
        except Exception:
            LOG.exception("sweeps were not counted again")
        try:
            summary = await self.unless_given_up(self._stop_recording())
            failure = self._failure_of(summary)
        except GivenUp:
            failure = self._why_given_up()
        except Exception as error:
            LOG.exception("the recording of the run did not end well")
            failure = Failed(f"The recording did not end well: {error}.", "Check the run with 'macroscope verify'.")
        for timer in (self._timer, self._ticker):
            if timer is not None:
                timer.cancel()
        self.sequencer.ended(self._with.clock(), failure)
        try:
            self._news.look(self.sequencer)
            self._on_end()
        except Exception:
            LOG.exception("not everybody was told of the run's end")
        finally:
            self.ended.set()

    async def _stop_recording(self) -> RecordingSummary | None:
        return await self._with.threads.stop(self._with.engine.stop_recording)

    def _failure_of(self, summary: RecordingSummary | None) -> Failed | None:
        assert self._recording is not None
        if summary is None or summary.run_id != self._recording.run_id:
            return None
        self._recording = summary
        if summary.outcome is RecordingOutcome.FAILED:
            fault = summary.fault
            return Failed(fault.message if fault else "The recording failed.", fault.remedy if fault else "")
        return None
