/** What goes on in the worker, as far as a window may be in its way. When the worker cannot be asked, what it said last holds. */
import { AcquisitionPhase, type AcquisitionState } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { type Run, WorkflowPhase, type WorkflowState } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { Channel } from "../rpc";
import { holdStream } from "./hold-stream";
import type { Going } from "./windows";
import type { WorkerClients } from "./worker-access";

/** Follows the worker's recording and run. Whoever made it closes it. */
export class RunWatch {
  readonly #stops: readonly (() => void)[];
  readonly #onChange: () => void;
  #acquisition: AcquisitionState | undefined;
  #workflow: WorkflowState | undefined;
  #told = "";

  /** @param onChange - told when {@link going} has changed. */
  constructor(channel: Channel, { acquisition, workflow }: WorkerClients, onChange: () => void) {
    this.#onChange = onChange;
    this.#stops = [
      holdStream(
        channel,
        (signal) => acquisition.watchAcquisition({}, { signal }),
        ({ state }) => {
          this.#acquisition = state;
          this.#changed();
        },
      ),
      holdStream(
        channel,
        (signal) => workflow.watchWorkflow({}, { signal }),
        ({ state }) => {
          this.#workflow = state;
          this.#changed();
        },
      ),
    ];
  }

  get going(): Going {
    const run = runOf(this.#workflow) !== undefined;
    return { run, guarded: run || recordingOf(this.#acquisition) !== undefined };
  }

  /** What goes on, as a sentence to ask with; empty: nothing. */
  get sentence(): string {
    return sentenceOf(this.#acquisition, this.#workflow);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #changed(): void {
    const { run, guarded } = this.going;
    const now = `${String(run)} ${String(guarded)}`;
    if (now === this.#told) return;
    this.#told = now;
    this.#onChange();
  }
}

/** The run that goes on; undefined: none does. */
function runOf(workflow: WorkflowState | undefined): Partial<Run> | undefined {
  return workflow?.phase === WorkflowPhase.ACQUISITION ? (workflow.run ?? {}) : undefined;
}

/** The recording that goes on; undefined: none does. */
function recordingOf(acquisition: AcquisitionState | undefined): AcquisitionState | undefined {
  const phase = acquisition?.phase ?? AcquisitionPhase.IDLE;
  return phase === AcquisitionPhase.IDLE || phase === AcquisitionPhase.UNSPECIFIED ? undefined : acquisition;
}

/** Names what goes on, and how far it is. */
export function sentenceOf(acquisition: AcquisitionState | undefined, workflow: WorkflowState | undefined): string {
  const run = runOf(workflow);
  if (run) {
    const name = run.runId ? `The run ${run.runId} goes on` : "A run goes on";
    if (!run.directions) return `${name}.`;
    const place = `direction ${String(run.directionNumber)} of ${String(run.directions)}, sweep ${String(run.sweepNumber)} of ${String(run.sweepsPerDirection)}`;
    const left = run.remainingS ? `, ${timeLeft(run.remainingS)} left` : "";
    return `${name}: ${place}${left}.`;
  }
  const state = recordingOf(acquisition);
  if (!state) return "";
  const frames = state.recording?.capturedFrames ?? 0n;
  return frames > 0n ? `A recording goes on: ${frames.toString()} frames so far.` : "A recording goes on.";
}

function timeLeft(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${String(whole)} s` : `${String(Math.round(whole / 60))} min`;
}
