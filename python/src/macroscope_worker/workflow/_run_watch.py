"""What can befall a run: its recording, its display, its camera."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1.workflow_pb import RunStep

from macroscope_worker.acquisition import AcquisitionPhase, CameraPhase

from ._sequence import Cause, Failed, Trouble

if TYPE_CHECKING:
    from ._ports import Instruments
    from ._sequencer import Sequencer

SILENT_NS: Final = 1_000_000_000
"""A display that tells of no flip for so long in a sweep shows nothing."""
HELD_UP_NS: Final = 500_000_000
"""A worker that has not looked for so long was held up itself: what was told meanwhile still waits to be read."""
_CAMERA_PATIENCE_NS: Final = 500_000_000
"""A camera that is lost ends its recording, and that says more."""


class RunWatch:
    """Looks at everything that a run needs."""

    def __init__(self, instruments: Instruments) -> None:
        self._with = instruments
        self._camera_gone_ns = 0
        self._looked_ns = self._listening_since_ns = 0

    def look(self, sequencer: Sequencer, run_id: str) -> Failed | Trouble | None:
        """What stands against going on, the worst of it; None: nothing. To be called several times a second."""
        now_ns = self._with.clock()
        if now_ns - self._looked_ns > HELD_UP_NS:
            self._listening_since_ns = now_ns
        self._looked_ns = now_ns
        return self._recording(run_id) or self._camera() or self._display(sequencer)

    def _recording(self, run_id: str) -> Failed | None:
        snapshot = self._with.engine.acquisition()
        recording = snapshot.recording
        if recording is not None and recording.run_id != run_id:
            return Failed("The recording of the run is gone.", "Look at the run, and start another one.")
        if recording is not None and recording.fault is not None:
            return Failed(recording.fault.message, recording.fault.remedy)
        if snapshot.phase in {AcquisitionPhase.IDLE, AcquisitionPhase.STOPPING}:
            return Failed(
                "The recording was ended beside the run.",
                "Everything recorded until then is kept. End a run with its own stop.",
            )
        return None

    def _camera(self) -> Trouble | None:
        snapshot = self._with.engine.camera()
        now_ns = self._with.clock()
        if snapshot.phase is CameraPhase.LIVE:
            self._camera_gone_ns = 0
            return None
        self._camera_gone_ns = self._camera_gone_ns or now_ns
        if now_ns - self._camera_gone_ns < _CAMERA_PATIENCE_NS:
            return None
        fault = snapshot.fault
        told = f"{fault.message} {fault.remedy}".strip() if fault is not None else "Choose a camera."
        return Trouble(Cause.CAMERA, f"The camera gives no frames. {told}")

    def _display(self, sequencer: Sequencer) -> Trouble | None:
        stage = self._with.stage
        if not stage.attached:
            told = f"The stimulus display is gone. {stage.lost_reason}".strip()
            return Trouble(Cause.DISPLAY, f"{told} Open the stimulus window, then resume.")
        showing = sequencer.current
        if sequencer.step is not RunStep.SWEEP or showing is None:
            return None
        seen_ns = max(stage.showing(showing.number).last_presented_ns, showing.started_ns)
        # The last flips of a sweep may come a little early; what is over is judged by its count.
        now_ns = min(self._with.clock(), sequencer.step_ends_ns)
        if now_ns - max(seen_ns, self._listening_since_ns) <= SILENT_NS:
            return None
        return Trouble(
            Cause.DISPLAY,
            f"The stimulus display has told of no flips for {(now_ns - seen_ns) / 1e9:.1f} s. "
            "Close the stimulus window and open it again, then resume.",
        )
