/** The live picture as it is drawn, pixel by pixel, in a real Chromium: nothing of src/ says what is expected. */
import path from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { expect, plainTest as test } from "./application";
import type { DrawnPicture, PictureOrder } from "../renderer/shared/picture/drawing/draw";

const root = path.join(import.meta.dirname, "../..");
const out = path.join(root, ".cache/picture-drawing");

const GROUND = 9;
const SATURATED = [255, 38, 31] as const;

test.beforeAll(async () => {
  await build({
    root,
    logLevel: "warn",
    configFile: false,
    build: {
      outDir: out,
      emptyOutDir: true,
      lib: {
        entry: path.join(root, "test/renderer/shared/picture/drawing/draw.ts"),
        formats: ["iife"],
        name: "drawing",
        fileName: () => "draw.js",
      },
    },
  });
});

/** Two rows of three image pixels of 12 bits, at three device pixels each, from (1, 2) on, in a canvas of 12 × 10. */
const VALUES = [
  [0, 1000, 2000],
  [3000, 4000, 4095],
] as const;
const PICTURE: PictureOrder["pictures"][number] = {
  widthPx: 3,
  heightPx: 2,
  bytesPerPixel: 2,
  significantBits: 12,
  binning: 1,
  imageWidthPx: 3,
  imageHeightPx: 2,
  partXPx: 0,
  partYPx: 0,
  placement: { xPx: 40, yPx: 20, binning: 2 },
  pixels: VALUES.flat().flatMap((value) => [value & 255, value >> 8]),
};
const LOOK: PictureOrder["look"] = {
  canvasWidthPx: 12,
  canvasHeightPx: 10,
  originXPx: 1,
  originYPx: 2,
  scale: 3,
  contrast: { black: 0, white: 1 },
  gamma: 1,
  markSaturated: false,
  overlayOpacity: 0,
};

async function draw(page: Page, order: PictureOrder): Promise<(x: number, y: number) => readonly number[]> {
  await page.goto("about:blank");
  await page.addScriptTag({ path: path.join(out, "draw.js") });
  const drawn = await page.evaluate(
    (asked) => (globalThis as unknown as { drawPicture(order: PictureOrder): DrawnPicture }).drawPicture(asked),
    order,
  );
  return (x, y) => drawn[y * order.look.canvasWidthPx + x] ?? [];
}

/** Every device pixel against what the image says there. */
function expectEverywhere(
  drawn: (x: number, y: number) => readonly number[],
  expected: (row: number, column: number) => readonly number[],
): void {
  for (let y = 0; y < LOOK.canvasHeightPx; y += 1) {
    for (let x = 0; x < LOOK.canvasWidthPx; x += 1) {
      const [column, row] = [Math.floor((x - 1) / 3), Math.floor((y - 2) / 3)];
      const inside = column >= 0 && column < 3 && row >= 0 && row < 2;
      const wanted = inside ? expected(row, column) : [GROUND, GROUND, GROUND];
      drawn(x, y).forEach((one, channel) => {
        expect(Math.abs(one - (wanted[channel] ?? 0)), `channel ${channel} at ${x}, ${y}`).toBeLessThanOrEqual(1);
      });
    }
  }
}

const valueAt = (row: number, column: number) => VALUES[row]?.[column] ?? 0;
const grey = (part: number) => new Array<number>(3).fill(255 * Math.min(1, Math.max(0, part)));

test("each pixel where it belongs, by contrast and gamma", async ({ page }) => {
  for (const [contrast, gamma] of [
    [{ black: 0, white: 1 }, 1],
    [{ black: 0.2, white: 0.6 }, 1],
    [{ black: 0.1, white: 0.9 }, 2.2],
  ] as const) {
    const drawn = await draw(page, { pictures: [PICTURE], look: { ...LOOK, contrast, gamma } });
    expectEverywhere(drawn, (row, column) => {
      const part = (valueAt(row, column) / 4095 - contrast.black) / (contrast.white - contrast.black);
      return grey(Math.min(1, Math.max(0, part)) ** (1 / gamma));
    });
  }
});

test("saturated pixels are red, and only those", async ({ page }) => {
  const drawn = await draw(page, { pictures: [PICTURE], look: { ...LOOK, markSaturated: true } });
  expectEverywhere(drawn, (row, column) =>
    valueAt(row, column) === 4095 ? SATURATED : grey(valueAt(row, column) / 4095),
  );
});

test("a part lies where it was cut, and beside it the last whole picture, darker", async ({ page }) => {
  const part = { ...PICTURE, widthPx: 1, heightPx: 1, partXPx: 1, partYPx: 1, pixels: [0xff, 0x07] };
  const drawn = await draw(page, { pictures: [PICTURE, part], look: LOOK });
  expectEverywhere(drawn, (row, column) =>
    row === 1 && column === 1 ? grey(0x7ff / 4095) : grey((0.45 * valueAt(row, column)) / 4095),
  );
});

test("a reference lies where it lies on the sensor, in the green, as opaque as asked", async ({ page }) => {
  // One of its pixels is one image pixel; it begins at the second column, and reaches beyond the image.
  const overlay = {
    widthPx: 3,
    heightPx: 1,
    bytesPerPixel: 1,
    placement: { xPx: 42, yPx: 22, binning: 2 },
    pixels: [255, 51, 255],
  };
  const drawn = await draw(page, { pictures: [PICTURE], overlay, look: { ...LOOK, overlayOpacity: 0.5 } });
  expectEverywhere(drawn, (row, column) => {
    const [shade = 0] = grey(valueAt(row, column) / 4095);
    if (row !== 1 || column === 0) return [shade, shade, shade];
    const vessel = overlay.pixels[column - 1] ?? 0;
    return [shade, (shade + vessel) / 2, shade];
  });
});

test("small pixels are mixed with their neighbours, and none of them is lost when it is saturated", async ({
  page,
}) => {
  const look = { ...LOOK, canvasWidthPx: 6, canvasHeightPx: 2, originXPx: 0, originYPx: 0, scale: 1.5 };
  const drawn = await draw(page, { pictures: [PICTURE], look });
  // The middle of device pixel 1 lies at 1.0 image pixels: half of the first and half of the second.
  expect(Math.abs((drawn(1, 0)[0] ?? 0) - (255 * 500) / 4095)).toBeLessThanOrEqual(1);
  const marked = await draw(page, { pictures: [PICTURE], look: { ...look, markSaturated: true } });
  expect(marked(3, 1)).toEqual([...SATURATED]);
});
