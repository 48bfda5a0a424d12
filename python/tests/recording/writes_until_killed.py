"""A program that records until it is killed. It says which frames were written and which are durable, one line each."""

from __future__ import annotations

import os
import sys
import threading
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.recording.made_runs import memory_of, writer

run = writer(Path(sys.argv[1]))


def say(word: str, frames: int) -> None:
    os.write(1, f"{word} {frames}\n".encode())


def sync_for_ever() -> None:
    pause = threading.Event()
    while True:
        say("durable", run.sync())
        pause.wait(0.005)


threading.Thread(target=sync_for_ever, daemon=True).start()
for frame_id in count():
    run.write_frame(memory_of(frame_id), frame_id=frame_id, received_ns=frame_id)
    say("written", frame_id + 1)
