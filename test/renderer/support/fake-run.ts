/** A run as the workflow tells of it, and the checks before it. */
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Direction } from "../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import {
  CheckResult,
  RunOutcome,
  RunSchema,
  RunStep,
  SweepOutcome,
} from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { CheckSchema, Run, SweepSchema } from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";

type CheckInit = MessageInitShape<typeof CheckSchema>;
type SweepInit = MessageInitShape<typeof SweepSchema>;

const NS_PER_S = 1_000_000_000n;
const SWEEP_S = 18n;
const GAP_S = 5n;

/** All is well. */
export const CHECKS: readonly CheckInit[] = [
  { id: "camera_live", label: "Camera", result: CheckResult.PASS, found: "Live, 30.0 Hz of 30.0 Hz asked for." },
  { id: "free_space", label: "Free space", result: CheckResult.PASS, found: "109 min left, the run takes 16 min." },
  { id: "folder_writable", label: "Folder", result: CheckResult.PASS, found: "/data/macroscope can be written." },
  { id: "saturation", label: "Saturation", result: CheckResult.PASS, found: "No saturated pixel in the region." },
  { id: "display", label: "Stimulus display", result: CheckResult.PASS, found: "60.0 Hz, full screen." },
  { id: "clock_fit", label: "Clocks", result: CheckResult.PASS, found: "Offset known to 0.2 ms." },
  { id: "coverage", label: "Coverage", result: CheckResult.PASS, found: "Sweeps cover 101° × 72°." },
  {
    id: "camera_temperature",
    label: "Camera temperature",
    result: CheckResult.SKIPPED,
    found: "This camera does not tell it.",
  },
];

/** One of each result. */
export const MIXED_CHECKS: readonly CheckInit[] = [
  CHECKS[0] ?? {},
  {
    id: "free_space",
    label: "Free space",
    result: CheckResult.FAIL,
    found: "11 min left, the run takes 16 min.",
    remedy: "Free space, choose another folder, or plan fewer sweeps.",
  },
  CHECKS[2] ?? {},
  {
    id: "saturation",
    label: "Saturation",
    result: CheckResult.WARN,
    found: "212 pixels of the region are saturated.",
    remedy: "Shorten the exposure or dim the light.",
  },
  {
    id: "display_rate",
    label: "Stimulus display",
    result: CheckResult.WARN,
    found: "59.1 Hz measured, 60.0 Hz said; 14 refreshes missed in the last 10 s.",
    remedy: "Close what else draws, or accept it and look at the flips afterwards.",
  },
  ...CHECKS.slice(5),
];

/** Checks with warnings and nothing worse. */
export const WARNED_CHECKS: readonly CheckInit[] = MIXED_CHECKS.map((check) =>
  check.result === CheckResult.FAIL ? (CHECKS[1] ?? check) : check,
);

const DIRECTIONS = [
  Direction.LEFT_TO_RIGHT,
  Direction.RIGHT_TO_LEFT,
  Direction.TOP_TO_BOTTOM,
  Direction.BOTTOM_TO_TOP,
] as const;

/** So many sweeps of 4 × 10 that were shown whole, and then one that stands as `last` says. */
export function sweepsUpTo(complete: number, last?: SweepOutcome): SweepInit[] {
  const count = complete + (last === undefined ? 0 : 1);
  return Array.from({ length: count }, (_, place) => sweepAt(place, place, outcomeAt(place, complete, last)));
}

function outcomeAt(place: number, complete: number, last: SweepOutcome | undefined): SweepOutcome {
  return place < complete ? SweepOutcome.COMPLETE : (last ?? SweepOutcome.COMPLETE);
}

/** A sweep by its place in the plan. */
export function sweepAt(showing: number, sweepIndex: number, outcome: SweepOutcome): SweepInit {
  const startedNs = (345n + BigInt(showing) * (SWEEP_S + GAP_S)) * NS_PER_S;
  const running = outcome === SweepOutcome.RUNNING;
  return {
    showing,
    sweepIndex,
    direction: DIRECTIONS[Math.floor(sweepIndex / 10)] ?? Direction.LEFT_TO_RIGHT,
    sweepNumber: (sweepIndex % 10) + 1,
    startedNs,
    endedNs: running ? 0n : startedNs + SWEEP_S * NS_PER_S,
    outcome,
    frames: running ? 212n : 540n,
    expectedFrames: running ? 0n : 540n,
    writtenFrames: running ? 0n : 540n,
    flips: running ? 424n : 1080n,
    missedRefreshes: showing % 7 === 3 ? 2n : 0n,
    reason: outcome === SweepOutcome.BROKEN ? "The stimulus window closed in the sweep." : "",
  };
}

/** The seventeenth sweep of forty, unless said otherwise. */
export function runAt(change: MessageInitShape<typeof RunSchema> = {}): Run {
  return create(RunSchema, {
    runId: "20260301-101500_mouse12",
    directory: "/data/macroscope/20260301-101500_mouse12",
    step: RunStep.SWEEP,
    outcome: RunOutcome.RUNNING,
    sweepIndex: 16,
    sweeps: 40,
    direction: Direction.RIGHT_TO_LEFT,
    directionNumber: 2,
    directions: 4,
    sweepNumber: 7,
    sweepsPerDirection: 10,
    startedNs: 340n * NS_PER_S,
    stepStartedNs: (345n + 16n * (SWEEP_S + GAP_S)) * NS_PER_S,
    stepEndsNs: (345n + 16n * (SWEEP_S + GAP_S) + SWEEP_S) * NS_PER_S,
    elapsedS: 381.2,
    remainingS: 548.8,
    shown: sweepsUpTo(16, SweepOutcome.RUNNING),
    capturedFrames: 11_436n,
    ...change,
  });
}

/** Worker's clock seven seconds into the sweep of {@link runAt}. */
export const STATED_NS = (345n + 16n * (SWEEP_S + GAP_S) + 7n) * NS_PER_S;
