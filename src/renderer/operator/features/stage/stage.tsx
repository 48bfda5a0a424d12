/** What the middle of the window shows: what the phase is about, the picture, or a run from the list. */
import { createContext, useContext, useMemo, useState } from "react";
import { useMirror } from "../../../shared/hooks";
import { phaseOf } from "../run/transitions";

export type StageView =
  /** The checks in pre-flight, the run in review, the picture otherwise. */
  { readonly kind: "phase" } | { readonly kind: "picture" } | { readonly kind: "run"; readonly directory: string };

export interface Stage {
  readonly view: StageView;
  readonly show: (view: StageView) => void;
}

const StageContext = createContext<Stage | null>(null);

const PHASE: StageView = { kind: "phase" };

/** A new phase shows what it is about, whatever was looked at before. */
export function StageProvider({ children }: { readonly children: React.ReactNode }) {
  const phase = useMirror(phaseOf);
  const [shown, setShown] = useState({ phase, view: PHASE });
  const stage = useMemo(
    (): Stage => ({
      view: shown.phase === phase ? shown.view : PHASE,
      show: (view) => setShown({ phase, view }),
    }),
    [shown, phase],
  );
  return <StageContext value={stage}>{children}</StageContext>;
}

/** @throws Error outside of a {@link StageProvider}. */
export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error("No stage is provided here.");
  return stage;
}
