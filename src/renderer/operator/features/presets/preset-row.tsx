/** One preset of the list: what it is, and what can be done with it. */
import { useState } from "react";
import { deletePreset, listPresets } from "../../../../mirror";
import type { PresetListing } from "../../../../mirror";
import { useMirrorDispatch } from "../../../shared/hooks";
import { Confirmation } from "./confirmation";
import { savedText } from "./saved-text";
import classes from "./presets.module.css";

export interface PresetRowProps {
  readonly preset: PresetListing["presets"][number];
  /** The settings are it, or were. */
  readonly current: boolean;
  /** Why nothing can be changed now. */
  readonly locked: string | undefined;
  readonly onLoad: () => void;
  readonly onExport: () => void;
}

export function PresetRow({ preset, current, locked, onLoad, onExport }: PresetRowProps) {
  const dispatch = useMirrorDispatch();
  const [asking, setAsking] = useState(false);
  const { name, summary, problem } = preset;
  const broken = problem !== "";
  const saved = savedText(preset.savedUnixNs);
  return (
    <li className={classes.row} data-broken={broken || undefined}>
      <div className={classes.about}>
        <span className={classes.title}>
          {name}
          {current && <span className={classes.badge}>current</span>}
        </span>
        <span className={broken ? classes.problem : classes.summary}>{broken ? problem : summary}</span>
        <span className={classes.saved}>{saved}</span>
      </div>
      <div className={classes.actions}>
        <button
          type="button"
          className={classes.button}
          disabled={broken || locked !== undefined}
          title={broken ? problem : locked}
          aria-label={`Load ${name}`}
          onClick={onLoad}
        >
          Load
        </button>
        <button
          type="button"
          className={classes.button}
          disabled={broken}
          aria-label={`Export ${name}`}
          onClick={onExport}
        >
          Export…
        </button>
        <button
          type="button"
          className={classes.button}
          disabled={locked !== undefined}
          title={locked}
          aria-label={`Delete ${name}`}
          onClick={() => setAsking(true)}
        >
          Delete
        </button>
      </div>
      {asking && (
        <Confirmation
          question={`Delete "${name}"? Its file is lost: ${broken ? problem : summary}${saved && `, saved ${saved}`}.`}
          keep="Keep it"
          go="Delete"
          onKeep={() => setAsking(false)}
          onGo={() => {
            setAsking(false);
            void dispatch(deletePreset(name)).then(() => dispatch(listPresets()));
          }}
        />
      )}
    </li>
  );
}
