/** A region in the legend: its colour, its name to change, its value, its window, and its end. */
import { useState } from "react";
import { WindowKind } from "../../../../../gen/ts/macroscope/window/v1/window_pb";
import { openWindow, putRegion, regionSelected, removeRegion } from "../../../../mirror";
import type { RegionMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { regionStyle } from "../../../shared/picture/region-colours";
import { commandHindrance } from "../../authority";
import classes from "./time-courses-panel.module.css";

const LONGEST_NAME = 40;

export interface RegionRowProps {
  readonly region: RegionMirror;
  /** As it is read. */
  readonly value: string;
}

export function RegionRow({ region, value }: RegionRowProps) {
  const dispatch = useMirrorDispatch();
  const hindrance = useMirror(commandHindrance);
  const selected = useMirror((state) => state.regions.selectedId === region.id);
  const hasWindows = useMirror((state) => state.windows.served);
  const [typed, setTyped] = useState<string>();
  const { colour, dash } = regionStyle(region.colour);
  const apply = () => {
    const name = typed?.trim();
    if (name && name !== region.name) void dispatch(putRegion({ ...region, name }));
    setTyped(undefined);
  };
  return (
    <li className={classes.row} data-selected={selected || undefined}>
      <svg width={14} height={10} aria-hidden="true">
        <line x1={0} x2={14} y1={5} y2={5} stroke={colour} strokeWidth={3} strokeDasharray={dash ? "4 2" : undefined} />
      </svg>
      <input
        className={classes.name}
        title={region.name}
        aria-label={`Name of ${region.name}`}
        maxLength={LONGEST_NAME}
        disabled={hindrance !== undefined}
        value={typed ?? region.name}
        onFocus={() => dispatch(regionSelected(region.id))}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          else if (event.key === "Escape" && !event.shiftKey) setTyped(undefined);
        }}
      />
      <span className={classes.value}>{value}</span>
      {hasWindows && (
        <button
          type="button"
          aria-label={`Open ${region.name} in a window`}
          title="In a window of its own"
          onClick={() => void dispatch(openWindow({ kind: WindowKind.PREVIEW, regionId: region.id }))}
        >
          <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
            <path d="M4 1 H11 V8 H4 Z M4 4 H1 V11 H8 V8" fill="none" stroke="currentColor" strokeWidth="1.3" />
          </svg>
        </button>
      )}
      <button
        type="button"
        aria-label={`Remove ${region.name}`}
        title={hindrance ?? "Remove the region"}
        disabled={hindrance !== undefined}
        onClick={() => void dispatch(removeRegion(region.id))}
      >
        ×
      </button>
    </li>
  );
}
