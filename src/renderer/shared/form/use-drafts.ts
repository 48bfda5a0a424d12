/** What was typed into a form and not yet taken: kept as typed until it is applied, restored, or typed over. */
import { useCallback, useMemo, useState } from "react";
import { draftText, limitProblem, readDraft } from "../../../mirror";
import type { Control, ParameterValue, ParameterValues } from "../../../mirror";

/** What stands in a control, and why it is not accepted. */
export interface Draft {
  readonly text: string;
  readonly problem?: string;
}

export interface Drafts {
  /** The draft of a control; undefined when it shows its value. */
  of(path: string): Draft | undefined;
  type(path: string, text: string): void;
  restore(paths: readonly string[]): void;
  restoreAll(): void;
  /**
   * The values that these controls' drafts ask for, or undefined when a draft is no such value: then the problem stands beside it. Drafts that say
   * what is there already are dropped.
   */
  ask(controls: readonly Control[]): ParameterValues | undefined;
  /** The same for one text that was chosen rather than typed. */
  choose(control: Control, text: string): ParameterValues | undefined;
  /** Drops the drafts of values that were taken, unless something else was typed since. */
  taken(texts: Readonly<Record<string, string>>): void;
  /** The drafts' texts of these controls. */
  texts(controls: readonly Control[]): Readonly<Record<string, string>>;
}

export function useDrafts(): Drafts {
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  const of = useCallback((path: string) => drafts[path], [drafts]);
  const type = useCallback(
    (path: string, text: string) => setDrafts((before) => ({ ...before, [path]: { text } })),
    [],
  );
  const restore = useCallback(
    (paths: readonly string[]) =>
      setDrafts((before) => Object.fromEntries(Object.entries(before).filter(([path]) => !paths.includes(path)))),
    [],
  );
  const restoreAll = useCallback(() => setDrafts({}), []);
  const ask = useCallback(
    (controls: readonly Control[]) => {
      const values: Record<string, ParameterValue> = {};
      const after = new Map(Object.entries(drafts));
      let refused = false;
      const changed = controls.filter((control) => drafts[control.path] !== undefined);
      for (const control of changed) {
        const { path } = control;
        const text = drafts[path]?.text ?? "";
        if (text === draftText(control, control.value)) {
          after.delete(path);
          continue;
        }
        const meant = readDraft(control, text);
        if ("problem" in meant) after.set(path, { text, problem: meant.problem });
        // Limits of fields that are applied together move with each other; the camera judges them as a whole.
        const problem =
          "value" in meant && control.kind === "number" && typeof meant.value === "number" && changed.length === 1
            ? limitProblem(control, meant.value)
            : undefined;
        if (problem) after.set(path, { text, problem });
        if (problem || "problem" in meant) refused = true;
        else if (meant.value !== null) values[path] = meant.value;
      }
      setDrafts(Object.fromEntries(after));
      return refused ? undefined : values;
    },
    [drafts],
  );
  const choose = useCallback((control: Control, text: string): ParameterValues | undefined => {
    const { path } = control;
    const meant = readDraft(control, text);
    if ("problem" in meant) {
      setDrafts((before) => ({ ...before, [path]: { text, problem: meant.problem } }));
      return undefined;
    }
    setDrafts((before) => ({ ...before, [path]: { text } }));
    return meant.value === null ? undefined : { [path]: meant.value };
  }, []);
  const taken = useCallback(
    (texts: Readonly<Record<string, string>>) =>
      setDrafts((before) =>
        Object.fromEntries(Object.entries(before).filter(([path, draft]) => draft.text !== texts[path])),
      ),
    [],
  );
  const texts = useCallback(
    (controls: readonly Control[]) =>
      Object.fromEntries(
        controls.flatMap(({ path }) => {
          const draft = drafts[path];
          return draft ? [[path, draft.text]] : [];
        }),
      ),
    [drafts],
  );
  return useMemo(
    () => ({ of, type, restore, restoreAll, ask, choose, taken, texts }),
    [of, type, restore, restoreAll, ask, choose, taken, texts],
  );
}
