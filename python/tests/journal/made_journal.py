"""Runs with frames, flips and sweeps that agree with each other, and what to break them with."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.stimulus.v1.stimulus_pb import ClockFit, FlipBatch, StimulusState
from macroscope.workflow.v1.workflow_pb import Run, RunOutcome, RunStep, Sweep, SweepOutcome, WorkflowState
from tests.recording.made_runs import memory_of, writer
from tests.stimulus.made_flips import display

from macroscope_worker.journal._events_file import EventsFile
from macroscope_worker.recording import Ending, EventsInfo, RecordingOutcome, Storage

if TYPE_CHECKING:
    from pathlib import Path

    from protobuf import Message

FLIP_NS = 16_666_667
FRAME_NS = 33_333_333
SWEEP_NS = 1_000_000_000
PAUSE_NS = 500_000_000
FLIPS_A_BATCH = 15


class MadeRun:
    """A run of `sweeps` sweeps of a second with half a second between, filmed at 30 Hz and shown at 60 Hz.

    Its parts can be changed before `write`.
    """

    def __init__(self, sweeps: int = 3) -> None:
        self.events: list[tuple[str, Message[Any], int]] = []
        self.outcome = RecordingOutcome.COMPLETE
        self.began_ns = 0
        self.sweeps = [
            Sweep(
                showing=number,
                sweep_index=number,
                direction=Direction.LEFT_TO_RIGHT,
                sweep_number=number + 1,
                started_ns=(number + 1) * PAUSE_NS + number * SWEEP_NS,
                ended_ns=(number + 1) * (PAUSE_NS + SWEEP_NS),
                outcome=SweepOutcome.COMPLETE,
            )
            for number in range(sweeps)
        ]
        self.length_ns = sweeps * (PAUSE_NS + SWEEP_NS) + PAUSE_NS
        self.frames = [index * FRAME_NS for index in range(self.length_ns // FRAME_NS + 1)]
        self.flips = self._flips()
        for sweep in self.sweeps:
            sweep.frames = sum(sweep.started_ns <= at_ns < sweep.ended_ns for at_ns in self.frames)
            sweep.expected_frames = sweep.written_frames = sweep.frames
            sweep.flips = sum(flip["showing"] == sweep.showing + 1 for flip in self.flips)
        self.run = Run(sweeps=sweeps, outcome=RunOutcome.COMPLETE, step=RunStep.ENDING)

    def write(self, directory: Path, *, finish: bool = True) -> Path:
        """Write it all; the run folder. Without `finish` as a program leaves it that was killed."""
        run = writer(directory, Storage())
        started = run.info.started
        self.began_ns = started.monotonic_ns
        for frame_id, at_ns in enumerate(self.frames):
            run.write_frame(memory_of(frame_id, run.format), frame_id=frame_id, received_ns=self.began_ns + at_ns)
        events = EventsFile(run.paths.events, run_id=run.run_id, started=started, library="tests", storage=Storage())
        numbers: Counter[str] = Counter()
        for topic, message, at_ns in [*self.messages(run.run_id), *self.events]:
            events.add(topic, type(message), message.to_binary(), at_ns=at_ns, sequence=numbers[topic])
            numbers[topic] += 1
        events.flush()
        if finish:
            events.finish()
            ending = Ending(self.outcome, len(self.frames), {}, None, EventsInfo(events.messages))
            run.finish(ending)
        else:
            events.abandon()
            run.sync()
        return run.directory

    def messages(self, run_id: str) -> list[tuple[str, Message[Any], int]]:
        """What the journal keeps, with times on the worker's clock."""
        began_ns = self.began_ns
        made: list[tuple[str, Message[Any], int]] = [
            ("/stimulus/display", StimulusState(attached=True, display=display()), began_ns),
        ]
        made += [("/stimulus/flips", batch, batch.presented_ns[-1]) for batch in self.batches()]
        run = Run.from_binary(self.run.to_binary())
        run.run_id = run_id
        run.shown = [Sweep.from_binary(sweep.to_binary()) for sweep in self.sweeps]
        for sweep in run.shown:
            sweep.started_ns += began_ns
            sweep.ended_ns += began_ns
        made.append(("/workflow", WorkflowState(revision=9, run=run), began_ns + self.length_ns))
        return made

    def batches(self) -> list[FlipBatch]:
        """The flips in batches, as a window reports them."""
        made = []
        for first in range(0, len(self.flips), FLIPS_A_BATCH):
            some = self.flips[first : first + FLIPS_A_BATCH]
            made.append(
                FlipBatch(
                    first_index=some[0]["index"],
                    presented_ns=[self.began_ns + flip["at_ns"] for flip in some],
                    page_ns=[flip["at_ns"] for flip in some],
                    scene_number=[1] * len(some),
                    showing=[flip["showing"] for flip in some],
                    angle_deg=[0.0] * len(some),
                    missed_refreshes=[flip["missed"] for flip in some],
                    square_bright=[True] * len(some),
                    clock=ClockFit(error_ns=50_000),
                )
            )
        return made

    def _flips(self) -> list[dict[str, int]]:
        flips = []
        for index in range(self.length_ns // FLIP_NS):
            at_ns = index * FLIP_NS + 5_000_000
            showing = next((s.showing + 1 for s in self.sweeps if s.started_ns <= at_ns < s.ended_ns), 0)
            flips.append({"index": index, "at_ns": at_ns, "showing": showing, "missed": 0})
        return flips
