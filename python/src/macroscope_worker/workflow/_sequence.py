"""What goes into the run's sequencer and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from macroscope.workflow.v1.workflow_pb import SweepFault

if TYPE_CHECKING:
    from macroscope_worker.stimulus import PlannedSweep


class Cause(Enum):
    """Why a run pauses."""

    ASKED = auto()
    DISPLAY = auto()
    """The display is gone, or shows nothing."""
    CAMERA = auto()
    FRAMES = auto()
    """A sweep lacks frames."""


# Into it.


@dataclass(frozen=True, slots=True)
class Pause:
    """Somebody asked."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Somebody asked."""


@dataclass(frozen=True, slots=True)
class StopNow:
    """Somebody asked."""


@dataclass(frozen=True, slots=True)
class StopAfterSweep:
    """Somebody asked."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the run cannot go on with, but can be mended: `reason` says what, and what to do."""

    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that ends the run."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of a showing that is over.

    `problem`: why it does not count, a sentence, and `fault` the word for it; empty: it does.
    """

    showing: int
    frames: int
    flips: int
    missed_refreshes: int
    problem: str = ""
    remedy: str = ""
    fault: SweepFault = SweepFault.UNSPECIFIED
    expected_frames: int = 0
    written_frames: int = 0


Event = Pause | Resume | StopNow | StopAfterSweep | Trouble | Failed | Judged

# Out of it.


@dataclass(frozen=True, slots=True)
class ShowSweep:
    """Tell the display of a sweep that lies ahead. It is grey outside of these times."""

    showing: int
    sweep: PlannedSweep
    started_ns: int
    ended_ns: int


@dataclass(frozen=True, slots=True)
class ShowGrey:
    """Tell the display that nothing comes."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Find out how a showing went, and answer with `Judged`."""

    showing: int


@dataclass(frozen=True, slots=True)
class Shifted:
    """The worker was held up, and what comes was put off: else the display would not have known of it in time."""

    late_ns: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Everything was shown and judged: end the recording, then tell with `ended`."""


Action = ShowSweep | ShowGrey | Judge | Shifted | Finish


@dataclass(frozen=True, slots=True)
class Reaction:
    """What to do now, and when to call again; None: when something happens."""

    actions: tuple[Action, ...]
    wake_ns: int | None
