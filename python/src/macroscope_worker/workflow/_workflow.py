"""The workflow: which phase it is in, what may be asked for, and the run that goes on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from macroscope.notification.v1.notification_pb import Severity
from macroscope.workflow.v1.workflow_pb import (
    Fault,
    RunOutcome,
    RunStep,
    StopMode,
    Verb,
    WorkflowPhase,
    WorkflowState,
)

from macroscope_worker.acquisition import AcquisitionPhase, CameraPhase

from ._checked import HOLD_S, Checked
from ._errors import TransitionOvertaken, TransitionRefused
from ._facts import Facts
from ._giving_up import GivenUp
from ._run_driver import RunDriver
from ._run_memory import cut_short, was_cut_short
from ._run_news import SOURCE, RunNews
from ._run_start import RecordingStart
from ._sequence import Cause, Pause, Resume, StopAfterSweep, StopNow
from ._sequencer import Sequencer
from ._transitions import BY_VERB, transitions_to_proto
from .checks import DisplayRefresh

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from macroscope.workflow.v1.workflow_pb import Run

    from macroscope_worker.acquisition import RecordingSummary

    from ._ports import Instruments
    from ._run_memory import RunMemory

LOG = logging.getLogger(__name__)

WORKFLOW_TOPIC: Final = "/workflow"

_FLIPS_FRESH_MS: Final = 2000.0


class Workflow:
    """The one workflow. On the event loop; `close` ends it. `last_run` is that of an earlier worker."""

    def __init__(self, instruments: Instruments, memory: RunMemory, last_run: Run | None = None) -> None:
        self._with = instruments
        self._memory = memory
        self._loop = asyncio.get_running_loop()
        self._phase = WorkflowPhase.START_UP
        self._fault: Fault | None = None
        self._recovers_to = WorkflowPhase.UNSPECIFIED
        self._checked = Checked(instruments)
        self._checking: asyncio.Task[None] | None = None
        self._driver: RunDriver | None = None
        self._giving_up: asyncio.Task[None] | None = None
        self._gave_up = False
        self._ageing: asyncio.TimerHandle | None = None
        self._cut_short = last_run is not None and was_cut_short(last_run)
        self._last_run = cut_short(last_run) if last_run is not None and self._cut_short else last_run
        self._listeners: list[Callable[[], None]] = []
        self._state = self._make_state(1)
        self._refreshing = False
        self._unsubscribe = [
            instruments.stage.subscribe(self._refresh_soon),
            instruments.store.subscribe(self._refresh_soon),
            instruments.engine.subscribe(self._engine_changed),
        ]

    # What is told.

    @property
    def state(self) -> WorkflowState:
        """The workflow as it was told last. It is replaced, never changed."""
        return self._state

    @property
    def running(self) -> bool:
        """A run goes on."""
        return self._driver is not None

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after each new state, on the event loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # What is asked for: as in the contract. All raise TransitionRefused; what already is as asked is no refusal.

    async def enter_phase(self, phase: WorkflowPhase) -> WorkflowState:
        """Go to SET_UP or REVIEW."""
        if phase != self._phase:
            self._require(Verb.ENTER_SET_UP if phase == WorkflowPhase.SET_UP else Verb.ENTER_REVIEW)
            self._phase = phase
        return self._refresh()

    async def run_preflight(self) -> WorkflowState:
        """Make the checks; answers when all are made. Who asks meanwhile waits for the same ones."""
        self._require(Verb.RUN_PREFLIGHT)
        self._phase = WorkflowPhase.PRE_FLIGHT
        await self._check()
        return self._refresh()

    async def start_run(self, accepted_warnings: Collection[str] = ()) -> WorkflowState:
        """Start the run. Raises also what planning and the recording raise; then it is PRE_FLIGHT as before.

        Checks that do not hold any more are made again first: whoever presses Start an hour after them means a run that
        can be made now.
        """
        self._require(Verb.START_RUN, accepted_warnings)
        if self._checked.outdated:
            await self._check()
            self._require(Verb.START_RUN, accepted_warnings, checked_just_now=True)
        # Before anything is planned: what is recorded as the configuration is what was planned from.
        self._with.store.hold_for_run("")
        self._phase = WorkflowPhase.ACQUISITION
        recording = RecordingStart(self._with)
        try:
            self._driver, news = self._make_driver()
            self._driver.prepare()
            self._begin(self._driver, await self._driver.unless_given_up(recording.begin()), news)
        except GivenUp:
            self._start_failed()
        except BaseException:
            if recording.may_run:
                # Given up by its caller, or broken. It is ended behind everybody's back.
                self._giving_up = self._loop.create_task(self._give_up_start())
            else:
                self._leave_start()
            raise
        return self._refresh()

    async def pause_run(self) -> WorkflowState:
        """Pause at the end of the sweep, or at once where none is shown."""
        facts = self._facts()
        if not (facts.pause_asked or facts.step is RunStep.PAUSED):
            self._require(Verb.PAUSE_RUN)
            self._send(Pause())
        return self._refresh()

    async def resume_run(self) -> WorkflowState:
        """Go on."""
        facts = self._facts()
        paused = facts.pause_asked or facts.step is RunStep.PAUSED
        if paused or facts.phase != WorkflowPhase.ACQUISITION:
            self._require(Verb.RESUME_RUN)
            self._send(Resume())
        return self._refresh()

    async def stop_run(self, mode: StopMode) -> WorkflowState:
        """End the run early. Answers at once."""
        facts = self._facts()
        if mode == StopMode.AFTER_SWEEP and not facts.stop_after_sweep_asked:
            self._require(Verb.STOP_AFTER_SWEEP)
            self._send(StopAfterSweep())
        elif mode == StopMode.NOW and (facts.disk_stuck or facts.step is not RunStep.ENDING):
            self._require(Verb.STOP_NOW)
            if facts.disk_stuck and self._driver is not None:
                self._driver.give_up()
            else:
                self._send(StopNow())
        return self._refresh()

    async def recover(self) -> WorkflowState:
        """Leave ERROR for the phase before it."""
        self._require(Verb.RECOVER)
        self._phase, self._fault = self._recovers_to, None
        self._recovers_to = WorkflowPhase.UNSPECIFIED
        return self._refresh()

    # What happens beside.

    def started_up(self) -> None:
        """The camera and the configuration are there, or it is known that they are not."""
        if self._phase != WorkflowPhase.START_UP:
            return
        run = self._last_run
        if self._cut_short and run is not None and run.fault is not None:
            self._memory.note(run)
            self._with.notifications.post(Severity.ERROR, SOURCE, "run_cut_short", run.fault.message, run.fault.remedy)
            self.fail(run.fault, recovers_to=WorkflowPhase.REVIEW)
            return
        self._phase = WorkflowPhase.SET_UP
        self._refresh()

    def fail(self, fault: Fault, *, recovers_to: WorkflowPhase) -> None:
        """Something has to be mended."""
        self._phase, self._fault, self._recovers_to = WorkflowPhase.ERROR, fault, recovers_to
        self._refresh()

    async def close(self) -> None:
        """Stop the run and wait for its end; tell nobody any more."""
        if self._driver is not None:
            driver = self._driver
            driver.send(StopNow())
            await driver.ended.wait()
        if self._checking is not None and not self._checking.done():
            self._checking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._checking
        while self._unsubscribe:
            self._unsubscribe.pop()()
        await self._memory.written()

    # The run.

    def _make_driver(self) -> tuple[RunDriver, RunNews]:
        news = RunNews(self._with.notifications)
        driver = RunDriver(
            Sequencer(self._with.store.plan()),
            self._with,
            news,
            misses_accepted=self._checked.warns(DisplayRefresh.id),
            on_boundary=self._boundary,
            on_tick=self._refresh,
            on_end=self._run_ended,
        )
        return driver, news

    def _begin(self, driver: RunDriver, recording: RecordingSummary, news: RunNews) -> None:
        instruments = self._with
        instruments.store.hold_for_run(recording.run_id)
        configuration = instruments.store.state.configuration
        assert configuration is not None
        assert configuration.display is not None
        assert configuration.stimulus is not None
        instruments.stage.set_drawing(configuration.display, configuration.stimulus)
        instruments.stage.begin_run()
        plan = driver.sequencer.plan
        news.started(recording.run_id, len(plan.sweeps), plan.duration_s)
        driver.begin(recording)

    async def _check(self) -> None:
        if self._checking is None or self._checking.done():
            self._checking = self._loop.create_task(self._checked.make(self._refresh))
        await asyncio.shield(self._checking)
        if self._ageing is not None:
            self._ageing.cancel()
        self._ageing = self._loop.call_later(HOLD_S + 0.1, self._refresh_soon)

    async def _stop_recording(self) -> None:
        await self._with.threads.stop(self._with.engine.stop_recording)

    async def _give_up_start(self) -> None:
        assert self._driver is not None
        try:
            await self._driver.unless_given_up(self._stop_recording())
        except GivenUp:
            self._start_failed()
            return
        except Exception:
            LOG.exception("a recording that nobody waited for did not end well")
        self._with.stage.end_run()
        self._leave_start()

    def _start_failed(self) -> None:
        """The recording was not there in time, and nobody waits for it any more: it is undone when the disk answers."""
        driver = self._driver
        assert driver is not None
        failed, self._gave_up = driver.give_up(), True
        self._with.stage.end_run()
        self._leave_start()
        message = f"The run could not be started. {failed.message}"
        self._with.notifications.post(Severity.ERROR, SOURCE, "run_failed", message, failed.remedy)
        self.fail(Fault(message=message, remedy=failed.remedy), recovers_to=WorkflowPhase.PRE_FLIGHT)

    def _leave_start(self) -> None:
        driver, self._driver = self._driver, None
        self._phase = WorkflowPhase.PRE_FLIGHT
        if driver is not None:
            driver.cancel()
        self._refresh()
        self._with.store.hold_for_run(None)

    def _send(self, event: Pause | Resume | StopAfterSweep | StopNow) -> None:
        assert self._driver is not None
        self._driver.send(event)

    def _boundary(self) -> None:
        state = self._refresh()
        self._with.journal.write(WORKFLOW_TOPIC, state)
        if state.run is not None and state.run.run_id:
            self._memory.note(state.run)

    def _run_ended(self) -> None:
        driver, self._driver = self._driver, None
        assert driver is not None
        self._last_run = run = driver.run()
        self._gave_up = driver.given_up
        # The last one first, and each, whatever breaks in another.
        with contextlib.ExitStack() as parts:
            parts.callback(self._look_back, run)
            parts.callback(self._checked.run_was_made)
            parts.callback(self._with.stage.end_run)
            parts.callback(self._with.store.hold_for_run, None)
            parts.callback(self._memory.note, run)

    def _look_back(self, run: Run) -> None:
        if run.outcome == RunOutcome.FAILED:
            self.fail(run.fault or Fault(message="The run failed."), recovers_to=WorkflowPhase.REVIEW)
        else:
            self._phase = WorkflowPhase.REVIEW
            self._refresh()

    # Guards and states.

    def _require(self, verb: Verb, accepted: Collection[str] = (), *, checked_just_now: bool = False) -> None:
        facts = self._facts(accepted, checked_just_now=checked_just_now)
        guard = BY_VERB[verb].refused_by(facts)
        if guard is None:
            return
        checks = self._checked.failures if facts.failed_checks else self._checked.warnings_beside(accepted)
        about_checks = guard.id in {"checks_passed", "warnings_accepted"}
        kind = TransitionOvertaken if guard.by_faster else TransitionRefused
        raise kind(verb, self._phase, guard.refusal(facts), checks if about_checks else ())

    def _facts(self, accepted: Collection[str] = (), *, checked_just_now: bool = False) -> Facts:
        engine, stage, checked = self._with.engine, self._with.stage, self._checked
        sequencer = self._driver.sequencer if self._driver is not None else None
        missed = sequencer is not None and sequencer.pause_cause is Cause.DISPLAY
        recording = engine.acquisition().phase is not AcquisitionPhase.IDLE
        return Facts(
            phase=self._phase,
            recovers_to=self._recovers_to,
            run_kept=self._last_run is not None,
            step=sequencer.step if sequencer is not None else RunStep.UNSPECIFIED,
            pause_asked=sequencer is not None and sequencer.pause_asked,
            disk_stuck=self._driver is not None and self._driver.stuck,
            stop_after_sweep_asked=sequencer is not None and sequencer.stop_after_sweep,
            sweeps_left=sequencer is None or sequencer.sweeps_left,
            checks_made=checked.made,
            checks_running=checked.running,
            # Else they are made again before the run starts.
            checks_outdated=checked.outdated if checked_just_now else "",
            failed_checks=tuple(check.label for check in checked.failures),
            unaccepted_warnings=tuple(check.label for check in checked.warnings_beside(accepted)),
            recording=recording,
            recording_given_up=recording and self._gave_up,
            camera_live=engine.camera().phase is CameraPhase.LIVE,
            display_attached=stage.attached,
            display_lost_reason=stage.lost_reason,
            flips_arrive=not missed or self._flips_are_fresh(),
        )

    def _flips_are_fresh(self) -> bool:
        figures = self._with.stage.figures()
        return figures.has_field("last_batch_age_ms") and figures.last_batch_age_ms < _FLIPS_FRESH_MS

    def _make_state(self, revision: int) -> WorkflowState:
        return WorkflowState(
            revision=revision,
            phase=self._phase,
            transitions=transitions_to_proto(self._facts()),
            preflight=self._checked.to_proto(),
            run=self._driver.run() if self._driver is not None else self._last_run,
            fault=self._fault,
            recovers_to=self._recovers_to,
        )

    def _engine_changed(self) -> None:
        with contextlib.suppress(RuntimeError):  # The loop may have ended before the engine's threads.
            self._loop.call_soon_threadsafe(self._refresh_soon)

    def _refresh_soon(self) -> None:
        # A run tells of itself five times a second; what changes in between is told then.
        if self._driver is None and not self._refreshing:
            self._refreshing = True
            self._loop.call_soon(self._refresh)

    def _refresh(self) -> WorkflowState:
        self._refreshing = False
        if self._with.engine.acquisition().phase is AcquisitionPhase.IDLE:
            self._gave_up = False
        state = self._make_state(self._state.revision)
        state.stated_ns = self._state.stated_ns
        if state != self._state:
            state.revision += 1
            state.stated_ns = self._with.clock()
            self._state = state
            for listener in tuple(self._listeners):
                listener()
        return self._state
