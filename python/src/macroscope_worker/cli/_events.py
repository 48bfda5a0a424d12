"""`macroscope events`: what the journal of a run has."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from macroscope_worker.cli._exit_code import ExitCode
from macroscope_worker.errors import NotARun
from macroscope_worker.recording import RunPaths

if TYPE_CHECKING:
    import argparse

    from macroscope_worker.cli._output import Output
    from macroscope_worker.journal import Event, EventsReader


def show_events(options: argparse.Namespace, output: Output) -> ExitCode:
    """Count the messages of each topic; with a topic, print its messages, each on a line as JSON."""
    # Not at the top: the other commands know nothing of the contract, and start faster without it.
    from macroscope_worker.journal import EventsReader, EventsUnreadable  # noqa: PLC0415

    path = RunPaths(options.run).events
    try:
        if options.run.is_file():
            path = options.run
        with EventsReader(path) as reader:
            if options.topic is None:
                return _count(reader, output)
            return _print(reader, options.topic, output)
    except OSError as error:
        raise NotARun(options.run, f"{path.name} cannot be read ({error.strerror or error})") from error
    except EventsUnreadable as error:
        raise NotARun(options.run, f"{path.name} cannot be used: {error}") from error


def _count(reader: EventsReader, output: Output) -> ExitCode:
    counts: Counter[str] = Counter(event.topic for event in reader.events())
    assert reader.end is not None  # It has been read to its end.
    document = {
        "run_id": reader.run_id,
        "whole": reader.end.whole,
        "torn_bytes": reader.end.torn_bytes,
        "topics": {topic: counts[topic] for topic in reader.topics},
    }
    lines = [f"{counts[topic]:>9}  {topic}" for topic in reader.topics]
    if not reader.end.whole:
        lines.append(f"The file has no end: {reader.end.torn_bytes} bytes behind its last record make none.")
    output.answer(document, "\n".join(lines))
    return ExitCode.GOOD


def _print(reader: EventsReader, topic: str, output: Output) -> ExitCode:
    if topic not in reader.topics:
        output.fail("NoSuchTopic", f"There is no topic {topic!r}. There are: {', '.join(reader.topics)}.")
        return ExitCode.USAGE
    found = [_as_document(event) for event in reader.events() if event.topic == topic]
    output.answer(
        {"run_id": reader.run_id, "topic": topic, "messages": found},
        "\n".join(json.dumps(document, ensure_ascii=False) for document in found) or f"No message of {topic}.",
    )
    return ExitCode.GOOD


def _as_document(event: Event) -> dict[str, Any]:
    document: dict[str, Any] = {"at_ns": event.at_ns, "unix_ns": event.unix_ns, "sequence": event.sequence}
    try:
        document["message"] = json.loads(event.message().to_json())
    except ValueError as error:
        document["problem"] = f"{error}."
    return document
