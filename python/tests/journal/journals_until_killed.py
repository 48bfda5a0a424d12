"""A program that records and journals until it is killed. It says how many flips are in the file, one line each."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.acquisition.scripted_camera import ScriptedCamera, live_engine
from tests.stimulus.made_flips import display, flips

from macroscope_worker.journal import EventsReader, Journal
from macroscope_worker.stimulus import Stage

journal = Journal(sync_interval_s=0.02)
stage = Stage(write=journal.write)
camera = ScriptedCamera()
with live_engine(camera, Path(sys.argv[1]), companion=journal) as engine:
    journal.on_opened(lambda: journal.write_file("configuration.json", "{}\n"))
    snapshot = engine.start_recording("run")
    assert snapshot.recording is not None
    stage.attach(display())
    events = snapshot.recording.directory / "events.mcap"
    pause = threading.Event()
    sent = 0
    while True:
        stage.take("attachment-1", flips(sent, 15, presented_ns=[time.perf_counter_ns() + i for i in range(15)]))
        sent += 15
        camera.deliver(sent)
        pause.wait(0.002)
        try:
            with EventsReader(events) as reader:
                count = sum(event.topic == "/stimulus/flips" for event in reader.events())
        except (OSError, ValueError):
            continue
        os.write(1, f"{15 * count}\n".encode())
