/** What the bench measures, as its page reports it and its command prints it. */

/** One side of a case in one round. */
export interface Sample {
  readonly case: string;
  readonly side: "ours" | "reference";
  /** In the case's unit. */
  readonly value: number;
}

/** A case: the same work done by the product and by the least code that could do it. */
export interface CaseDescription {
  readonly name: string;
  readonly unit: string;
  readonly referenceName: string;
  /** What the ratio should reach, and whether more or less is better. */
  readonly goal: {
    readonly ratio: number;
    readonly better: "higher" | "lower";
  };
}

/** A line of the bench's JSON. */
export interface CaseResult {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  readonly referenceName: string;
  readonly ratio: number;
}

/** All cases, in the order they are printed. */
export const CASES: readonly CaseDescription[] = [
  {
    name: "host-to-window",
    unit: "MB/s",
    referenceName: "bare hop: utility process → window, postMessage of the same bytes",
    goal: { ratio: 0.85, better: "higher" },
  },
  {
    name: "worker-to-window",
    unit: "MB/s",
    referenceName: "bare hop: utility process → window, postMessage of the same bytes",
    goal: { ratio: 0.85, better: "higher" },
  },
  {
    name: "worker-to-window-chain",
    unit: "MB/s",
    referenceName: "bare chain: Python socket → utility process → window, no protocol",
    goal: { ratio: 0.85, better: "higher" },
  },
  {
    name: "round-trip",
    unit: "µs",
    referenceName: "bare chain: window → utility process → Python socket and back, no protocol",
    goal: { ratio: 1.25, better: "lower" },
  },
  {
    name: "round-trip-p99",
    unit: "µs",
    referenceName: "bare chain: window → utility process → Python socket and back, no protocol",
    goal: { ratio: 1.25, better: "lower" },
  },
];

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Medians over the rounds, and the median of the rounds' ratios: both sides of a round ran next to each other. */
export function summarise(samples: readonly Sample[]): CaseResult[] {
  return CASES.map(({ name, unit, referenceName }) => {
    const side = (which: Sample["side"]) =>
      samples.filter((s) => s.case === name && s.side === which).map((s) => s.value);
    const ours = side("ours");
    const reference = side("reference");
    const ratios = ours.map((value, round) => value / (reference[round] ?? Number.NaN));
    return {
      name,
      unit,
      ours: median(ours),
      reference: median(reference),
      referenceName,
      ratio: median(ratios),
    };
  });
}
