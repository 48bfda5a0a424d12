/** Stop: always in the same place, never disabled while something goes on. */
import { Button, Kbd, Menu } from "@mantine/core";
import { stopRun } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { mayStop, mayStopAfterSweep, stopNow, stoppable } from "./stopping";
import type { Stoppable } from "./stopping";
import classes from "./stop-control.module.css";
import { useHeldKey } from "./use-held-key";

/** Esc closes and restores many things; only held this long it stops. */
const HOLD_MS = 1200;

export function StopControl() {
  const dispatch = useMirrorDispatch();
  const what = useMirror(stoppable);
  const allowed = useMirror(mayStop);
  const afterSweep = useMirror(mayStopAfterSweep);
  const active = allowed && what !== "nothing";
  const stop = () => {
    if (active) stopNow(dispatch, what);
  };
  const held = useHeldKey("Escape", HOLD_MS, stop, active);
  useShortcut({
    keys: "Shift+Esc",
    label: "Stop now",
    group: "Run",
    whileTyping: true,
    overDialogs: true,
    run: stop,
  });
  useShortcut({ keys: "Esc held", label: "Stop now", group: "Run" });
  return (
    <div className={classes.stop}>
      <Button
        color="alarm.7"
        variant={active ? "filled" : "default"}
        size="md"
        className={classes.button}
        aria-keyshortcuts="Shift+Escape"
        aria-disabled={!active || undefined}
        data-disabled={!active || undefined}
        title={stopTitle(what, allowed)}
        onClick={stop}
        leftSection={<StopShape />}
        rightSection={
          <Kbd size="xs" aria-hidden="true">
            ⇧Esc
          </Kbd>
        }
      >
        Stop
      </Button>
      {held && <span className={classes.holding}>Keep holding Esc</span>}
      {what === "run" && allowed && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button color="alarm.7" variant="filled" size="md" className={classes.more} aria-label="Ways to stop">
              ▾
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={stop} rightSection={<Kbd size="xs">⇧Esc</Kbd>}>
              Stop now
              <span className={classes.detail}>the sweep that is shown is broken off; all frames are kept</span>
            </Menu.Item>
            <Menu.Item disabled={!afterSweep} onClick={() => void dispatch(stopRun("after-sweep"))}>
              Stop after this sweep
              <span className={classes.detail}>the sweep that is shown is finished first</span>
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function stopTitle(what: Stoppable, allowed: boolean): string {
  if (what === "nothing") return "Nothing is being recorded.";
  if (!allowed) return "You are a viewer here; an operator may stop it.";
  const whom = what === "run" ? "the run" : "the recording";
  return `Stop ${whom} now and make it durable (Shift+Esc, or Esc held)`;
}

function StopShape() {
  return (
    <svg width="12" height="12" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" fill="currentColor" />
    </svg>
  );
}
