/** Keeps the list of runs up to date: read again whenever one has ended, and when runs are kept in another folder. */
import { AcquisitionPhase } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import type { MirrorState, MirrorStore } from "./make-store";
import { listRuns } from "./run-commands";

/** Returns the function that stops it. */
export function watchRuns(store: MirrorStore): () => void {
  let before = { records: records(store.getState()), directory: runDirectory(store.getState()) };
  return store.subscribe(() => {
    const now = { records: records(store.getState()), directory: runDirectory(store.getState()) };
    const ended = before.records && !now.records;
    const moved = before.directory !== now.directory;
    before = now;
    if (ended || moved) void store.dispatch(listRuns(now.directory));
  });
}

/** Where runs are kept by the configuration; empty: the worker's default. */
export function runDirectory(state: MirrorState): string {
  const directory = state.configuration.current?.state.values["session.directory"];
  return typeof directory === "string" ? directory : "";
}

function records({ acquisition }: MirrorState): boolean {
  const phase = acquisition.current?.state.phase ?? AcquisitionPhase.IDLE;
  return phase !== AcquisitionPhase.IDLE && phase !== AcquisitionPhase.UNSPECIFIED;
}
