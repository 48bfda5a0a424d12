/** Takes the last change of the settings back, or makes it again. While a text is typed the keys are the text's own. */
import { redoConfiguration, undoConfiguration } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { commandHindrance } from "../../authority";
import classes from "./configuration.module.css";

const GROUP = "Settings";

export function UndoRedo() {
  const dispatch = useMirrorDispatch();
  const undoLabel = useMirror((state) => state.configuration.current?.state.undoLabel ?? "");
  const redoLabel = useMirror((state) => state.configuration.current?.state.redoLabel ?? "");
  const hindrance = useMirror(commandHindrance);
  const undo = () => void dispatch(undoConfiguration());
  const redo = () => void dispatch(redoConfiguration());
  const canUndo = undoLabel !== "" && hindrance === undefined;
  const canRedo = redoLabel !== "" && hindrance === undefined;
  useShortcut({
    keys: "Ctrl+Z",
    label: "Undo the last change of the settings",
    group: GROUP,
    run: () => canUndo && undo(),
  });
  useShortcut({ keys: "Ctrl+Shift+Z", label: "Redo it", group: GROUP, run: () => canRedo && redo() });
  return (
    <>
      <button
        type="button"
        className={classes.icon}
        disabled={!canUndo}
        aria-label={undoLabel ? `Undo: ${undoLabel}` : "Undo"}
        title={hindrance ?? (undoLabel ? `Undo: ${undoLabel} (Ctrl+Z)` : "Nothing to undo")}
        onClick={undo}
      >
        <Arrow />
      </button>
      <button
        type="button"
        className={classes.icon}
        disabled={!canRedo}
        aria-label={redoLabel ? `Redo: ${redoLabel}` : "Redo"}
        title={hindrance ?? (redoLabel ? `Redo: ${redoLabel} (Ctrl+Shift+Z)` : "Nothing to redo")}
        onClick={redo}
      >
        <Arrow mirrored />
      </button>
    </>
  );
}

function Arrow({ mirrored = false }: { readonly mirrored?: boolean }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      transform={mirrored ? "scale(-1 1)" : undefined}
      aria-hidden="true"
    >
      <path d="M2 5.5 H9 A3.2 3.2 0 0 1 9 12 H5.5" />
      <path d="M5 2.2 L1.8 5.5 L5 8.8" />
    </svg>
  );
}
