"""`macroscope traffic`: what travels between the running worker and whoever is connected with it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from macroscope_worker.cli._exit_code import ExitCode
from macroscope_worker.errors import MacroscopeError

if TYPE_CHECKING:
    import argparse

    from macroscope.diagnostics.v1.diagnostics_pb import ConnectionTraffic, MethodTraffic, ProcessTraffic, Receiver

    from macroscope_worker.cli._output import Output

RECORD_NAME: Final = "worker.json"
WITHIN_S: Final = 5.0


class NoWorker(MacroscopeError):
    """No worker runs, or it does not answer."""


def traffic(options: argparse.Namespace, output: Output) -> ExitCode:
    """Print the counts of the worker that runs, and of the pages that report to it."""
    try:
        processes = asyncio.run(_ask(options.runtime_directory or default_runtime_directory()))
    except NoWorker as error:
        output.fail("NoWorker", str(error))
        return ExitCode.FAILED
    output.answer({"processes": [json.loads(process.to_json()) for process in processes]}, words(processes))
    return ExitCode.GOOD


def default_runtime_directory() -> Path:
    """Where the application has its worker leave its record."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", home / "AppData" / "Roaming"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME", home / ".config"))
    return base / "Macroscope" / "run"


async def _ask(directory: Path) -> list[ProcessTraffic]:
    # Not at the top: the other commands know nothing of the protocol, and start faster without it.
    from connectrpc.errors import ConnectError  # noqa: PLC0415
    from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient  # noqa: PLC0415
    from macroscope.diagnostics.v1.diagnostics_pb import GetTrafficRequest  # noqa: PLC0415
    from macroscope.rpc.v1.options_pb import Role  # noqa: PLC0415

    from macroscope_worker.rpc.dialled_link import DialledLink  # noqa: PLC0415
    from macroscope_worker.rpc.listener import dial  # noqa: PLC0415

    endpoint, token = _record(directory)
    try:
        async with asyncio.timeout(WITHIN_S):
            link = DialledLink(await dial(endpoint), token=token, build="macroscope traffic")
            try:
                await link.authenticated()
                client = link.open_connection(Role.VIEWER, label="macroscope traffic").client(DiagnosticsServiceClient)
                return list((await client.get_traffic(GetTrafficRequest())).processes)
            finally:
                link.close()
    except TimeoutError as error:
        msg = f"The worker at {endpoint} does not answer within {WITHIN_S:.0f} s."
        raise NoWorker(msg) from error
    except (OSError, ConnectError) as error:
        msg = f"The worker of {directory / RECORD_NAME} cannot be asked: {error}"
        raise NoWorker(msg) from error


def _record(directory: Path) -> tuple[str, str]:
    path = directory / RECORD_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return str(found["endpoint"]), str(found["token"])
    except FileNotFoundError:
        msg = f"No worker runs: there is no {path}. Give --runtime-directory when it runs elsewhere."
        raise NoWorker(msg) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise NoWorker(msg) from error


def words(processes: list[ProcessTraffic]) -> str:
    """Tables for a terminal."""
    return "\n\n".join(_of_process(process) for process in processes)


def _of_process(process: ProcessTraffic) -> str:
    parts = [f"{process.process}: counted for {process.counted_s:.0f} s"]
    if process.connections:
        parts.append(_table(_CONNECTIONS, [_connection(connection) for connection in process.connections]))
    if process.receivers:
        parts.append(_table(_RECEIVERS, [_receiver(receiver) for receiver in process.receivers]))
    if process.methods:
        parts.append(_table(_METHODS, [_method(method) for method in process.methods]))
    return "\n\n".join(parts)


_CONNECTIONS = ("connection", "state", "role", "open", "in flight", "silent ms", "round trip ms", "clock ms", "± ms")
_RECEIVERS = ("broadcast", "receiver", "state", "sent", "acknowledged", "skipped")
_METHODS = ("method", "calls", "open", "errors", "p50 ms", "p99 ms", "sent", "got", "bytes out", "bytes in", "skipped")


def _connection(connection: ConnectionTraffic) -> list[str]:
    clock = connection.clock
    measured = (
        [f"{clock.round_trip_ns / 1e6:.3f}", f"{clock.offset_ns / 1e6:+.3f}", f"{clock.error_ns / 1e6:.3f}"]
        if clock is not None
        else ["-", "-", "-"]
    )
    return [
        connection.label or "unnamed",
        connection.state,
        connection.role.name.lower(),
        str(connection.open_calls),
        str(connection.bytes_in_flight),
        f"{connection.silence_ms:.0f}",
        *measured,
    ]


def _receiver(receiver: Receiver) -> list[str]:
    behind = f"{receiver.behind_ms / 1e3:.1f} s behind" if receiver.behind_ms > 0 else "up to date"
    return [
        _short(receiver.method),
        receiver.label or "unnamed",
        f"gone: {receiver.reason}" if receiver.ended else behind,
        str(receiver.sent_revision),
        str(receiver.acknowledged_revision),
        str(receiver.skipped),
    ]


def _method(method: MethodTraffic) -> list[str]:
    latency = method.latency
    ended = latency is not None and latency.count > 0
    return [
        _short(method.method),
        str(method.calls),
        str(method.open_calls),
        " ".join(f"{error.calls}:{error.code.name}" for error in method.errors) or "-",
        f"{latency.p50_ms:.2f}" if latency is not None and ended else "-",
        f"{latency.p99_ms:.2f}" if latency is not None and ended else "-",
        str(method.messages_sent),
        str(method.messages_received),
        str(method.bytes_sent),
        str(method.bytes_received),
        str(method.skipped),
    ]


def _short(path: str) -> str:
    service, _, name = path.lstrip("/").partition("/")
    return f"{service.rpartition('.')[2]}/{name}"


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(row: Any) -> str:
        first = row[0].ljust(widths[0])
        return "  ".join(
            [first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()

    return "\n".join("  " + line(row) for row in [head, *rows])
