/** Whether a run's files agree with one another: number and order of phases, sweeps, frames and flips, read out of the files themselves. */
import {
  flipsOf,
  framesOf,
  type RecordedFlip,
  type RecordedFrame,
  type RecordedSweep,
  workflowOf,
} from "./recorded-events";
import { verifyRun } from "./recorded-run";

/** What a run that was seen through says of itself. */
export interface Agreement {
  /** One sentence each; none when everything agrees. */
  readonly problems: readonly string[];
  readonly sweeps: readonly RecordedSweep[];
  readonly frames: number;
  readonly flips: number;
}

/**
 * Reads the journal and the frame table of a run that is complete.
 *
 * @param directions - Of the sweeps that the plan had, in its order.
 */
export async function agreementOf(folder: string, directions: readonly string[]): Promise<Agreement> {
  const verification = await verifyRun(folder);
  const { sweeps, steps, outcome } = await workflowOf(folder);
  const frames = await framesOf(folder);
  const flips = await flipsOf(folder);
  const problems: string[] = [];
  const must = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };

  must(verification.good, `macroscope verify finds: ${JSON.stringify(verification.problems)}`);
  must(verification.outcome === "complete", `the recording is ${String(verification.outcome)}`);
  must(outcome === "RUN_OUTCOME_COMPLETE", `the run is ${outcome}`);
  must(/STARTING|BASELINE_BEFORE/.test(steps[0] ?? ""), `the first step is ${steps[0] ?? "none"}`);
  const last = steps.slice(-2).join(", ");
  must(last === "RUN_STEP_BASELINE_AFTER, RUN_STEP_ENDING", `the last steps are ${last}`);

  const whole = sweeps.filter((sweep) => sweep.outcome === "SWEEP_OUTCOME_COMPLETE");
  const shown = whole.map(({ direction }) => direction).join(", ");
  must(shown === directions.join(", "), `complete sweeps are ${shown}; the plan had ${directions.join(", ")}`);
  must(
    whole.every(({ sweepIndex }, place) => sweepIndex === place),
    "complete sweeps are not in the plan's order",
  );
  must(
    sweeps.every(({ showing }, place) => showing === place),
    "showings are not counted from 0",
  );
  must(flips.length > 0, "there are no flips");
  const ofShowing = Map.groupBy(flips, ({ showing }) => showing);
  for (const sweep of sweeps) {
    problems.push(...frameProblems(sweep, frames));
    if (sweep.outcome === "SWEEP_OUTCOME_COMPLETE")
      problems.push(...flipProblems(sweep, ofShowing.get(sweep.showing) ?? []));
  }
  return { problems, sweeps, frames: frames.length, flips: flips.length };
}

function frameProblems(sweep: RecordedSweep, frames: readonly RecordedFrame[]): string[] {
  const within = frames.filter(({ receivedNs }) => receivedNs >= sweep.startedNs && receivedNs < sweep.endedNs).length;
  const agree = within === sweep.frames;
  return agree
    ? []
    : [`showing ${String(sweep.showing)}: ${String(within)} frames in the table, ${String(sweep.frames)} told`];
}

/** Flips come one after the other, the bar goes its way, and the square changes with every one. */
function flipProblems(sweep: RecordedSweep, flips: readonly RecordedFlip[]): string[] {
  const found = new Set<string>();
  if (flips.length !== sweep.flips)
    found.add(`${String(flips.length)} flips in the journal, ${String(sweep.flips)} told`);
  if (flips.length <= 2) found.add(`only ${String(flips.length)} flips`);
  const rising = sweep.direction === "DIRECTION_LEFT_TO_RIGHT" || sweep.direction === "DIRECTION_BOTTOM_TO_TOP";
  for (const [place, flip] of flips.entries()) {
    if (flip.presentedNs < sweep.startedNs || flip.presentedNs > sweep.endedNs)
      found.add("a flip outside of the sweep");
    const before = flips[place - 1];
    if (!before) continue;
    if (flip.index !== before.index + 1) found.add("flips are not counted one by one");
    if (flip.presentedNs <= before.presentedNs) found.add("a flip is not later than the one before");
    if (flip.angleDeg > before.angleDeg !== rising) found.add("the bar does not go its way");
    if (flip.squareBright === before.squareBright) found.add("the square does not change with every flip");
  }
  return [...found].map((problem) => `showing ${String(sweep.showing)}: ${problem}`);
}
