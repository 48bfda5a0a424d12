/** Chooses the display that the animal sees; what the program finds out about it stands in the fields below. */
import { useId } from "react";
import { chooseStimulusDisplay, identifyDisplays, updateConfiguration } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { commandHindrance } from "../../authority";
import { CommandNotices } from "../configuration/command-notices";
import { detectedChanges, DISPLAY_PATH, displayText } from "./detected-display";
import classes from "./displays.module.css";

export function DisplayChooser() {
  const served = useMirror((state) => state.windows.served);
  if (served) return <Chooser />;
  return <Found />;
}

/** In a browser there is nothing to choose from. */
function Found() {
  const configured = useMirror((state) => state.configuration.current?.state.values[DISPLAY_PATH] ?? "");
  return (
    <p className={classes.empty}>
      {configured === "" ? "No stimulus display is chosen. " : ""}
      It is chosen in the application; a browser shows what was found out about it.
    </p>
  );
}

function Chooser() {
  const dispatch = useMirrorDispatch();
  const id = useId();
  const windows = useMirror((state) => state.windows.current?.state);
  const configured = useMirror((state) => state.configuration.current?.state.values[DISPLAY_PATH] ?? "");
  const values = useMirror((state) => state.configuration.current?.state.values);
  const running = useMirror((state) => state.configuration.current?.state.runActive ?? false);
  const identifying = useMirror((state) => state.commands.identifyDisplays.pending > 0);
  const hindrance = useMirror(commandHindrance);
  const locked = running ? "A run goes on and holds it fixed until it has ended." : hindrance;
  if (!windows) return <p className={classes.empty}>The displays are being listed.</p>;
  const { displays } = windows;
  const chosen = displays.find((display) => display.id === configured);
  const gone = configured !== "" && !chosen;
  const outdated = chosen && values && Object.keys(detectedChanges(chosen, values)).length > 0;
  const elsewhere = chosen && windows.stimulusDisplayId !== chosen.id;
  const choose = async (displayId: string) => {
    const display = displays.find((one) => one.id === displayId);
    if (!display) return;
    await dispatch(chooseStimulusDisplay(display.id)).unwrap();
    const changes = detectedChanges(display, values ?? {});
    if (Object.keys(changes).length > 0) await dispatch(updateConfiguration(changes)).unwrap();
  };
  // Refusals stay in the store, and stand below.
  const ask = (displayId: string) => void choose(displayId).catch(() => undefined);
  return (
    <div role="group" aria-label="Stimulus display" className={classes.chooser}>
      <div className={classes.row}>
        <label htmlFor={id}>Shown on</label>
        <select
          id={id}
          className={classes.input}
          value={String(configured)}
          disabled={locked !== undefined}
          title={locked}
          onChange={(event) => ask(event.currentTarget.value)}
        >
          {configured === "" && <option value="">Choose a display</option>}
          {gone && <option value={String(configured)}>Not plugged in</option>}
          {displays.map((display) => (
            <option key={display.id} value={display.id}>
              {displayText(display)}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={classes.button}
          disabled={running || identifying}
          title={running ? "Not while a run goes on" : "Every display shows its number for some seconds"}
          onClick={() => void dispatch(identifyDisplays())}
        >
          Identify
        </button>
      </div>
      {gone && (
        <Notice tone="alarm" title="The stimulus display is not plugged in">
          Plug it in again, or choose another. Until then nothing can be shown to the animal.
        </Notice>
      )}
      {(outdated === true || elsewhere === true) && (
        <Notice
          tone="warn"
          title={outdated ? "The display is not as it was" : "The stimulus window is for another display"}
        >
          {outdated ? `It is now ${displayText(chosen)}.` : "It was set up before this display was chosen."}{" "}
          <button
            type="button"
            className={classes.button}
            disabled={locked !== undefined}
            onClick={() => ask(chosen.id)}
          >
            {outdated ? "Take that over" : "Use this display"}
          </button>
        </Notice>
      )}
      {displays.length === 1 && (
        <p className={classes.note}>
          There is one display only: the stimulus is shown in a window on it, to try things out. An animal needs its
          own.
        </p>
      )}
      <CommandNotices command="chooseStimulusDisplay" title="The display was not chosen" controls={[]} />
      <CommandNotices command="identifyDisplays" title="The displays show no numbers" controls={[]} />
    </div>
  );
}
