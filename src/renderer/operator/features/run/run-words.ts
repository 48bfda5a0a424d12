/** The words for what happens in a run. */
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { RunStep } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { RunMirror } from "../../../../mirror";

export const DIRECTION_WORDS: Readonly<Record<Direction, string>> = {
  [Direction.UNSPECIFIED]: "No direction",
  [Direction.LEFT_TO_RIGHT]: "Left to right",
  [Direction.RIGHT_TO_LEFT]: "Right to left",
  [Direction.TOP_TO_BOTTOM]: "Top to bottom",
  [Direction.BOTTOM_TO_TOP]: "Bottom to top",
};

/** The way the bar goes, as the animal sees it. */
export const DIRECTION_ARROWS: Readonly<Record<Direction, string>> = {
  [Direction.UNSPECIFIED]: "·",
  [Direction.LEFT_TO_RIGHT]: "→",
  [Direction.RIGHT_TO_LEFT]: "←",
  [Direction.TOP_TO_BOTTOM]: "↓",
  [Direction.BOTTOM_TO_TOP]: "↑",
};

export const STEP_WORDS: Readonly<Record<RunStep, string>> = {
  [RunStep.UNSPECIFIED]: "Unknown",
  [RunStep.STARTING]: "Starting",
  [RunStep.BASELINE_BEFORE]: "Baseline before",
  [RunStep.SWEEP]: "Sweep",
  [RunStep.BETWEEN_SWEEPS]: "Between sweeps",
  [RunStep.PAUSED]: "Paused",
  [RunStep.BASELINE_AFTER]: "Baseline after",
  [RunStep.ENDING]: "Last frames to disk",
  [RunStep.ENDED]: "Ended",
};

/** "Left to right 2/4 · sweep 7/10", or what else happens. */
export function progressText(run: RunMirror): string {
  switch (run.step) {
    case RunStep.SWEEP:
    case RunStep.BETWEEN_SWEEPS:
    case RunStep.PAUSED:
      return run.sweepNumber > 0 ? sweepText(run) : STEP_WORDS[run.step];
    default:
      return STEP_WORDS[run.step];
  }
}

/** Which sweep it is, among all. */
function sweepText(run: RunMirror): string {
  const way = `${DIRECTION_WORDS[run.direction]} ${run.directionNumber}/${run.directions}`;
  return `${way} · sweep ${run.sweepNumber}/${run.sweepsPerDirection}`;
}

/** What was asked of the run and has not come yet; empty: nothing. */
export function askedText(run: RunMirror): string {
  const when = run.step === RunStep.SWEEP ? "after this sweep" : "now";
  if (run.stopAfterSweepAsked) return `stops ${when}`;
  return run.pauseAsked && run.step !== RunStep.PAUSED ? `pauses ${when}` : "";
}
