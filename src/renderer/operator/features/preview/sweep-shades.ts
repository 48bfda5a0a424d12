/** When sweeps were shown, so that time courses can be shaded by them. */
import type { MirrorState } from "../../../../mirror";

/** Of the worker's clock, seconds; undefined: it goes on. */
export interface Shade {
  readonly fromS: number;
  readonly toS: number | undefined;
}

const NONE: readonly Shade[] = [];

type Sweeps = NonNullable<NonNullable<MirrorState["workflow"]["current"]>["state"]["run"]>["shown"];
let last: { readonly of: Sweeps; readonly shades: readonly Shade[] } | undefined;

/** The sweeps of the run, if there is one; the same list while they are the same. */
export function sweepShades(state: MirrorState): readonly Shade[] {
  const sweeps = state.workflow.current?.state.run?.shown;
  if (!sweeps || sweeps.length === 0) return NONE;
  if (last?.of !== sweeps) {
    const shades = sweeps.map(({ startedNs, endedNs }) => ({
      fromS: Number(startedNs) / 1e9,
      toS: endedNs === "0" ? undefined : Number(endedNs) / 1e9,
    }));
    last = { of: sweeps, shades };
  }
  return last.shades;
}
