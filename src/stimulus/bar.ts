/** Where the bar of a scene is at a time, and which way round its checks are. */
import { sweepAxis } from "./scene";
import type { StimulusScene, SweepAxis } from "./scene";

/** A bar as it is drawn in one frame. */
export interface Bar {
  readonly axis: SweepAxis;
  /** The contract's number. */
  readonly direction: number;
  /** Of the run; undefined in a test. */
  readonly showing: number | undefined;
  /** The bar's middle: azimuth or altitude. */
  readonly angleDeg: number;
  /** Bright and dark checks have changed places an odd number of times. */
  readonly reversed: boolean;
}

const NS_PER_MS = 1e6;

/** The bar at a time of the worker's clock; undefined: grey. From the sweep's start on, and no longer at its end. */
export function barAt({ look, sweep }: StimulusScene, atNs: bigint): Bar | undefined {
  if (!look || !sweep || atNs < sweep.startedNs || atNs >= sweep.endedNs) return undefined;
  const axis = sweepAxis(sweep.direction);
  if (!axis) return undefined;
  const elapsedNs = Number(atNs - sweep.startedNs);
  const part = elapsedNs / Number(sweep.endedNs - sweep.startedNs);
  const reversals = Math.floor(elapsedNs / NS_PER_MS / look.reversalIntervalMs);
  return {
    axis,
    direction: sweep.direction,
    showing: sweep.showing,
    angleDeg: sweep.fromDeg + (sweep.toDeg - sweep.fromDeg) * part,
    reversed: reversals % 2 === 1,
  };
}

/** Whether the check at these angles is one of the bright ones before any reversal. */
export function isBrightCheck(azimuthDeg: number, altitudeDeg: number, checkSizeDeg: number): boolean {
  const place = Math.floor(azimuthDeg / checkSizeDeg) + Math.floor(altitudeDeg / checkSizeDeg);
  return place % 2 === 0;
}
