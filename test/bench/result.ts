/** From samples to the bench's JSON and its lines. */
import type { CaseDescription, Goal, Sample } from "./cases";

/** A case's figures. */
export interface CaseResult {
  readonly name: string;
  readonly unit: string;
  /** Median of the rounds. */
  readonly ours: number;
  readonly reference: number;
  readonly referenceName: string;
  /** Median of the rounds' ratios: both sides of a round ran next to each other. */
  readonly ratio: number;
  /** Missing where nothing is promised. */
  readonly goal?: Goal;
  readonly met?: boolean;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The figures of each case. One that has no samples could not be measured and is left out. */
export function summarise(cases: readonly CaseDescription[], samples: readonly Sample[]): CaseResult[] {
  return cases.flatMap(({ name, unit, referenceName, goal }) => {
    const side = (which: Sample["side"]) =>
      samples.filter((s) => s.case === name && s.side === which).map((s) => s.value);
    const [all, references] = [side("ours"), side("reference")];
    if (all.length === 0 || all.length !== references.length) return [];
    const [ours, reference] = [median(all), median(references)];
    const ratio = median(all.map((value, round) => value / (references[round] ?? Number.NaN)));
    const result = { name, unit, ours, reference, referenceName, ratio };
    if (!goal) return [result];
    const figure = goal.of === "ratio" ? ratio : ours;
    return [{ ...result, goal, met: goal.better === "higher" ? figure >= goal.limit : figure <= goal.limit }];
  });
}

function digits(value: number): string {
  return value.toFixed(Math.abs(value) < 100 ? 2 : 0);
}

/** The result in one line. */
export function describe({ name, unit, ours, reference, ratio, goal, met }: CaseResult): string {
  const figures = `${digits(ours).padStart(7)} against ${digits(reference).padStart(7)} ${unit}`;
  const sign = goal?.better === "higher" ? "≥" : "≤";
  const wanted = goal
    ? ` (goal ${goal.of === "ours" ? `ours ${sign} ${String(goal.limit)} ${unit}` : `${sign} ${String(goal.limit)}`}) ${met ? "met" : "missed"}`
    : "";
  return `${name.padEnd(26)} ${figures.padEnd(32)} ratio ${ratio.toFixed(2)}${wanted}`;
}
