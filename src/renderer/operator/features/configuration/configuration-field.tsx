/** One field of the configuration: its control, and whose value to use when two wanted something else. */
import { isOvertaken, spokenValue } from "../../../../mirror";
import type { Control } from "../../../../mirror";
import { ParameterControl } from "../../../shared/form/parameter-control";
import { useMirror } from "../../../shared/hooks";
import type { ConfigurationAccess } from "./use-configuration";
import classes from "./configuration.module.css";

export interface ConfigurationFieldProps {
  readonly control: Control;
  readonly access: ConfigurationAccess;
  /** The fields that Enter applies along with it, when they are changed. */
  readonly together: readonly Control[];
}

const OWN = [
  "updateConfiguration",
  "resetConfiguration",
  "undoConfiguration",
  "redoConfiguration",
  "loadPreset",
  "importConfiguration",
] as const;

export function ConfigurationField({ control, access, together }: ConfigurationFieldProps) {
  const draft = access.drafts[control.path];
  const problem = access.problemOf(control);
  // What this window is just changing itself is nobody else's doing.
  const changing = useMirror(({ commands }) => OWN.some((name) => commands[name].pending > 0));
  return (
    <ParameterControl
      control={control}
      draft={draft && (problem === undefined ? { text: draft.text } : { text: draft.text, problem })}
      refusal={problem}
      locked={access.lockOf(control)}
      onType={(text) => access.type(control, text)}
      onApply={() => access.apply(together)}
      onChoose={(text) => access.choose(control, text)}
      onRestore={() => access.restore([control])}
      onReset={() => access.reset([control])}
    >
      {!changing && isOvertaken(control, draft) && <Overtaken control={control} access={access} />}
    </ParameterControl>
  );
}

function Overtaken({ control, access }: Pick<ConfigurationFieldProps, "control" | "access">) {
  const author = useMirror(({ configuration }) => configuration.authors[control.path] ?? "Somebody");
  const theirs = spokenValue(control, control.value);
  return (
    <div className={classes.overtaken} role="alert">
      <span>
        {author.charAt(0).toUpperCase() + author.slice(1)} changed it to <b>{theirs}</b> while you were typing.
      </span>
      <span className={classes.choice}>
        <button type="button" className={classes.button} onClick={() => access.restore([control])}>
          Use theirs
        </button>
        <button type="button" className={classes.button} onClick={() => access.insist(control)}>
          Use mine
        </button>
      </span>
    </div>
  );
}
