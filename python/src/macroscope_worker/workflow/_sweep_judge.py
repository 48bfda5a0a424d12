"""Whether a sweep that is over counts: what was shown of it, and what was filmed."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1.workflow_pb import SweepFault

from macroscope_worker.acquisition import FrameTally

from ._frame_rate import FrameRateReference
from ._sequence import Judged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from macroscope_worker.stimulus import ShowingFigures

    from ._ports import Instruments
    from ._showing import Showing

LOG = logging.getLogger(__name__)

FEWEST_OF_EXPECTED: Final = 0.5
"""A sweep of which less was seen than this part does not count."""
HICCUP_S: Final = 0.4
"""Frames that a busy computer takes so late belong to the time after; that long without a frame is no silence yet."""
LOOK_EVERY_S: Final = 0.1
_NOTHING: Final = FrameTally()

_LOOK_AT_THE_DISPLAY: Final = "Close the stimulus window and open it again, then resume."
_LOOK_AT_THE_DISK: Final = (
    "Close what keeps the disk busy, or stop and record to a faster one with a lower frame rate or a smaller image. "
    "Resume to show it again."
)
_LOOK_AT_THE_CAMERA: Final = "Check the camera's cable. Resume to show it again."


class SweepJudge:
    """Of one run, whose recording is `run_id`. On the event loop.

    `misses_accepted`: whoever started the run knows that the display misses refreshes, so their number breaks no sweep.
    """

    def __init__(self, instruments: Instruments, run_id: str, *, misses_accepted: bool) -> None:
        self._with = instruments
        self._run_id = run_id
        self._misses_accepted = misses_accepted
        self._rate = FrameRateReference(instruments)

    def look(self) -> None:
        """To be called several times a second."""
        self._rate.look()

    async def judge(
        self, showing: Showing, *, within_s: float, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> Judged:
        """Count its frames and flips.

        Waits up to `within_s` for a frame behind it: until then one of its own may come. Whatever breaks, it is judged,
        or the run would not end.
        """
        tally = _NOTHING
        try:
            for _ in range(max(1, round(within_s / LOOK_EVERY_S))):
                tally = self._tally(showing)
                if tally.newest_ns >= showing.ended_ns:
                    break
                await pause(LOOK_EVERY_S)
            return self.judgement(showing)
        except Exception:
            LOG.exception("showing %d was not judged", showing.number)
            reason = "Its flips and frames could not be counted."
            return Judged(showing.number, tally.captured, 0, 0, reason, fault=SweepFault.UNKNOWN)

    def judgement(self, showing: Showing) -> Judged:
        """As it stands now. Waits for nothing."""
        figures, tally = self._with.stage.showing(showing.number), self._tally(showing)
        expected = self._expected(showing, tally)
        fault, problem, remedy = SweepFault.DISPLAY, self._unseen(showing, figures), _LOOK_AT_THE_DISPLAY
        if not problem:
            fault, problem = SweepFault.FRAMES_MISSING, self._unfilmed(tally, expected)
            remedy = _LOOK_AT_THE_DISK if tally.written < tally.captured else _LOOK_AT_THE_CAMERA
        return Judged(
            showing.number,
            tally.captured,
            figures.flips,
            figures.missed_refreshes,
            problem,
            remedy if problem else "",
            fault=fault if problem else SweepFault.UNSPECIFIED,
            expected_frames=expected,
            written_frames=tally.written,
        )

    def _tally(self, showing: Showing) -> FrameTally:
        return self._with.engine.frames_between(self._run_id, showing.started_ns, showing.ended_ns) or _NOTHING

    def _expected(self, showing: Showing, tally: FrameTally) -> int:
        """By the camera's numbers; by time where frames are missing that no number tells of."""
        numbered = tally.captured + tally.missing
        rate_hz = self._rate.since(showing.started_ns)
        in_time = rate_hz * (showing.ended_ns - showing.started_ns) / 1e9
        # One more or less, and the latest of them, may lie on the other side of a boundary.
        return numbered + max(math.ceil(in_time - 1 - rate_hz * HICCUP_S) - numbered, 0)

    def _unseen(self, showing: Showing, figures: ShowingFigures) -> str:
        stage, configuration = self._with.stage, self._with.store.state.configuration
        nominal_hz = configuration.display.refresh_rate_hz if configuration and configuration.display else None
        rate_hz = stage.figures().refresh_rate_hz or nominal_hz or 60.0
        expected = rate_hz * (showing.ended_ns - showing.started_ns) / 1e9
        if figures.flips == 0:
            return "Nothing of it was shown: the stimulus display told of no flip."
        if not self._misses_accepted and figures.flips < FEWEST_OF_EXPECTED * expected:
            return f"Too little of it was shown: {figures.flips} of about {expected:.0f} flips."
        return ""

    def _unfilmed(self, tally: FrameTally, expected: int) -> str:
        if not tally.written:
            return f"None of its {expected} camera frames is on the disk." if expected else "It has no camera frame."
        configuration = self._with.store.state.configuration
        acquisition = configuration.acquisition if configuration is not None else None
        allowed_percent = (acquisition.missing_frames_percent if acquisition is not None else None) or 0.0
        lacking = expected - tally.written
        percent = 100 * lacking / expected
        if percent <= allowed_percent:
            return ""
        dropped = tally.captured - tally.written
        unseen = lacking - dropped
        parts = [f"{dropped} could not be written"] if dropped else []
        parts += [f"{unseen} never came from the camera"] if unseen else []
        share = f"{percent:.1f} %, where {allowed_percent:g} % may be missing"
        return f"It lacks {lacking} of {expected} camera frames ({share}): {' and '.join(parts)}."
