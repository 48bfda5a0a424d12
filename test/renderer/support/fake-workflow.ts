/** A workflow in memory: it does what is asked at once, and a test or the gallery sets the rest. */
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import { TransitionRefusedSchema } from "../../../gen/ts/macroscope/workflow/v1/errors_pb";
import {
  RunOutcome,
  RunStep,
  StopMode,
  Verb,
  WorkflowPhase,
  WorkflowService,
  WorkflowStateSchema,
} from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { GuardSchema, WorkflowState } from "../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { CHECKS, runAt } from "./fake-run";
import { Feed } from "./feed";

type Guard = MessageInitShape<typeof GuardSchema>;
type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;

const NOT_NOW: Guard = {
  id: "phase",
  reason: "This is not for the phase that the workflow is in.",
  remedy: "Go on with what the phase offers.",
};

const ALLOWED: Readonly<Partial<Record<WorkflowPhase, readonly Verb[]>>> = {
  [WorkflowPhase.SET_UP]: [Verb.RUN_PREFLIGHT, Verb.ENTER_REVIEW],
  [WorkflowPhase.PRE_FLIGHT]: [Verb.ENTER_SET_UP, Verb.RUN_PREFLIGHT, Verb.START_RUN, Verb.ENTER_REVIEW],
  [WorkflowPhase.ACQUISITION]: [Verb.PAUSE_RUN, Verb.STOP_NOW, Verb.STOP_AFTER_SWEEP],
  [WorkflowPhase.REVIEW]: [Verb.ENTER_SET_UP, Verb.RUN_PREFLIGHT],
  [WorkflowPhase.ERROR]: [Verb.RECOVER],
};

/** Every transition, as it stands in a phase; `against` names what else is not allowed. */
export function transitionsIn(phase: WorkflowPhase, against: Partial<Record<Verb, Guard>> = {}, also: Verb[] = []) {
  const verbs = Object.values(Verb).filter((verb): verb is Verb => typeof verb === "number" && verb > 0);
  return verbs.map((verb) => {
    const allowed = ((ALLOWED[phase] ?? []).includes(verb) || also.includes(verb)) && !against[verb];
    return allowed ? { verb, allowed } : { verb, allowed, refusedBy: against[verb] ?? NOT_NOW };
  });
}

export class FakeWorkflow {
  readonly states = new Feed<WorkflowState>(
    create(WorkflowStateSchema, {
      revision: 1n,
      phase: WorkflowPhase.SET_UP,
      transitions: transitionsIn(WorkflowPhase.SET_UP),
      statedNs: 340_000_000_000n,
    }),
  );

  /** Changes the state and tells everyone; without transitions they are those of the phase. */
  change(change: Omit<MessageInitShape<typeof WorkflowStateSchema>, "$typeName">): WorkflowState {
    const before = this.states.current;
    const phase = change.phase ?? before.phase;
    const transitions = change.transitions ?? transitionsIn(phase, {}, alsoAllowed(change.run ?? before.run));
    // Without its type's name it is an init, whose parts may be inits themselves.
    const whole = { ...before, ...change, phase, transitions, revision: before.revision + 1n, $typeName: undefined };
    this.states.push(create(WorkflowStateSchema, whole as MessageInitShape<typeof WorkflowStateSchema>));
    return this.states.current;
  }

  register(router: ConnectRouter, answer: Answer): void {
    router.service(WorkflowService, {
      watchWorkflow: async function* (this: FakeWorkflow, _: unknown, { signal }: { signal: AbortSignal }) {
        for await (const state of this.states.watch(signal)) yield { state };
      }.bind(this),
      enterPhase: (request) => answer("enterPhase", request, () => ({ state: this.change({ phase: request.phase }) })),
      runPreflight: (request) => answer("runPreflight", request, () => ({ state: this.check() })),
      startRun: (request) => answer("startRun", request, () => ({ state: this.start() })),
      pauseRun: (request) => answer("pauseRun", request, () => ({ state: this.changeRun({ pauseAsked: true }) })),
      resumeRun: (request) =>
        answer("resumeRun", request, () => ({
          state: this.changeRun({ pauseAsked: false, pauseReason: "", step: RunStep.SWEEP }),
        })),
      stopRun: (request) => answer("stopRun", request, () => ({ state: this.stop(request.mode) })),
      recover: (request) =>
        answer("recover", request, () => ({
          state: this.change({ phase: this.states.current.recoversTo || WorkflowPhase.SET_UP, fault: undefined }),
        })),
    });
  }

  /** Changes something of the run that goes on. */
  changeRun(change: Omit<Partial<NonNullable<WorkflowState["run"]>>, "$typeName">): WorkflowState {
    const { run } = this.states.current;
    if (!run) throw new ConnectError("No run goes on.", Code.FailedPrecondition);
    return this.change({ run: { ...run, ...change } });
  }

  private check(): WorkflowState {
    const preflight = { checks: [...CHECKS], madeNs: this.states.current.statedNs, configurationRevision: 1n };
    return this.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
  }

  private start(): WorkflowState {
    return this.change({ phase: WorkflowPhase.ACQUISITION, run: runAt({ step: RunStep.STARTING }) });
  }

  private stop(mode: StopMode): WorkflowState {
    if (mode === StopMode.AFTER_SWEEP) return this.changeRun({ stopAfterSweepAsked: true });
    this.changeRun({ step: RunStep.ENDED, outcome: RunOutcome.STOPPED });
    return this.change({ phase: WorkflowPhase.REVIEW });
  }
}

function alsoAllowed(run: { step?: RunStep; pauseAsked?: boolean } | undefined): Verb[] {
  return run?.step === RunStep.PAUSED || run?.pauseAsked ? [Verb.RESUME_RUN] : [];
}

/** A refusal as the worker gives it. */
export function transitionRefused(verb: Verb, phase: WorkflowPhase, guard: Guard): ConnectError {
  const message = `${guard.reason ?? ""} ${guard.remedy ?? ""}`;
  return new ConnectError(message, Code.FailedPrecondition, undefined, [
    { desc: TransitionRefusedSchema, value: { verb, phase, guard } },
  ]);
}
