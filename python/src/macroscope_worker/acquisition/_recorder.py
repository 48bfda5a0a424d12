"""A running recording: frames queue for the writer thread, and a sync thread makes them durable."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._frame_ledger import FrameLedger
from macroscope_worker.acquisition._snapshots import AcquisitionPhase, RecordingSummary
from macroscope_worker.clock import clock_ns
from macroscope_worker.recording import DropReason, Ending, Fault, RecordingOutcome, disk_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.acquisition._frame import Frame
    from macroscope_worker.recording import EventsInfo, RunWriter

log = logging.getLogger(__name__)

SYNC_INTERVAL_S = 0.5
MOST_NOTES = 10_000
"""Losses that wait for the disk one by one, each with its time. Of more, those of full memory become one note."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Numbers of frames that are lost, for the table."""

    frame_id: int
    count: int
    reason: DropReason
    received_ns: int
    camera_ns: int | None = None

    @property
    def end(self) -> int:
        """The number behind the last one."""
        return self.frame_id + self.count


class Recorder:
    """Takes frames from the capture thread without ever making it wait, until the plan is met, a stop, or a fault.

    `on_closing` is called once, from the writer thread, when the last frame is written: it closes what else lies in the
    run folder, and answers what `run.json` says of it.
    `on_end` is called once, from the writer thread, when everything is on the disk; waiters wake after it.
    """

    def __init__(
        self,
        run: RunWriter,
        *,
        queue_slots: int,
        on_end: Callable[[], None],
        on_closing: Callable[[], EventsInfo | None] | None = None,
        sync_interval_s: float = SYNC_INTERVAL_S,
        most_notes: int = MOST_NOTES,
    ) -> None:
        self.run = run
        self.ledger = FrameLedger()
        self._most_notes = most_notes
        self.queue_slots = queue_slots
        self._on_end = on_end
        self._on_closing = on_closing
        self._sync_interval_s = sync_interval_s
        self._changed = threading.Condition()
        self._queue: deque[Frame | Loss] = deque()
        self._waiting_frames = 0
        self._captured = 0
        self._accepted = 0
        self._drops: dict[DropReason, int] = {}
        self._closing = False
        self._discarding = False
        self._abandoned = False
        self._fault: Fault | None = None
        self._final: RecordingSummary | None = None
        self._ended = threading.Event()
        self._stop_syncing = threading.Event()
        self._syncer = threading.Thread(target=self._sync_until_stopped, name="recording-sync", daemon=True)
        self._writer = threading.Thread(target=self._write_until_closed, name="recording-writer", daemon=True)
        self._syncer.start()
        self._writer.start()

    # The capture thread's side.

    def accept(self, frame: Frame) -> bool:
        """Take a frame, or count it as dropped when too many wait, and then answer False. Never waits."""
        with self._changed:
            if self._closing:
                return True
            self._captured += 1
            if self._waiting_frames >= self.queue_slots:
                self.ledger.drop(frame.received_ns)
                self._lose(Loss(frame.frame_id, 1, DropReason.RING_FULL, frame.received_ns, frame.camera_ns))
                return False
            frame.slot.hold()
            self.ledger.take(frame.received_ns)
            self._queue.append(frame)
            self._waiting_frames += 1
            self._accepted += 1
            if self._accepted == self.run.info.planned_frames:
                self._closing = True
            self._changed.notify_all()
            return True

    def lose(self, loss: Loss) -> None:
        """Note frames that did not arrive whole. Never waits."""
        with self._changed:
            if self._closing:
                return
            if loss.reason is DropReason.CAMERA_GAP:
                self.ledger.skip(loss.received_ns, loss.count)
            else:
                self._captured += loss.count
                self.ledger.drop(loss.received_ns)
            self._lose(loss)

    # Everyone's side.

    def request_stop(self) -> None:
        """Take no more frames; those that wait are still written. Does nothing when it is ending already."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def abandon(self) -> None:
        """End before the first frame came, and leave nothing on the disk."""
        with self._changed:
            self._abandoned = True
            self._closing = True
            self._changed.notify_all()

    def fail(self, fault: Fault, *, discard: bool = False) -> None:
        """End as failed. With `discard`, frames that wait are dropped, because the disk takes no more.

        A recording that is ending already has all its frames: only the disk can still make it fail.
        """
        with self._changed:
            if self._closing and not discard:
                return
            self._fault = self._fault or fault
            self._discarding = self._discarding or discard
            if discard:
                waiting = (item for item in self._queue if not isinstance(item, Loss))
                first = next(waiting, None)
                if first is not None:
                    self.ledger.stop_writing(first.received_ns)
            self._closing = True
            self._changed.notify_all()

    def wait_ended(self, timeout_s: float | None = None) -> RecordingSummary | None:
        """Wait for the end; the last word on the recording, or None when the time is over."""
        return self._final if self._ended.wait(timeout_s) else None

    @property
    def phase(self) -> AcquisitionPhase:
        """RECORDING, STOPPING, or IDLE when it has ended."""
        with self._changed:
            if self._final is not None:
                return AcquisitionPhase.IDLE
            return AcquisitionPhase.STOPPING if self._closing else AcquisitionPhase.RECORDING

    @property
    def used_slots(self) -> int:
        """Frames that wait for the disk."""
        return self._waiting_frames

    def summary(self) -> RecordingSummary:
        """How it stands, or ended."""
        with self._changed:
            if self._final is not None:
                return self._final
            return self._summarise(RecordingOutcome.INCOMPLETE, self._fault, dict(self._drops), clock_ns())

    # The writer thread.

    def _write_until_closed(self) -> None:
        while (item := self._next_item()) is not None:
            if isinstance(item, Loss):
                self._note(item)
            elif not self._write(item):
                self._note(Loss(item.frame_id, 1, DropReason.WRITE_FAILED, item.received_ns, item.camera_ns))
        self._stop_syncing.set()
        self._syncer.join()
        self._finish()

    def _next_item(self) -> Frame | Loss | None:
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            return self._queue.popleft() if self._queue else None

    def _write(self, frame: Frame) -> bool:
        """Write a frame and give its slot back; whether it was written."""
        written = False
        try:
            if not self._discarding:
                self.run.write_frame(
                    frame.slot.memory,
                    frame_id=frame.frame_id,
                    received_ns=frame.received_ns,
                    camera_ns=frame.camera_ns,
                    renumbered=frame.renumbered,
                )
                written = True
        except BaseException as error:  # noqa: BLE001 - whatever it is ends the recording, with words
            self._give_up(error)
        frame.slot.release()
        with self._changed:
            self._waiting_frames -= 1
            if not written:
                self.ledger.stop_writing(frame.received_ns)
                self._drops[DropReason.WRITE_FAILED] = self._drops.get(DropReason.WRITE_FAILED, 0) + 1
        return written

    def _note(self, loss: Loss) -> None:
        """Put a loss into the table; when the disk takes not even that, the counts still have it."""
        try:
            self.run.write_lost(
                frame_id=loss.frame_id,
                count=loss.count,
                reason=loss.reason,
                received_ns=loss.received_ns,
                camera_ns=loss.camera_ns,
            )
        except BaseException as error:  # noqa: BLE001
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        """The disk failed: end as failed, and write no more frames."""
        if not self._discarding:
            log.error("The recording %s ends: %s", self.run.run_id, error, exc_info=error)
        self.fail(disk_fault(error, self.run.directory), discard=True)

    def _close_companion(self) -> EventsInfo | None:
        if self._on_closing is None:
            return None
        try:
            return self._on_closing()
        except Exception:
            log.exception("What lies beside the frames of %s was not closed well", self.run.run_id)
            return None

    def _finish(self) -> None:
        events = self._close_companion()
        if self._abandoned:
            self.run.discard()
            self._ended.set()
            return
        with self._changed:
            fault, captured, drops = self._fault, self._captured, dict(self._drops)
        outcome = RecordingOutcome.FAILED if fault else RecordingOutcome.COMPLETE
        try:
            info = self.run.finish(Ending(outcome, captured, drops, fault, events))
            outcome, fault, drops = info.outcome, info.fault, dict(info.dropped_frames)
        except Exception as error:
            log.exception("The recording could not be closed")
            outcome, fault = RecordingOutcome.FAILED, fault or disk_fault(error, self.run.directory)
        with self._changed:
            self._final = self._summarise(outcome, fault, drops, clock_ns())
        try:
            self._on_end()
        except Exception:
            log.exception("The end of the recording could not be announced")
        finally:
            self._ended.set()

    # The sync thread.

    def _sync_until_stopped(self) -> None:
        while not self._stop_syncing.wait(self._sync_interval_s):
            try:
                self.run.sync()
                if not self.run.has_room():
                    self.fail(
                        Fault(
                            f"The disk of {self.run.directory} is almost full, so the recording was stopped.",
                            "Free some space or record to another disk. Everything recorded until then can be read.",
                        )
                    )
            except BaseException as error:  # noqa: BLE001
                self._give_up(error)
                return

    def _lose(self, loss: Loss) -> None:
        """Count and queue a loss; the lock is held."""
        self._drops[loss.reason] = self._drops.get(loss.reason, 0) + loss.count
        last = self._queue[-1] if self._queue else None
        many = len(self._queue) - self._waiting_frames >= self._most_notes
        ring_full = loss.reason is DropReason.RING_FULL
        if many and ring_full and isinstance(last, Loss) and (last.reason, last.end) == (loss.reason, loss.frame_id):
            # Else the queue would grow for as long as the disk hangs. Before, each has the time of its own.
            self._queue[-1] = replace(last, count=last.count + loss.count)
        else:
            self._queue.append(loss)
        self._changed.notify_all()

    def _summarise(
        self, outcome: RecordingOutcome, fault: Fault | None, drops: dict[DropReason, int], now_ns: int
    ) -> RecordingSummary:
        run, started = self.run, self.run.info.started
        ended_ns = run.info.ended.monotonic_ns if run.info.ended else now_ns
        return RecordingSummary(
            run_id=run.run_id,
            directory=run.directory,
            camera_id=str(run.info.camera.get("id", "")),
            planned_frames=run.info.planned_frames,
            captured_frames=self._captured,
            written_frames=run.written_frames,
            durable_frames=run.durable_frames,
            drops=drops,
            bytes_written=run.bytes_written,
            started_unix_ns=started.unix_ns,
            started_ns=started.monotonic_ns,
            elapsed_s=(ended_ns - started.monotonic_ns) / 1e9,
            outcome=outcome,
            fault=fault,
        )
