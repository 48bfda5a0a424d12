/** Opens the stimulus window, or closes it; in a run only after a second word. */
import { useState } from "react";
import { WindowKind } from "../../../../../gen/ts/macroscope/window/v1/window_pb";
import { closeWindow, openWindow } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { CommandNotices } from "../configuration/command-notices";
import { isRunning, stimulusWindowId } from "./stimulus-standing";
import classes from "./stimulus.module.css";

export function StimulusWindowButton() {
  const dispatch = useMirrorDispatch();
  const served = useMirror((state) => state.windows.served);
  const id = useMirror(stimulusWindowId);
  const running = useMirror(isRunning);
  const underWay = useMirror(({ commands }) => commands.openWindow.pending + commands.closeWindow.pending > 0);
  const [asking, setAsking] = useState(false);
  const close = (windowId: number, inRun: boolean) => {
    setAsking(false);
    void dispatch(closeWindow({ id: windowId, inRun }));
  };
  const toggle = () => {
    if (id === undefined) void dispatch(openWindow({ kind: WindowKind.STIMULUS }));
    else if (running) setAsking(true);
    else close(id, false);
  };
  if (!served) {
    return <p className={classes.note}>A browser opens no stimulus window: that is done in the application.</p>;
  }
  return (
    <>
      <button type="button" className={classes.button} disabled={underWay} onClick={toggle} title="O">
        {id === undefined ? "Open stimulus window" : "Close stimulus window"}
      </button>
      {asking && id !== undefined && running && (
        <Notice tone="alarm" title="A run goes on">
          <p className={classes.question}>
            Without the window the animal sees nothing: the run pauses, and this sweep is shown again.
          </p>
          <div className={classes.row}>
            {/* The harmless answer is the one at hand. */}
            <button type="button" className={classes.button} autoFocus onClick={() => setAsking(false)}>
              Keep it open
            </button>
            <button type="button" className={classes.button} onClick={() => close(id, true)}>
              Close it in the run
            </button>
          </div>
        </Notice>
      )}
      <CommandNotices command="openWindow" title="The window was not opened" controls={[]} />
      <CommandNotices command="closeWindow" title="The window was not closed" controls={[]} />
    </>
  );
}
