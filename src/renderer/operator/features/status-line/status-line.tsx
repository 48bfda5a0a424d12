/** The truth of the links: worker, camera, preview, disk, flips, ring; and what nobody has seen. A value is never invented. */
import { useState } from "react";
import type { MirrorState } from "../../../../mirror";
import { useNow, useMirror } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { DiagnosticsDialog } from "../diagnostics/diagnostics-dialog";
import { stimulusItem } from "../stimulus/stimulus-figures";
import { NotificationCount } from "./notification-count";
import { cameraItem, diskItem, previewItem, ringItem, workerItem } from "./status-items";
import { StatusItem } from "./status-item";
import { Dimmer } from "./dimmer";
import classes from "./status-line.module.css";

export interface StatusLineProps {
  readonly onShortcuts: () => void;
  /** Whether their history is open. */
  readonly notificationsOpen: boolean;
  readonly onNotifications: () => void;
}

export function StatusLine({ onShortcuts, notificationsOpen, onNotifications }: StatusLineProps) {
  const nowMs = useNow(1000);
  const state = useWhole();
  const [diagnosing, setDiagnosing] = useState(false);
  useShortcut({ keys: "?", label: "This list", group: "Window", run: onShortcuts });
  useShortcut({
    keys: "N",
    label: "Notifications, open and shut",
    group: "Window",
    overDialogs: notificationsOpen,
    run: onNotifications,
  });
  useShortcut({
    keys: "T",
    label: "Traffic between the processes, open and shut",
    group: "Window",
    overDialogs: diagnosing,
    run: () => setDiagnosing((before) => !before),
  });
  return (
    <footer className={classes.line} aria-label="Status">
      <div className={classes.items}>
        <StatusItem {...workerItem(state)} />
        <StatusItem {...cameraItem(state, nowMs)} />
        <StatusItem {...previewItem(state, nowMs)} />
        <StatusItem {...diskItem(state, nowMs)} />
        <StatusItem {...stimulusItem(state)} />
        <StatusItem {...ringItem(state, nowMs)} />
      </div>
      <div className={classes.end}>
        <NotificationCount onOpen={onNotifications} />
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
