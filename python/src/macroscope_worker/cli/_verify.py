"""`macroscope verify`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from macroscope_worker.cli._exit_code import ExitCode
from macroscope_worker.recording import verify

if TYPE_CHECKING:
    import argparse

    from macroscope_worker.cli._output import Output
    from macroscope_worker.recording import VerificationReport


def verify_run(options: argparse.Namespace, output: Output) -> ExitCode:
    """Check a run; good means complete and without problems."""
    shown = 0.0

    def progress(checked: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 0.1 or checked == total:
            shown = time.monotonic()
            output.progress(f"{checked} of {total} frames checked")

    report = verify(options.run, progress)
    document = {
        "run": str(report.run),
        "run_id": report.run_id,
        "good": report.is_good,
        "verdict": report.verdict,
        "outcome": report.outcome.name.lower(),
        "written_frames": report.written_frames,
        "array_frames": report.array_frames,
        "good_frames": report.good_frames,
        "bad_frames": list(report.bad_frames),
        "drops": {reason.name.lower(): count for reason, count in report.drops.items()},
        "problems": list(report.problems),
    }
    output.answer(document, _words(report))
    return ExitCode.GOOD if report.is_good else ExitCode.FAILED


def _words(report: VerificationReport) -> str:
    lines = [report.verdict]
    if report.array_frames != report.written_frames:
        lines.append(f"Zarr's readers see {report.array_frames} frames.")
    lines += [
        f"{count} frames were lost: {reason.name.lower().replace('_', ' ')}." for reason, count in report.drops.items()
    ]
    return "\n".join([*lines, *report.problems])
