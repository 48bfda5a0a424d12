/** How a run ended, in a word with its tone; and its name without the time that it starts with. */
import { RecordingOutcome } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { RunOutcome } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunEntryMirror, RunMirror } from "../../../../mirror";
import type { Tone } from "../../../shared/tone";

export interface RunStanding {
  readonly word: string;
  readonly tone: Tone;
}

export function entryStanding(entry: RunEntryMirror): RunStanding {
  if (entry.problem) return { word: "unreadable", tone: "alarm" };
  if (entry.outcome === RecordingOutcome.FAILED) return { word: "failed", tone: "alarm" };
  if (entry.outcome === RecordingOutcome.INCOMPLETE) return { word: "cut short", tone: "warn" };
  if (entry.droppedFrames > 0) return { word: "frames lost", tone: "warn" };
  if (entry.completeSweeps < entry.plannedSweeps) return { word: "stopped early", tone: "warn" };
  return entry.plannedSweeps === 0 ? { word: "recorded", tone: "ok" } : { word: "complete", tone: "ok" };
}

/** A run folder's name begins with when it was made: "20260301-101500_mouse12". */
const NAMED = /^\d{8}-\d{6}_(.+)$/;

export function runName(runId: string): string {
  return NAMED.exec(runId)?.[1] ?? runId;
}

const MS_PER_NS = 1e-6;

/** "14:05" today, "28 Feb 16:12" before. */
export function startedText(startedUnixNs: string, nowMs: number): string {
  const ms = Number(startedUnixNs) * MS_PER_NS;
  if (ms <= 0) return "";
  const started = new Date(ms);
  const clock = started.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (started.toDateString() === new Date(nowMs).toDateString()) return clock;
  return `${started.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${clock}`;
}

/** How the workflow's run stands. */
export function runStanding(run: RunMirror): RunStanding {
  switch (run.outcome) {
    case RunOutcome.COMPLETE:
      return run.droppedFrames > 0 ? { word: "frames lost", tone: "warn" } : { word: "complete", tone: "ok" };
    case RunOutcome.STOPPED:
      return { word: "stopped early", tone: "warn" };
    case RunOutcome.FAILED:
      return { word: "failed", tone: "alarm" };
    case RunOutcome.RUNNING:
      return { word: "running", tone: "recording" };
    default:
      return { word: "unknown", tone: "quiet" };
  }
}
