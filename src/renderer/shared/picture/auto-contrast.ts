/** The contrast window that shows the most of a picture. */
import { largestValue, pixelValues } from "./picture";
import type { ContrastWindow, Picture } from "./picture";

/** Enough pixels for a percentile, few enough to be no work. */
const SAMPLES = 8192;
/** Cut at both ends: hot pixels and reflections do not set the window. */
const CUT = 0.003;
const MARGIN = 0.02;

/** The window from the darkest to the brightest pixels, outliers left out. */
export function autoContrast(picture: Picture): ContrastWindow {
  const values = pixelValues(picture);
  // An odd step does not fall on the same columns of every row.
  const step = Math.max(1, Math.floor(values.length / SAMPLES)) | 1;
  const sampled: number[] = [];
  for (let index = 0; index < values.length; index += step) sampled.push(values[index] ?? 0);
  const sorted = Uint16Array.from(sampled).sort();
  const last = Math.max(0, sorted.length - 1);
  const low = sorted[Math.round(CUT * last)] ?? 0;
  const high = sorted[Math.round((1 - CUT) * last)] ?? 0;
  const margin = Math.max(1, (high - low) * MARGIN);
  const largest = largestValue(picture);
  return settled({ low: low - margin, high: high + margin }, largest);
}

/** A window within the values there are, at least one step wide. */
export function settled(window: ContrastWindow, largest: number): ContrastWindow {
  const low = Math.min(largest - 1, Math.max(0, Math.round(window.low)));
  const high = Math.min(largest, Math.max(low + 1, Math.round(window.high)));
  return { low, high };
}
