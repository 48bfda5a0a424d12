/** The region of interest that reads out everything. */
import type { CameraMirror, ParameterValues } from "../../../../mirror";

/** Path of the region in CameraSettings. */
export const REGION_PATH = "region_of_interest";

/** The whole sensor at the present binning, on the camera's grid. */
export function fullSensor(camera: CameraMirror): ParameterValues {
  const binning = Number(camera.settings.binning ?? 1) || 1;
  return {
    [`${REGION_PATH}.x_px`]: 0,
    [`${REGION_PATH}.y_px`]: 0,
    [`${REGION_PATH}.width_px`]: onGrid(camera, "width_px", Math.floor(camera.sensorWidthPx / binning)),
    [`${REGION_PATH}.height_px`]: onGrid(camera, "height_px", Math.floor(camera.sensorHeightPx / binning)),
  };
}

function onGrid(camera: CameraMirror, field: string, largest: number): number {
  const range = camera.limits.find(({ parameter }) => parameter === `${REGION_PATH}.${field}`)?.range;
  if (!range || range.increment <= 1) return largest;
  return range.minimum + Math.floor((largest - range.minimum) / range.increment) * range.increment;
}
