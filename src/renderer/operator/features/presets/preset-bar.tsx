/** Which preset the settings are, and the way back from the last change. */
import { useMirror } from "../../../shared/hooks";
import { UndoRedo } from "../configuration/undo-redo";
import classes from "./presets.module.css";

export function PresetBar() {
  const name = useMirror((state) => state.configuration.current?.state.presetName ?? "");
  const differs = useMirror((state) => state.configuration.current?.state.differsFromPreset ?? false);
  return (
    <div className={classes.bar} role="group" aria-label="Preset">
      <span className={classes.name}>{name || "No preset"}</span>
      {name && differs && <span className={classes.changed}>changed</span>}
      <UndoRedo />
    </div>
  );
}
