import { describe, expect, it } from "vitest";
import { plainCamera } from "../../../../../src/mirror/camera-slice";
import { fullSensor } from "../../../../../src/renderer/operator/features/camera/full-sensor";
import { CORTEX, liveState } from "../../../support/fake-cameras";

describe("fullSensor", () => {
  it("is the sensor at the present binning, on the camera's grid", () => {
    const camera = plainCamera({ ...liveState(CORTEX), sensorWidthPx: 1027, sensorHeightPx: 1023 });
    expect(fullSensor(camera)).toEqual({
      "region_of_interest.x_px": 0,
      "region_of_interest.y_px": 0,
      "region_of_interest.width_px": 1024,
      "region_of_interest.height_px": 1022,
    });
    const binned = { ...camera, settings: { ...camera.settings, binning: 2 } };
    expect(fullSensor(binned)).toMatchObject({ "region_of_interest.width_px": 512 });
  });
});
