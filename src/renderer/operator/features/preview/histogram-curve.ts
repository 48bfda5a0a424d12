/** A histogram as a filled curve: heights of its bins, and the path that they make. */

/** Heights of 0 to 1; of the highest bin, or of its logarithm, where a single pixel can be seen too. */
export function binHeights(counts: readonly number[], logarithmic: boolean): number[] {
  const height = logarithmic ? (count: number) => Math.log1p(count) : (count: number) => count;
  // The bin of saturated pixels, and of dead ones, must not press all others down.
  const inner = counts.slice(1, -1);
  const highest = Math.max(1e-9, ...(inner.some((count) => count > 0) ? inner : counts).map(height));
  return counts.map((count) => Math.min(1, height(count) / highest));
}

/** The path of an SVG of this size, closed along the bottom. */
export function curvePath(heights: readonly number[], width: number, height: number): string {
  const step = width / Math.max(1, heights.length);
  const points = heights.map((one, bin) => {
    const y = round(height * (1 - one));
    return `L${round(bin * step)} ${y}H${round((bin + 1) * step)}`;
  });
  return `M0 ${height}${points.join("")}V${height}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
