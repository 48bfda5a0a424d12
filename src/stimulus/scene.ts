/** What is to be shown: the geometry, the bar and its checks, and the sweep that goes on. Read from the contract's messages, or from their plain form. */
import type { ScreenGeometry } from "./screen-geometry";

/** Which angle the bar moves along. */
export type SweepAxis = "azimuth" | "altitude";

/** Numbers of the contract's directions; 0 is none. */
export const DIRECTIONS = { leftToRight: 1, rightToLeft: 2, topToBottom: 3, bottomToTop: 4 } as const;

/** Numbers of the contract's corners. */
const CORNERS = { 2: "top-left", 3: "top-right", 4: "bottom-left", 5: "bottom-right" } as const;

/** A corner of the display, as the animal sees it. */
export type Corner = (typeof CORNERS)[keyof typeof CORNERS];

/** The bar's middle is at `fromDeg` at `startedNs`, and moves evenly to `toDeg` at `endedNs`. */
export interface Sweep {
  /** Of the run; undefined in a test. */
  readonly showing: number | undefined;
  /** The contract's number. */
  readonly direction: number;
  readonly fromDeg: number;
  readonly toDeg: number;
  /** Worker's clock. */
  readonly startedNs: bigint;
  readonly endedNs: bigint;
}

/** Everything that is needed to draw, all of it known. */
export interface StimulusLook {
  readonly geometry: ScreenGeometry;
  readonly barWidthDeg: number;
  readonly checkSizeDeg: number;
  readonly reversalIntervalMs: number;
  /** Parts of the full luminance. */
  readonly contrast: number;
  readonly background: number;
  readonly gamma: number;
  /** Undefined: no square. */
  readonly photodiodeCorner: Corner | undefined;
  readonly photodiodeSquareCm: number;
}

/** A scene of the worker. */
export interface StimulusScene {
  readonly number: bigint;
  /** Undefined: the configuration is not known in whole, so there is nothing but grey. */
  readonly look: StimulusLook | undefined;
  /** What the system says of the display; undefined when it does not. */
  readonly nominalRateHz: number | undefined;
  /** Undefined: grey. */
  readonly sweep: Sweep | undefined;
}

type Whole = bigint | number | string;
type Maybe<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/** The contract's scene, as a message or as plain state. */
export interface SceneFacts {
  readonly number: Whole;
  readonly display?: DisplayFacts | undefined;
  readonly stimulus?: StimulusFacts | undefined;
  readonly sweep?: SweepFacts | undefined;
}

type DisplayFacts = Maybe<ScreenGeometry & { readonly refreshRateHz: number }>;

type StimulusFacts = Maybe<
  Omit<StimulusLook, "geometry" | "photodiodeCorner"> & {
    /** The contract's number. */
    readonly photodiodeCorner: number;
  }
>;

interface SweepFacts {
  readonly showing?: number | undefined;
  readonly direction: number;
  readonly fromDeg: number;
  readonly toDeg: number;
  readonly startedNs: Whole;
  readonly endedNs: Whole;
}

/** Reads a scene. A look that lacks anything is undefined as a whole: the animal is shown nothing that nobody has set. */
export function readScene({ number, display, stimulus, sweep }: SceneFacts): StimulusScene {
  const rateHz = display?.refreshRateHz;
  return {
    number: BigInt(number),
    look: readLook(display, stimulus),
    nominalRateHz: rateHz !== undefined && rateHz > 0 ? rateHz : undefined,
    sweep: sweep && {
      showing: sweep.showing,
      direction: sweep.direction,
      fromDeg: sweep.fromDeg,
      toDeg: sweep.toDeg,
      startedNs: BigInt(sweep.startedNs),
      endedNs: BigInt(sweep.endedNs),
    },
  };
}

/** Which angle a direction moves along; undefined for none. */
export function sweepAxis(direction: number): SweepAxis | undefined {
  if (direction === DIRECTIONS.leftToRight || direction === DIRECTIONS.rightToLeft) return "azimuth";
  if (direction === DIRECTIONS.topToBottom || direction === DIRECTIONS.bottomToTop) return "altitude";
  return undefined;
}

function readLook(display: DisplayFacts | undefined, stimulus: StimulusFacts | undefined): StimulusLook | undefined {
  const geometry = complete({
    distanceCm: display?.distanceCm,
    lateralAngleDeg: display?.lateralAngleDeg,
    tiltDeg: display?.tiltDeg,
    widthCm: display?.widthCm,
    heightCm: display?.heightCm,
  });
  const settings = complete({
    barWidthDeg: stimulus?.barWidthDeg,
    checkSizeDeg: stimulus?.checkSizeDeg,
    reversalIntervalMs: stimulus?.reversalIntervalMs,
    contrast: stimulus?.contrast,
    background: stimulus?.background,
    gamma: stimulus?.gamma,
    photodiodeSquareCm: stimulus?.photodiodeSquareCm,
  });
  if (!geometry || !settings) return undefined;
  const corner = stimulus?.photodiodeCorner ?? 0;
  return { geometry, ...settings, photodiodeCorner: CORNERS[corner as keyof typeof CORNERS] };
}

function complete<Fields extends Readonly<Record<string, number | undefined>>>(
  fields: Fields,
): { readonly [Name in keyof Fields]: number } | undefined {
  const whole = Object.values(fields).every((value) => value !== undefined);
  return whole ? (fields as { [Name in keyof Fields]: number }) : undefined;
}
