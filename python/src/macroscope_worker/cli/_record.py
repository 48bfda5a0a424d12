"""`macroscope record`."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

from macroscope_worker.cli._exit_code import ExitCode
from macroscope_worker.errors import FolderUnwritable
from macroscope_worker.process_priority import raise_priority

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from macroscope_worker.acquisition import Engine, RecordingSummary
    from macroscope_worker.cli._output import Output


def record(options: argparse.Namespace, output: Output) -> ExitCode:
    """Record until the frames are there, Ctrl-C, or a fault; Ctrl-C ends the run as it should end."""
    from macroscope_worker.acquisition import Engine, RecordingOutcome  # noqa: PLC0415
    from macroscope_worker.cameras import CameraRegistry  # noqa: PLC0415

    raise_priority()
    _make_folder(options.out)
    engine = Engine(CameraRegistry(), default_directory=options.out)
    try:
        engine.select_camera(options.camera)
        if options.settings:
            engine.configure(dict(options.settings))
        # From here on a signal is a wish to stop, and the run is ended properly.
        stop = threading.Event()
        restore = _stop_on_signals(stop)
        try:
            engine.start_recording(options.name, options.out, options.frames)
            summary = _wait(engine, stop, output)
        finally:
            restore()
    finally:
        engine.close()
    output.answer(_document(summary), _words(summary))
    if summary.outcome is not RecordingOutcome.COMPLETE:
        return ExitCode.FAILED
    return ExitCode.INTERRUPTED if summary.written_frames < options.frames else ExitCode.GOOD


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnwritable(folder, error.strerror or str(error)) from error


def _wait(engine: Engine, stop: threading.Event, output: Output) -> RecordingSummary:
    while (summary := engine.wait_recording(0.1)) is None:
        if stop.is_set() and (summary := engine.stop_recording()) is not None:
            return summary
        now, health = engine.acquisition(), engine.health()
        if now.recording is not None:
            planned = f" of {now.recording.planned_frames}" if now.recording.planned_frames else ""
            output.progress(
                f"{now.recording.written_frames}{planned} frames, {health.camera.frame_rate_hz:.1f} Hz, "
                f"{sum(now.recording.drops.values())} lost, {now.free_bytes / 1e9:.1f} GB free"
            )
    return summary


def _stop_on_signals(stop: threading.Event) -> Callable[[], None]:
    """Turn Ctrl-C and a request to terminate into `stop`; returns what undoes that."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    previous = {
        number: signal.signal(number, lambda _number, _frame: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }

    def restore() -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)

    return restore


def _document(summary: RecordingSummary) -> dict[str, Any]:
    fault = summary.fault
    return {
        "run_id": summary.run_id,
        "directory": str(summary.directory),
        "frames": str(summary.directory / "frames.zarr" / "0"),
        "camera_id": summary.camera_id,
        "outcome": summary.outcome.name.lower(),
        "fault": {"message": fault.message, "remedy": fault.remedy} if fault else None,
        "planned_frames": summary.planned_frames,
        "captured_frames": summary.captured_frames,
        "written_frames": summary.written_frames,
        "durable_frames": summary.durable_frames,
        "drops": {reason.name.lower(): count for reason, count in summary.drops.items()},
        "bytes_written": summary.bytes_written,
        "started_unix_ns": summary.started_unix_ns,
        "elapsed_s": summary.elapsed_s,
    }


def _words(summary: RecordingSummary) -> str:
    lost = ", ".join(
        f"{count} lost ({reason.name.lower().replace('_', ' ')})" for reason, count in summary.drops.items()
    )
    frames = f"{summary.durable_frames} frames in {summary.elapsed_s:.1f} s"
    lines = [str(summary.directory), f"{frames}, {lost or 'none lost'}: {summary.outcome.name.lower()}."]
    if summary.fault is not None:
        lines.append(f"{summary.fault.message} {summary.fault.remedy}")
    return "\n".join(lines)
