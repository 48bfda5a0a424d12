/** How long a scale bar is: a round length that takes about a fifth of the window. */

export interface ScaleBarLength {
  /** CSS pixels. */
  readonly width: number;
  /** "500 µm", "1 mm", "200 px". */
  readonly text: string;
}

const NARROW_SPACE = "\u202f";
const WANTED_PX = 120;

/**
 * @param sensorScale - CSS pixels in one pixel of the sensor.
 * @param umPerPx - what one pixel of the sensor covers; undefined: not known, and the bar is in pixels of the sensor.
 */
export function scaleBarLength(sensorScale: number, umPerPx: number | undefined): ScaleBarLength | undefined {
  if (!(sensorScale > 0) || !Number.isFinite(sensorScale)) return undefined;
  const unit = umPerPx ?? 1;
  const length = roundBelow((WANTED_PX / sensorScale) * unit);
  const width = (length / unit) * sensorScale;
  if (umPerPx === undefined) {
    // Parts of a pixel are no length that anybody has.
    const whole = Math.max(1, length);
    return { width: whole * sensorScale, text: `${whole}${NARROW_SPACE}px` };
  }
  return { width, text: length >= 1000 ? `${length / 1000}${NARROW_SPACE}mm` : `${plain(length)}${NARROW_SPACE}µm` };
}

/** The largest of 1, 2, 5, 10, 20 … that is not above. */
function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digits = value / power;
  // Sums of floating point numbers fall a hair short.
  const first = digits >= 5 - 1e-9 ? 5 : digits >= 2 - 1e-9 ? 2 : 1;
  return first * power;
}

function plain(value: number): string {
  return value >= 1 ? String(Math.round(value)) : String(Number(value.toPrecision(1)));
}
