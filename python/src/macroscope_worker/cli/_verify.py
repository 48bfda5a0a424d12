"""`macroscope verify`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from macroscope_worker.cli._exit_code import ExitCode

if TYPE_CHECKING:
    import argparse

    from macroscope_worker.cli._output import Output
    from macroscope_worker.journal import RunReport


def verify_run(options: argparse.Namespace, output: Output) -> ExitCode:
    """Check a run; good means complete and without problems."""
    # Not at the top: the other commands know nothing of the contract, and start faster without it.
    from macroscope_worker.journal import verify_run as verify  # noqa: PLC0415

    shown = 0.0

    def progress(checked: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 0.1 or checked == total:
            shown = time.monotonic()
            output.progress(f"{checked} of {total} frames checked")

    report = verify(options.run, progress)
    frames, events = report.frames, report.events
    document = {
        "run": str(frames.run),
        "run_id": frames.run_id,
        "good": report.is_good,
        "verdict": report.verdict,
        "outcome": frames.outcome.name.lower(),
        "written_frames": frames.written_frames,
        "array_frames": frames.array_frames,
        "good_frames": frames.good_frames,
        "bad_frames": list(frames.bad_frames),
        "drops": {reason.name.lower(): count for reason, count in frames.drops.items()},
        "journal": {"topics": dict(events.topics), "flips": events.flips, "sweeps": events.sweeps}
        if events.present
        else None,
        "problems": list(report.problems),
    }
    output.answer(document, _words(report))
    return ExitCode.GOOD if report.is_good else ExitCode.FAILED


def _words(report: RunReport) -> str:
    frames, events = report.frames, report.events
    lines = [report.verdict]
    if frames.array_frames != frames.written_frames:
        lines.append(f"Zarr's readers see {frames.array_frames} frames.")
    lines += [
        f"{count} frames were lost: {reason.name.lower().replace('_', ' ')}." for reason, count in frames.drops.items()
    ]
    if events.present:
        lines.append(f"The journal has {events.sweeps} sweeps and {events.flips} flips.")
    return "\n".join([*lines, *report.problems])
