/** Which preset the settings are, the way to the others, and the way back from the last change. */
import { useState } from "react";
import { useMirror } from "../../../shared/hooks";
import { CommandNotices } from "../configuration/command-notices";
import { UndoRedo } from "../configuration/undo-redo";
import { PresetsDialog } from "./presets-dialog";
import classes from "./presets.module.css";

export function PresetBar() {
  const [opened, setOpened] = useState(false);
  const known = useMirror((state) => state.configuration.current !== null);
  const name = useMirror((state) => state.configuration.current?.state.presetName ?? "");
  const differs = useMirror((state) => state.configuration.current?.state.differsFromPreset ?? false);
  const changed = name !== "" && differs;
  return (
    <>
      <div className={classes.bar} role="group" aria-label="Preset">
        <button
          type="button"
          className={classes.current}
          disabled={!known}
          title="Load, save, export and import presets"
          onClick={() => setOpened(true)}
        >
          <span className={classes.hidden}>Presets:</span> <span className={classes.name}>{name || "No preset"}</span>{" "}
          {changed && <span className={classes.changed}>changed</span>}
          <svg className={classes.chevron} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
            <path d="M1.5 3.5 L5 7 L8.5 3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </button>
        <UndoRedo />
      </div>
      <CommandNotices command="undoConfiguration" title="Nothing was taken back" controls={[]} />
      <CommandNotices command="redoConfiguration" title="Nothing was made again" controls={[]} />
      <PresetsDialog opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}
