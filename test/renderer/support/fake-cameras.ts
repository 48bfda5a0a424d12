/** Cameras as the drivers of a real machine list them. */
import { create } from "@bufbuild/protobuf";
import {
  CameraDescriptionSchema,
  CameraPhase,
  CameraStateSchema,
  UnavailableDriverSchema,
} from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { CameraDescription, CameraState } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { ParameterLimitsSchema, PixelFormat } from "../../../gen/ts/macroscope/camera/v1/settings_pb";

export const CORTEX = create(CameraDescriptionSchema, {
  id: "simulated:cortex",
  label: "Simulated cortex",
  driver: "simulated",
  vendor: "Macroscope",
  model: "Cortex",
  simulated: true,
});

export const BASLER = create(CameraDescriptionSchema, {
  id: "pylon:0815-0000",
  label: "Emulation (0815-0000)",
  driver: "pylon",
  vendor: "Basler",
  model: "CamEmu",
  serial: "0815-0000",
  simulated: true,
});

export const CAMERAS: readonly CameraDescription[] = [
  CORTEX,
  BASLER,
  create(CameraDescriptionSchema, {
    ...BASLER,
    id: "pylon:0815-0001",
    label: "Emulation (0815-0001)",
    serial: "0815-0001",
  }),
  create(CameraDescriptionSchema, {
    id: "micromanager:DCam",
    label: "DemoCamera",
    driver: "micromanager",
    vendor: "Micro-Manager",
    model: "DCam",
    simulated: true,
  }),
];

export const UNAVAILABLE = [
  create(UnavailableDriverSchema, {
    driver: "opencv",
    reason: "No video device was found. Connect a camera, or give its number in MACROSCOPE_OPENCV_DEVICES.",
  }),
  create(UnavailableDriverSchema, {
    driver: "spinnaker",
    reason: "The package PySpin is not installed. Install it from the vendor's site, then rescan.",
  }),
];

const range = (minimum: number, maximum: number, increment = 0) => ({ minimum, maximum, increment });

/** What a camera offers; the emulated Basler has no binning and fewer formats. */
function limitsOf(camera: CameraDescription) {
  const basler = camera.driver === "pylon";
  const region = { fixedWhileRecording: true };
  const all = [
    { parameter: "exposure_us", range: range(20, 1_000_000) },
    basler
      ? { parameter: "gain", range: range(192, 1023, 1), unit: "raw" }
      : { parameter: "gain", range: range(0, 24), unit: "dB" },
    { parameter: "frame_rate_hz", range: range(1, 300) },
    { parameter: "binning", choices: basler ? [] : [1, 2, 4], fixedWhileRecording: true },
    { parameter: "region_of_interest.x_px", range: range(0, 1024), ...region },
    { parameter: "region_of_interest.y_px", range: range(0, 1024), ...region },
    { parameter: "region_of_interest.width_px", range: range(16, 1024, 4), ...region },
    { parameter: "region_of_interest.height_px", range: range(16, 1024, 2), ...region },
    {
      parameter: "pixel_format",
      choices: basler
        ? [PixelFormat.MONO8, PixelFormat.MONO16]
        : [PixelFormat.MONO8, PixelFormat.MONO12, PixelFormat.MONO16],
      fixedWhileRecording: true,
    },
  ];
  return all.filter((one) => !(basler && one.parameter === "binning")).map((one) => create(ParameterLimitsSchema, one));
}

/** The state of a camera that has just been made live. */
export function liveState(camera: CameraDescription): CameraState {
  return create(CameraStateSchema, {
    phase: CameraPhase.LIVE,
    camera,
    settings: {
      exposureUs: 20_000,
      gain: camera.driver === "pylon" ? 192 : 6,
      frameRateHz: 30,
      ...(camera.driver === "pylon" ? {} : { binning: 1 }),
      regionOfInterest: { xPx: 0, yPx: 0, widthPx: 1024, heightPx: 1024 },
      pixelFormat: camera.driver === "pylon" ? PixelFormat.MONO16 : PixelFormat.MONO12,
    },
    limits: limitsOf(camera),
    sensorWidthPx: 1024,
    sensorHeightPx: 1024,
    significantBits: camera.driver === "pylon" ? 16 : 12,
  });
}
