/** Which warnings of the checks somebody has accepted. Checks made anew are other checks: nothing of them is accepted. */
import { createContext, useContext, useMemo, useState } from "react";
import { CheckResult } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { useMirror } from "../../../shared/hooks";

export interface Acceptance {
  readonly accepted: ReadonlySet<string>;
  /** Ids of the warnings there are. */
  readonly warnings: readonly string[];
  readonly allAccepted: boolean;
  readonly set: (id: string, accepted: boolean) => void;
  readonly setAll: (accepted: boolean) => void;
}

const AcceptanceContext = createContext<Acceptance | null>(null);

const NO_CHECKS: readonly never[] = [];

export function AcceptanceProvider({ children }: { readonly children: React.ReactNode }) {
  const checks = useMirror((state) => state.workflow.current?.state.preflight?.checks) ?? NO_CHECKS;
  const epoch = useMirror((state) => state.workflow.current?.epoch ?? "");
  const madeNs = useMirror((state) => state.workflow.current?.state.preflight?.madeNs ?? "0");
  const ofChecks = `${epoch}/${madeNs}`;
  const [chosen, setChosen] = useState<{ readonly of: string; readonly ids: ReadonlySet<string> }>({
    of: ofChecks,
    ids: new Set(),
  });
  const acceptance = useMemo((): Acceptance => {
    const warnings = checks.filter(({ result }) => result === CheckResult.WARN).map(({ id }) => id);
    const kept = chosen.of === ofChecks ? chosen.ids : new Set<string>();
    const accepted = new Set(warnings.filter((id) => kept.has(id)));
    return {
      accepted,
      warnings,
      allAccepted: accepted.size === warnings.length,
      set: (id, accept) => {
        const ids = accept ? [...accepted, id] : [...accepted].filter((one) => one !== id);
        setChosen({ of: ofChecks, ids: new Set(ids) });
      },
      setAll: (accept) => setChosen({ of: ofChecks, ids: new Set(accept ? warnings : []) }),
    };
  }, [checks, chosen, ofChecks]);
  return <AcceptanceContext value={acceptance}>{children}</AcceptanceContext>;
}

/** @throws Error outside of an {@link AcceptanceProvider}. */
export function useAcceptance(): Acceptance {
  const acceptance = useContext(AcceptanceContext);
  if (!acceptance) throw new Error("No acceptance of warnings is provided here.");
  return acceptance;
}
