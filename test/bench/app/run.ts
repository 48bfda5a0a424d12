import type { Stage } from "./stage";

/** Adds what one side of a case measured in this round. */
export type AddSample = (name: string, side: "ours" | "reference", value: number) => void;

/** What is measured together, round by round. */
export interface Run {
  /** The cases that it yields samples for. */
  readonly cases: readonly string[];
  /** Both sides once, not counted: code is compiled, buffers are there. */
  warmUp(stage: Stage): Promise<void>;
  round(stage: Stage, round: number, add: AddSample): Promise<void>;
  /** Ends what the run started. */
  close?(): void;
}

/** Runs both sides, changing who goes first from round to round. */
export async function inTurn(round: number, ours: () => Promise<void>, reference: () => Promise<void>): Promise<void> {
  const [first, second] = round % 2 === 0 ? [ours, reference] : [reference, ours];
  await first();
  await second();
}
