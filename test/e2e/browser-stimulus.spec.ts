/**
 * The stimulus as it is drawn, pixel by pixel, against formulas written here anew: nothing of src/ says what is expected.
 *
 * A pixel closer than EDGE_DEG to an edge of the bar or of a check may fall on either side, since the graphics card computes with 24 bits.
 */
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, plainTest as test } from "./application";
import { build } from "vite";
import type { DrawOrder, Drawn } from "../renderer/stimulus/drawing/draw";

const root = path.join(import.meta.dirname, "../..");
const out = path.join(root, ".cache/stimulus-drawing");

/** A 40th of the smallest pixel here. */
const EDGE_DEG = 0.01;
/** Rounding to 8 bits may go either way. */
const VALUE_WITHIN = 1;
const SIZE = { widthPx: 480, heightPx: 270 };
const STARTED_NS = 1_234_567_890_123_456_789n;
const LASTED_S = 12;

interface Place {
  readonly distanceCm: number;
  readonly lateralAngleDeg: number;
  readonly tiltDeg: number;
  readonly widthCm: number;
  readonly heightCm: number;
}

const PLACES: Readonly<Record<string, Place>> = {
  "straight ahead": { distanceCm: 25, lateralAngleDeg: 0, tiltDeg: 0, widthCm: 60.96, heightCm: 36.195 },
  "turned and leaned, as by default": {
    distanceCm: 25,
    lateralAngleDeg: 30,
    tiltDeg: 20,
    widthCm: 60.96,
    heightCm: 36.195,
  },
  "close and wide": { distanceCm: 10, lateralAngleDeg: -20, tiltDeg: 0, widthCm: 83.3, heightCm: 67.5 },
  "leaned far over the animal": { distanceCm: 15, lateralAngleDeg: 45, tiltDeg: 75, widthCm: 50, heightCm: 30 },
  "leaned down": { distanceCm: 40, lateralAngleDeg: -60, tiltDeg: -35, widthCm: 60.96, heightCm: 36.195 },
};

/** Numbers of the contract. */
const SWEEPS = {
  "left to right": { direction: 1, horizontal: true, rising: true },
  "right to left": { direction: 2, horizontal: true, rising: false },
  "top to bottom": { direction: 3, horizontal: false, rising: false },
  "bottom to top": { direction: 4, horizontal: false, rising: true },
} as const;

const STIMULUS = {
  barWidthDeg: 20,
  driftSpeedDegPerS: 9,
  checkSizeDeg: 12.5,
  reversalIntervalMs: 166,
  contrast: 0.35,
  background: 0.45,
  gamma: 2.2,
  photodiodeCorner: 1,
  photodiodeSquareCm: 3,
};

const rad = (degrees: number) => (degrees * Math.PI) / 180;
const deg = (radians: number) => (radians * 180) / Math.PI;

type Vector = readonly [number, number, number];

/** Rodrigues' formula: a vector turned about a unit axis, right-handed. */
function turned(v: Vector, axis: Vector, angle: number): Vector {
  const [x, y, z] = axis;
  const cross: Vector = [y * v[2] - z * v[1], z * v[0] - x * v[2], x * v[1] - y * v[0]];
  const along = x * v[0] + y * v[1] + z * v[2];
  const part = (i: 0 | 1 | 2) =>
    v[i] * Math.cos(angle) + cross[i] * Math.sin(angle) + axis[i] * along * (1 - Math.cos(angle));
  return [part(0), part(1), part(2)];
}

/** Where the eye sees a pixel's middle. Vectors are right, up, and towards the eye's back, so that turns are right-handed. */
function seen(place: Place, column: number, row: number): { readonly azimuth: number; readonly altitude: number } {
  const x = ((column + 0.5) / SIZE.widthPx - 0.5) * place.widthCm;
  const y = ((row + 0.5) / SIZE.heightPx - 0.5) * place.heightCm;
  const leaned = turned([x, y, -place.distanceCm], [1, 0, 0], rad(place.tiltDeg));
  const [right, up, back] = turned(leaned, [0, 1, 0], rad(place.lateralAngleDeg));
  return { azimuth: deg(Math.atan2(right, -back)), altitude: deg(Math.asin(up / Math.hypot(right, up, back))) };
}

/** The same screen taken for a piece of a plane: degrees by pixels. What a program without spherical correction draws. */
function flat(place: Place, column: number, row: number): { readonly azimuth: number; readonly altitude: number } {
  const middle = seen(place, SIZE.widthPx / 2 - 0.5, SIZE.heightPx / 2 - 0.5);
  const degPerCm = deg(1 / place.distanceCm);
  return {
    azimuth: middle.azimuth + ((column + 0.5) / SIZE.widthPx - 0.5) * place.widthCm * degPerCm,
    altitude: middle.altitude + ((row + 0.5) / SIZE.heightPx - 0.5) * place.heightCm * degPerCm,
  };
}

