/** Saves the settings under a name; one that is taken is overwritten only when somebody says so. */
import { useState } from "react";
import { SavePresetRequestSchema } from "../../../../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { allControls, draftProblem, listPresets, parameterForm, savePreset } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { CommandNotices } from "../configuration/command-notices";
import { Confirmation } from "./confirmation";
import { savedText } from "./saved-text";
import classes from "./presets.module.css";

/** The name as the schema has it, with its rule. */
const NAME = allControls(parameterForm(SavePresetRequestSchema, { values: {} }))[0];

export interface SavePresetProps {
  /** The preset that the settings are, or were; empty: none. */
  readonly current: string;
  readonly locked: string | undefined;
}

export function SavePreset({ current, locked }: SavePresetProps) {
  const dispatch = useMirrorDispatch();
  const [name, setName] = useState(current);
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const saving = useMirror((state) => state.commands.savePreset.pending > 0);
  const taken = useMirror((state) => state.configuration.presets?.presets.find((one) => one.name === name));
  const problem = NAME && draftProblem(NAME, name);
  const shown = tried || name !== "" ? problem : undefined;
  const save = (overwrite: boolean) => {
    setAsking(false);
    void dispatch(savePreset({ name, overwrite }))
      .unwrap()
      .then(
        () => void dispatch(listPresets()),
        // The list may have changed since it was read.
        () => void dispatch(listPresets()),
      );
  };
  const submit = () => {
    setTried(true);
    if (problem !== undefined) return;
    if (taken) setAsking(true);
    else save(false);
  };
  const saved = taken ? savedText(taken.savedUnixNs) : "";
  return (
    <form
      className={classes.save}
      aria-label="Save preset"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <CommandNotices command="savePreset" title="The preset was not saved" controls={[]} />
      <div className={classes.saveRow}>
        <label htmlFor="preset-name">Save as</label>
        <input
          id="preset-name"
          className={classes.input}
          value={name}
          placeholder="Name of the preset"
          disabled={locked !== undefined}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={shown !== undefined}
          aria-describedby={shown ? "preset-name-problem" : undefined}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setAsking(false);
          }}
        />
        <button type="submit" className={classes.primary} disabled={locked !== undefined || saving} title={locked}>
          {saving ? "Saving…" : taken ? "Overwrite…" : "Save"}
        </button>
      </div>
      {shown && (
        <div id="preset-name-problem" className={classes.problem}>
          {shown}
        </div>
      )}
      {asking && taken && (
        <Confirmation
          question={`Overwrite "${name}"? What it holds is lost: ${taken.problem || taken.summary}${saved && `, saved ${saved}`}.`}
          keep="Keep it"
          go="Overwrite"
          onKeep={() => setAsking(false)}
          onGo={() => save(true)}
        />
      )}
    </form>
  );
}
