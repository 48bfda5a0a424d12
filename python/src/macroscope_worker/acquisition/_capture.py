"""The capture thread: it alone calls the camera, and hands every frame on without waiting for anyone."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import CancelledError, Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from macroscope_worker.acquisition._cancellation import Cancellation
from macroscope_worker.acquisition._heartbeat import COMMAND_WITHIN_S, Heartbeat
from macroscope_worker.acquisition._recorder import Loss
from macroscope_worker.recording import DropReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.acquisition._frame import Frame
    from macroscope_worker.acquisition._live_camera import Arrival, LiveCamera
    from macroscope_worker.acquisition._preview import Preview
    from macroscope_worker.acquisition._recorder import Recorder

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Capture:
    """Runs commands between frames, and frames to the recorder and the preview.

    `live` and `recorder` belong to the capture thread: only commands change them. Others may read them. A recorder that
    has ended may stay: it takes no frames. `in_command` says that no frames are asked for, because a command runs.
    `heartbeat` says whether the thread turns.
    """

    def __init__(self, preview: Preview, on_lost: Callable[[LiveCamera, Exception], None]) -> None:
        self.live: LiveCamera | None = None
        self.recorder: Recorder | None = None
        self.in_command = False
        self.heartbeat = Heartbeat()
        self._preview = preview
        self._on_lost = on_lost
        self._commands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    def call(
        self,
        work: Callable[[], Result],
        cancellation: Cancellation | None = None,
        within_s: float = COMMAND_WITHIN_S,
    ) -> Result:
        """Run `work` on the capture thread, between two frames; its answer, or what it raises.

        What is given up before its turn has come is never run. Once it runs it is waited for: it looks at the
        cancellation itself. When it takes longer than `within_s`, the heartbeat says that the loop is stuck.

        Raises
        ------
        CommandCanceled
            It was given up before it began.
        RuntimeError
            The thread has ended.
        """
        cancellation = cancellation or Cancellation()
        answer: Future[Result] = Future()

        def command() -> None:
            if not answer.set_running_or_notify_cancel():
                return
            self.heartbeat.expect(within_s)
            try:
                answer.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it is the caller's
                answer.set_exception(error)

        with self._lock:
            if self._closed:
                raise RuntimeError("The engine is closed.")
            self._commands.put(command)
        with cancellation.waking(answer.cancel):
            try:
                return answer.result()
            except CancelledError:
                cancellation.check()
                raise

    def replace(self, live: LiveCamera | None) -> None:
        """Let go of the present camera and take another, or none. On the capture thread only."""
        previous, self.live = self.live, live
        if previous is not None:
            self._let_go(previous)

    def lose(self, error: Exception) -> None:
        """The camera stopped: say so and close it. On the capture thread only."""
        live, self.live = self.live, None
        if live is not None:
            log.error("The camera %r stopped", live.camera.description.id, exc_info=error)
            self.heartbeat.expect(COMMAND_WITHIN_S)
            # Said first: a driver may hang when it closes a camera that is gone.
            self._on_lost(live, error)
            self._let_go(live)

    def close(self) -> None:
        """Close the camera and end the thread. Commands given before are still run."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._commands.put(None)
        self._thread.join()

    def _run(self) -> None:
        while self._run_commands():
            live = self.live
            if live is None:
                continue
            try:
                arrival = live.take_frame()
                if arrival is not None:
                    self._hand_on(arrival)
            except Exception as error:  # noqa: BLE001 - a driver may raise anything; `lose` logs it
                self.lose(error)
            self.heartbeat.beat(live.turn_within_s)
        self.heartbeat.expect(COMMAND_WITHIN_S)
        self.replace(None)
        self.heartbeat.rest()

    def _run_commands(self) -> bool:
        """Run what waits; without a camera, wait for it. False at the end."""
        try:
            while True:
                if self.live is None:
                    self.heartbeat.rest()
                command = self._commands.get(block=self.live is None)
                if command is None:
                    return False
                self._run_command(command)
        except Empty:
            return True

    def _run_command(self, command: Callable[[], None]) -> None:
        self.in_command = True
        try:
            command()
        finally:
            if self.live is not None:
                self.live.excuse()
                self.heartbeat.expect(self.live.first_turn_within_s)
            self.in_command = False

    def _let_go(self, live: LiveCamera) -> None:
        self._preview.forget()
        live.close()

    def _hand_on(self, arrival: Arrival) -> None:
        frame, recorder = arrival.frame, self.recorder
        try:
            if recorder is not None:
                if arrival.missing:
                    first = frame.frame_id - arrival.missing
                    recorder.lose(Loss(first, arrival.missing, DropReason.CAMERA_GAP, frame.received_ns))
                if arrival.damaged:
                    recorder.lose(Loss(frame.frame_id, 1, DropReason.CAMERA_ERROR, frame.received_ns, frame.camera_ns))
                else:
                    self._record(recorder, frame)
            if not arrival.damaged:
                self._preview.offer(frame)
        finally:
            frame.slot.release()

    def _record(self, recorder: Recorder, frame: Frame) -> None:
        live = self.live
        accepted = recorder.accept(frame)
        if live is not None:
            live.ring_dropped_frames += not accepted
            live.highest_used_slots = max(live.highest_used_slots, recorder.used_slots)