const value = (luminance: number) => Math.round(255 * luminance ** (1 / STIMULUS.gamma));
const GREY = value(0.45);
const BRIGHT = value(0.8);
const DARK = value(0.1);

/** What a pixel shows; undefined where it is too close to an edge. */
function expected(
  { azimuth, altitude }: { azimuth: number; altitude: number },
  horizontal: boolean,
  middle: number,
  elapsedMs: number,
): number | undefined {
  const off = Math.abs((horizontal ? azimuth : altitude) - middle) - STIMULUS.barWidthDeg / 2;
  if (Math.abs(off) < EDGE_DEG) return undefined;
  if (off > 0) return GREY;
  const size = STIMULUS.checkSizeDeg;
  const nearEdge = [azimuth, altitude].some((angle) => Math.abs(angle - size * Math.round(angle / size)) < EDGE_DEG);
  if (nearEdge) return undefined;
  const even = (Math.floor(azimuth / size) + Math.floor(altitude / size)) % 2 === 0;
  const reversed = Math.floor(elapsedMs / STIMULUS.reversalIntervalMs) % 2 === 1;
  return even !== reversed ? BRIGHT : DARK;
}

/** A grid that falls on every part of the screen, off the middles. */
const PIXELS: [number, number][] = [];
for (let row = 2; row < SIZE.heightPx; row += 5)
  for (let column = 3; column < SIZE.widthPx; column += 7) PIXELS.push([column, row]);

function scene(place: Place, change: object, sweep?: object): DrawOrder["scene"] {
  const display = { displayId: "", ...SIZE, refreshRateHz: 60, ...place };
  return { number: 3, display, stimulus: { ...STIMULUS, ...change }, ...(sweep && { sweep }) } as DrawOrder["scene"];
}

function sweepOf(direction: number, fromDeg: number, toDeg: number) {
  const endedNs = STARTED_NS + BigInt(LASTED_S) * 1_000_000_000n;
  return { direction, fromDeg, toDeg, startedNs: STARTED_NS.toString(), endedNs: endedNs.toString() };
}

const after = (ms: number) => (STARTED_NS + BigInt(Math.round(ms * 1e6))).toString();

let page: Page;

function draw(order: Omit<DrawOrder, "widthPx" | "heightPx">): Promise<Drawn> {
  // The order goes as it is: the worker's times are texts.
  return page.evaluate(
    (asked) => (globalThis as unknown as { drawStimulus(order: DrawOrder): Drawn }).drawStimulus(asked),
    { ...SIZE, ...order },
  );
}

test.use({ viewport: { width: 640, height: 480 } });

test.beforeAll(async ({ browser }) => {
  await build({
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      outDir: out,
      emptyOutDir: true,
      target: "es2022",
      lib: {
        entry: path.join(root, "test/renderer/stimulus/drawing/draw.ts"),
        formats: ["iife"],
        name: "stimulusDrawing",
        fileName: () => "draw.js",
      },
    },
  });
  page = await browser.newPage();
  await page.addScriptTag({ path: path.join(out, "draw.js") });
});

test.afterAll(async () => {
  await page.close();
});

for (const [placeName, place] of Object.entries(PLACES)) {
  for (const [sweepName, { direction, horizontal, rising }] of Object.entries(SWEEPS)) {
    test(`${placeName}, ${sweepName}: each pixel is where the eye sees it`, async () => {
      const angles = PIXELS.map(([column, row]) => seen(place, column, row));
      const along = angles.map(({ azimuth, altitude }) => (horizontal ? azimuth : altitude));
      const [low, high] = [Math.min(...along), Math.max(...along)];
      const [fromDeg, toDeg] = rising ? [low, high] : [high, low];
      let inBar = 0;
      let withoutCorrection = 0;
      for (const elapsedMs of [1000, 3500.25, 5830, 8200, 10_700]) {
        const { values } = await draw({
          scene: scene(place, {}, sweepOf(direction, fromDeg, toDeg)),
          atNs: after(elapsedMs),
          squareBright: true,
          pixels: PIXELS,
        });
        const middle = fromDeg + ((toDeg - fromDeg) * elapsedMs) / (LASTED_S * 1000);
        let compared = 0;
        // One expectation for all: each costs more than a thousand pixels.
        const wrong: string[] = [];
        angles.forEach((angle, index) => {
          const right = expected(angle, horizontal, middle, elapsedMs);
          const [red, green, blue] = values[index]!;
          if (right === undefined) return;
          compared += 1;
          if (right !== GREY) inBar += 1;
          const [column, row] = PIXELS[index]!;
          if (expected(flat(place, column, row), horizontal, middle, elapsedMs) !== right) withoutCorrection += 1;
          if (Math.abs(red - right) <= VALUE_WITHIN && green === red && blue === red) return;
          wrong.push(
            `${column}, ${row}: ${red} instead of ${right} at azimuth ${angle.azimuth}, altitude ${angle.altitude}`,
          );
        });
        expect(wrong, `at ${elapsedMs} ms, bar at ${middle}`).toEqual([]);
        expect(compared).toBeGreaterThan(2000);
      }
      expect(inBar).toBeGreaterThan(1000);
      // The test sees the difference that the correction makes.
      expect(withoutCorrection).toBeGreaterThan(200);
    });
  }
}

