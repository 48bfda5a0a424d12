/** What is to be recorded, as typed in the recording panel; the Record action in the top line reads it. */
import { createContext, useContext, useMemo, useState } from "react";
import { StartRecordingRequestSchema } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { allControls, limitProblem, parameterForm, readText, textProblem } from "../../../../mirror";
import type { Control, RecordingRequest } from "../../../../mirror";

/** Controls of the request, drawn from its schema. */
export const PLAN_CONTROLS: readonly Control[] = allControls(
  parameterForm(StartRecordingRequestSchema, { values: {} }),
);

export interface RecordingPlan {
  readonly texts: Readonly<Record<string, string>>;
  type(path: string, text: string): void;
  /** What is wrong with a field as typed. */
  readonly problems: Readonly<Record<string, string>>;
  /** Undefined while a field is wrong. */
  readonly request: RecordingRequest | undefined;
}

const PlanContext = createContext<RecordingPlan | null>(null);

const INITIAL = { name: "run", directory: "", planned_frames: "0" };

export function RecordingPlanProvider({ children }: { readonly children: React.ReactNode }) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(INITIAL);
  const plan = useMemo((): RecordingPlan => {
    const problems = Object.fromEntries(
      PLAN_CONTROLS.flatMap((control) => {
        const problem = problemOf(control, texts[control.path] ?? "");
        return problem ? [[control.path, problem]] : [];
      }),
    );
    const fine = Object.keys(problems).length === 0;
    return {
      texts,
      type: (path, text) => setTexts((before) => ({ ...before, [path]: text })),
      problems,
      request: fine
        ? {
            name: texts.name ?? "",
            directory: texts.directory ?? "",
            plannedFrames: numberOf("planned_frames", texts),
          }
        : undefined,
    };
  }, [texts]);
  return <PlanContext value={plan}>{children}</PlanContext>;
}

/** @throws Error outside of a {@link RecordingPlanProvider}. */
export function useRecordingPlan(): RecordingPlan {
  const plan = useContext(PlanContext);
  if (!plan) throw new Error("No recording plan is provided here.");
  return plan;
}

/** As it was judged: what is right there may be more than digits. Nothing typed is 0. */
function numberOf(path: string, texts: RecordingPlan["texts"]): number {
  const control = PLAN_CONTROLS.find((one) => one.path === path);
  const meant = control && readText(control, texts[path] ?? "");
  return meant && "value" in meant ? meant.value : 0;
}

function problemOf(control: Control, text: string): string | undefined {
  if (control.kind === "text") return textProblem(control, text);
  if (text.trim() === "") return undefined;
  const meant = readText(control, text);
  return "problem" in meant ? meant.problem : limitProblem(control, meant.value);
}
