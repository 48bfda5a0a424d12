/** What the operator asks of the workflow. Each is answered with the state after it; a refusal carries the guard that is against it. */
import { StopMode } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { WorkflowPhase, WorkflowState } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { toCommandError } from "./command-error";
import { createCommand, stamped } from "./create-command";
import { toPlain } from "./from-proto";
import type { InstrumentClients } from "./instrument";
import { workflowArrived } from "./workflow-slice";

type WorkflowClient = InstrumentClients["workflow"];
type Answer = Promise<{ readonly state?: WorkflowState }>;

/** A command that asks the workflow for one thing. */
function workflowCommand<Argument = void>(name: string, ask: (client: WorkflowClient, argument: Argument) => Answer) {
  return createCommand<undefined, Argument>(name, async (argument, { dispatch, extra, rejectWithValue }) => {
    try {
      const { state } = await ask(extra.clients.workflow, argument);
      if (state) dispatch(workflowArrived(stamped(toPlain(state), extra)));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  });
}

/** Goes to another phase: set-up, or review. */
export const enterPhase = workflowCommand<WorkflowPhase.SET_UP | WorkflowPhase.REVIEW>("enterPhase", (client, phase) =>
  client.enterPhase({ phase }),
);

/** Makes the checks, and waits for them. */
export const runPreflight = workflowCommand("runPreflight", (client) => client.runPreflight({}));

/** Starts the run; the warnings of these checks are accepted. */
export const startRun = workflowCommand<readonly string[]>("startRun", (client, acceptedWarnings) =>
  client.startRun({ acceptedWarnings: [...acceptedWarnings] }),
);

/** Pauses at the end of the sweep that is shown. */
export const pauseRun = workflowCommand("pauseRun", (client) => client.pauseRun({}));

/** Goes on, or takes back a pause that has not begun. */
export const resumeRun = workflowCommand("resumeRun", (client) => client.resumeRun({}));

/** Ends the run early: now, or after the sweep that is shown. */
export const stopRun = workflowCommand<"now" | "after-sweep">("stopRun", (client, when) =>
  client.stopRun({ mode: when === "now" ? StopMode.NOW : StopMode.AFTER_SWEEP }),
);

/** Leaves the error for the phase before it. */
export const recover = workflowCommand("recover", (client) => client.recover({}));