test("a bar whose azimuth is told a whole turn off is the same bar", async () => {
  const place = PLACES["leaned far over the animal"]!;
  const frames = await Promise.all(
    [-150, -510, 210].map((middle) =>
      draw({
        scene: scene(place, {}, sweepOf(1, middle, middle + 0.001)),
        atNs: after(0),
        squareBright: true,
        pixels: PIXELS,
      }),
    ),
  );
  const [first, ...others] = frames.map(({ values }) => values);
  expect(first!.filter(([red]) => Math.abs(red - GREY) > 20).length).toBeGreaterThan(100);
  for (const other of others) expect(other).toEqual(first);
});

test("is grey everywhere before a sweep, after it, and without one", async () => {
  const place = PLACES["straight ahead"]!;
  const sweep = sweepOf(1, -10, 10);
  const orders = [
    { scene: scene(place, {}, sweep), atNs: after(-0.001) },
    { scene: scene(place, {}, sweep), atNs: after(LASTED_S * 1000) },
    { scene: scene(place, {}), atNs: after(1000) },
  ];
  for (const order of orders) {
    const { values } = await draw({ ...order, squareBright: true, pixels: PIXELS });
    expect(values.filter(([red]) => Math.abs(red - GREY) > VALUE_WITHIN)).toEqual([]);
  }
  // The same moment with the bar is not grey.
  const { values } = await draw({
    scene: scene(place, {}, sweep),
    atNs: after(LASTED_S * 500),
    squareBright: true,
    pixels: PIXELS,
  });
  expect(values.filter(([red]) => Math.abs(red - GREY) > 20).length).toBeGreaterThan(200);
});

for (const [corner, [name, atRight, atTop]] of Object.entries({
  2: ["top left", false, true],
  3: ["top right", true, true],
  4: ["bottom left", false, false],
  5: ["bottom right", true, false],
} as const)) {
  test(`the photodiode's square stands ${name}, opposite with every frame, over the bar too`, async () => {
    const place = PLACES["straight ahead"]!;
    const size = {
      across: Math.round((3 / place.widthCm) * SIZE.widthPx),
      up: Math.round((3 / place.heightCm) * SIZE.heightPx),
    };
    for (const squareBright of [true, false, true]) {
      const { values } = await draw({
        scene: scene(place, { photodiodeCorner: Number(corner) }, sweepOf(1, atRight ? 40 : -40, atRight ? 41 : -39)),
        atNs: after(50),
        squareBright,
        pixels: PIXELS,
      });
      let inside = 0;
      const wrong = PIXELS.filter(([column, row], index) => {
        const across = atRight ? SIZE.widthPx - 1 - column : column;
        const up = atTop ? SIZE.heightPx - 1 - row : row;
        const [red] = values[index]!;
        if (across >= size.across || up >= size.up) return red === 255 || red === 0;
        inside += 1;
        return red !== (squareBright ? 255 : 0);
      });
      expect(wrong).toEqual([]);
      expect(inside).toBeGreaterThan(10);
    }
  });
}

test("checks and grey have the luminance that was asked for, whatever the display's gamma", async () => {
  const place = PLACES["straight ahead"]!;
  for (const gamma of [1, 1.8, 2.2, 2.6]) {
    const { values } = await draw({
      scene: scene(place, { gamma }, sweepOf(1, -1, 1)),
      atNs: after(6000),
      squareBright: false,
      pixels: PIXELS,
    });
    const luminances = new Set(values.map(([red]) => Math.round((red / 255) ** gamma * 100) / 100));
    expect([...luminances].sort()).toEqual([0.1, 0.45, 0.8]);
  }
});
