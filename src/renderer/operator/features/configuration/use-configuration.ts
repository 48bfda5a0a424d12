/** The configuration as the forms of this window have it: values, what was typed over them, what is wrong with that, and what can be done about it. */
import { useMemo } from "react";
import {
  commandErrorDismissed,
  configurationForm,
  allControls,
  configurationReasons,
  draftChanges,
  draftsDropped,
  draftsJudged,
  draftsMeant,
  draftsTaken,
  draftTyped,
  isChanged,
  resetConfiguration,
  updateConfiguration,
} from "../../../../mirror";
import type { ConfigurationDrafts, ConfigurationGroup, Control, ParameterChanges } from "../../../../mirror";
import { useMirror, useMirrorDispatch, useMirrorStore } from "../../../shared/hooks";
import { commandHindrance } from "../../authority";

const NO_VALUES = {};

export interface ConfigurationAccess {
  readonly groups: readonly ConfigurationGroup[];
  readonly drafts: ConfigurationDrafts;
  /** Why a field is not accepted as it stands; undefined: nothing is known against it. */
  problemOf(control: Control): string | undefined;
  /** Why a field cannot be changed now. */
  lockOf(control: Control): string | undefined;
  type(control: Control, text: string): void;
  /** Asks for a value at once. */
  choose(control: Control, text: string): void;
  /** Asks for what is typed in these fields, all or none; nothing while somebody else's change of one of them is not answered to. */
  apply(controls: readonly Control[]): void;
  restore(controls: readonly Control[]): void;
  reset(controls: readonly Control[]): void;
  /** Asks for the draft though somebody changed the field meanwhile. */
  insist(control: Control): void;
}

/** How many fields hold something typed that the worker does not have: a run is made without it. */
export function useUnapplied(): number {
  const values = useMirror((state) => state.configuration.current?.state.values ?? NO_VALUES);
  const drafts = useMirror((state) => state.configurationDrafts.drafts);
  return useMemo(() => {
    if (Object.keys(drafts).length === 0) return 0;
    const controls = configurationForm(values).flatMap(({ groups }) => allControls(groups));
    return controls.filter((control) => isChanged(control, drafts[control.path])).length;
  }, [values, drafts]);
}

export function useConfiguration(): ConfigurationAccess {
  const dispatch = useMirrorDispatch();
  const store = useMirrorStore();
  const values = useMirror((state) => state.configuration.current?.state.values ?? NO_VALUES);
  const runActive = useMirror((state) => state.configuration.current?.state.runActive ?? false);
  const { drafts, problems } = useMirror((state) => state.configurationDrafts);
  const error = useMirror((state) => state.commands.updateConfiguration.error);
  const hindrance = useMirror(commandHindrance);
  const groups = useMemo(() => configurationForm(values), [values]);
  const controls = useMemo(
    () => new Map(groups.flatMap((one) => allControls(one.groups)).map((control) => [control.path, control])),
    [groups],
  );
  const reasons = useMemo(() => configurationReasons(error, controls), [error, controls]);

  // What was refused is about all that was asked for: one change may put another right. What is typed is judged anew.
  const forget = () => {
    if (store.getState().commands.updateConfiguration.error) dispatch(commandErrorDismissed("updateConfiguration"));
  };
  const type = (control: Control, text: string) => {
    dispatch(draftTyped({ path: control.path, text, was: control.value ?? null }));
    forget();
  };
  const send = (changes: ParameterChanges, texts: Readonly<Record<string, string>>) =>
    void dispatch(updateConfiguration(changes))
      .unwrap()
      .then(
        (taken) => taken && dispatch(draftsTaken(texts)),
        // What was refused stays as typed; the reason comes from the store.
        () => undefined,
      );
  const apply = (asked: readonly Control[]) => {
    // As they are now: a choice is asked for in the same moment in which it is typed.
    const now = store.getState().configurationDrafts;
    const typed = asked.filter(({ path }) => now.drafts[path] !== undefined);
    const same = typed.filter((control) => !isChanged(control, now.drafts[control.path]));
    if (same.length > 0) dispatch(draftsDropped(same.map(({ path }) => path)));
    const changed = typed.filter((control) => !same.includes(control));
    const texts = Object.fromEntries(changed.map(({ path }) => [path, now.drafts[path]?.text ?? ""]));
    const wanted = Object.fromEntries(
      changed.flatMap(({ path }) => (now.drafts[path] ? [[path, now.drafts[path]]] : [])),
    );
    const { changes, problems: found } = draftChanges(controls, wanted);
    if (Object.keys(found).length > 0) {
      dispatch(draftsJudged({ problems: { ...now.problems, ...found }, derived: now.derived }));
      return;
    }
    if (changed.length > 0) send(changes, texts);
  };

  return {
    groups,
    drafts,
    problemOf: ({ path }) => problems[path] ?? reasons[path],
    lockOf: (control) => {
      if (hindrance !== undefined) return hindrance;
      return runActive && !control.changeableInRun ? "A run goes on and holds it fixed until it has ended." : undefined;
    },
    type,
    choose: (control, text) => {
      type(control, text);
      apply([control]);
    },
    apply,
    restore: (asked) => {
      const paths = asked.map(({ path }) => path);
      dispatch(draftsDropped(paths));
      forget();
    },
    reset: (asked) => {
      const paths = asked.map(({ path }) => path);
      dispatch(draftsDropped(paths));
      forget();
      void dispatch(resetConfiguration(paths));
    },
    insist: (control) => {
      dispatch(draftsMeant({ [control.path]: control.value ?? null }));
      apply([control]);
    },
  };
}
