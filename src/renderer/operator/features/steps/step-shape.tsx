/** The shape of a step: a tick when done, an arrow where one is, a square where a hand is needed, a ring ahead. */
import type { ReactNode } from "react";
import type { StepStanding } from "./steps";

const SHAPES: Readonly<Record<StepStanding, ReactNode>> = {
  done: <path d="M1.5 5.5 L4 8 L8.5 2.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  current: <path d="M2 1 L9 5 L2 9 Z" fill="currentColor" />,
  problem: <rect x="1" y="1" width="8" height="8" fill="currentColor" />,
  open: <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.2" />,
};

const WORDS: Readonly<Record<StepStanding, string>> = {
  done: "done",
  current: "current",
  problem: "needs a hand",
  open: "to come",
};

export function StepShape({ standing }: { readonly standing: StepStanding }) {
  return (
    <svg width="12" height="12" viewBox="0 0 10 10" role="img" aria-label={WORDS[standing]}>
      {SHAPES[standing]}
    </svg>
  );
}
