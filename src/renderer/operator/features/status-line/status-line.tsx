/** The truth of the links: worker, camera, preview, disk, ring. A value is never invented. */
import { useState } from "react";
import type { MirrorState } from "../../../../mirror";
import { useNow, useMirror } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { DiagnosticsDialog } from "../diagnostics/diagnostics-dialog";
import { cameraItem, diskItem, previewItem, ringItem, workerItem } from "./status-items";
import { StatusItem } from "./status-item";
import { Dimmer } from "./dimmer";
import classes from "./status-line.module.css";

export function StatusLine({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const nowMs = useNow(1000);
  const state = useWhole();
  const [diagnosing, setDiagnosing] = useState(false);
  useShortcut({ keys: "?", label: "This list", group: "Window", run: onShortcuts });
  useShortcut({
    keys: "T",
    label: "Traffic between the processes, open and shut",
    group: "Window",
    run: () => setDiagnosing((before) => !before),
  });
  return (
    <footer className={classes.line} aria-label="Status">
      <div className={classes.items}>
        <StatusItem {...workerItem(state)} />
        <StatusItem {...cameraItem(state, nowMs)} />
        <StatusItem {...previewItem(state, nowMs)} />
        <StatusItem {...diskItem(state, nowMs)} />
        <StatusItem {...ringItem(state, nowMs)} />
      </div>
      <div className={classes.end}>
        <button
          type="button"
          className={classes.help}
          onClick={() => setDiagnosing(true)}
          aria-label="Diagnostics"
          title="Traffic between the processes (T)"
        >
          ⇄
        </button>
        <Dimmer />
        <button
          type="button"
          className={classes.help}
          onClick={onShortcuts}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
        >
          ?
        </button>
      </div>
      <DiagnosticsDialog opened={diagnosing} onClose={() => setDiagnosing(false)} />
    </footer>
  );
}

/** The whole mirror: the line says something about most of it, and shows it at once. */
function useWhole(): MirrorState {
  return useMirror((state) => state, WHOLE);
}

/** It is meant, so nobody has to warn of it. */
const WHOLE = { devModeChecks: { identityFunctionCheck: "never" } } as const;
