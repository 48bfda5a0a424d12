/** Whether this window may change anything now, and why not. */
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import type { MirrorState } from "../../mirror";
import { workerAnswers } from "./situation";

/** The role that the worker has given; undefined before it has. */
export function roleOf(state: MirrorState): Role | undefined {
  return state.connection.worker.server?.role;
}

/** Why no command can be given now; undefined when one can. */
export function commandHindrance(state: MirrorState): string | undefined {
  if (!workerAnswers(state)) {
    const neverDid = state.connection.worker.server === null;
    return neverDid ? "The worker has not answered yet." : "The worker does not answer.";
  }
  if (roleOf(state) === Role.VIEWER) return "You are a viewer here: you may look, an operator may change.";
  return undefined;
}
