/** A run's sweeps by direction, with the directions that are still to come as the configuration has them. */
import { useMemo } from "react";
import type { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import type { RunMirror } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { sweepRows } from "./sweep-rows";
import type { SweepRow } from "./sweep-rows";

export function useSweepRows(run: RunMirror): readonly SweepRow[] {
  const planned = useMirror((state) => state.configuration.current?.state.values["acquisition.directions"]);
  return useMemo(() => sweepRows(run, Array.isArray(planned) ? (planned as Direction[]) : []), [run, planned]);
}
