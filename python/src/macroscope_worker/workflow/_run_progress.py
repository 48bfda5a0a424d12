"""A run as the contract has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.workflow.v1.workflow_pb import Fault, Run, RunStep

if TYPE_CHECKING:
    from macroscope_worker.acquisition import RecordingSummary

    from ._sequencer import Sequencer


def run_to_proto(sequencer: Sequencer, recording: RecordingSummary | None, now_ns: int) -> Run:
    """How a run stands. Without a recording it is only starting, or could not be."""
    plan = sequencer.plan
    run = Run(
        step=sequencer.step,
        outcome=sequencer.outcome,
        sweeps=len(plan.sweeps),
        directions=max((sweep.direction_number for sweep in plan.sweeps), default=0),
        sweeps_per_direction=max((sweep.sweep_number for sweep in plan.sweeps), default=0),
        started_ns=sequencer.started_ns,
        step_started_ns=sequencer.step_started_ns,
        step_ends_ns=sequencer.step_ends_ns,
        elapsed_s=_elapsed_ns(sequencer, now_ns) / 1e9,
        remaining_s=sequencer.remaining_ns(now_ns) / 1e9,
        pause_asked=sequencer.pause_asked,
        stop_after_sweep_asked=sequencer.stop_after_sweep,
        pause_reason=sequencer.pause_reason,
        shown=[showing.to_proto() for showing in sequencer.shown],
        paused_s=_paused_ns(sequencer, now_ns) / 1e9,
    )
    last = sequencer.shown[-1].sweep if sequencer.shown else next(iter(plan.sweeps), None)
    if last is not None:
        run.sweep_index = last.index
        run.direction = Direction(last.direction)
        run.direction_number = last.direction_number
        run.sweep_number = last.sweep_number
    if sequencer.failure is not None:
        run.fault = Fault(message=sequencer.failure.message, remedy=sequencer.failure.remedy)
    if recording is not None:
        run.run_id = recording.run_id
        run.directory = str(recording.directory)
        run.captured_frames = recording.captured_frames
        run.dropped_frames = sum(recording.drops.values())
    return run


def _elapsed_ns(sequencer: Sequencer, now_ns: int) -> int:
    if not sequencer.started_ns:
        return 0
    return max((sequencer.ended_ns or now_ns) - sequencer.started_ns, 0)


def _paused_ns(sequencer: Sequencer, now_ns: int) -> int:
    running_ns = now_ns - sequencer.step_started_ns if sequencer.step is RunStep.PAUSED else 0
    return sequencer.paused_ns + max(running_ns, 0)
