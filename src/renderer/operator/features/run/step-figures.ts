/** How far the present step of a run is, by the worker's clock at the time it said so: nothing is counted on by itself. */
import type { RunMirror } from "../../../../mirror";
import { isStamped, secondsBetween } from "./worker-clock";

export interface StepFigures {
  /** Undefined when the step ends when somebody says so. */
  readonly leftS: number | undefined;
  /** From 0 to 1. */
  readonly part: number | undefined;
}

export function stepFigures(
  { stepStartedNs, stepEndsNs }: Pick<RunMirror, "stepStartedNs" | "stepEndsNs">,
  statedNs: string,
): StepFigures {
  if (!isStamped(stepEndsNs) || !isStamped(statedNs)) return { leftS: undefined, part: undefined };
  const leftS = Math.max(0, secondsBetween(statedNs, stepEndsNs));
  const wholeS = secondsBetween(stepStartedNs, stepEndsNs);
  return { leftS, part: wholeS > 0 ? Math.min(1, Math.max(0, 1 - leftS / wholeS)) : undefined };
}
