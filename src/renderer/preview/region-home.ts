/** What a window of a region fits: the region and a little around it. */
import type { RegionMirror } from "../../mirror";
import type { PlacedImage, Rectangle } from "../shared/picture/placement";

/** Of the region's own size, on each side. */
const AROUND = 0.1;

/** In image pixels; undefined where the image shows nothing of the region. */
export function homeOf(region: RegionMirror, { width, height, placement }: PlacedImage): Rectangle | undefined {
  const { xPx, yPx, binning } = placement;
  const [aroundX, aroundY] = [region.widthPx * AROUND, region.heightPx * AROUND];
  const left = Math.max(0, (region.xPx - aroundX - xPx) / binning);
  const top = Math.max(0, (region.yPx - aroundY - yPx) / binning);
  const right = Math.min(width, (region.xPx + region.widthPx + aroundX - xPx) / binning);
  const bottom = Math.min(height, (region.yPx + region.heightPx + aroundY - yPx) / binning);
  if (right <= left || bottom <= top) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
