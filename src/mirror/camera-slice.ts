/** The live camera, and the cameras there are. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type {
  CameraState as CameraStateMessage,
  ListCamerasResponse,
} from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraSettingsSchema } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { toPlain } from "./from-proto";
import type { Plain } from "./from-proto";
import { readValues } from "./parameter-values";
import type { ParameterValues } from "./parameter-values";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

/** The live camera as plain state; its settings are values by path. */
export interface CameraMirror extends Omit<Plain<CameraStateMessage>, "settings"> {
  readonly settings: ParameterValues;
}

/** The cameras that were found, and the drivers that cannot work. */
export type CameraListing = Plain<ListCamerasResponse>;

export interface CameraSliceState {
  readonly current: Revised<CameraMirror> | null;
  /** Null until the first list has come. */
  readonly listing: CameraListing | null;
}

const initialState: CameraSliceState = { current: null, listing: null };

/** A camera's state without what a store cannot hold. */
export function plainCamera(message: CameraStateMessage): CameraMirror {
  const settings = message.settings ? readValues(CameraSettingsSchema, message.settings) : {};
  return { ...toPlain(message), settings };
}

const slice = createSlice({
  name: "camera",
  initialState,
  reducers: {
    cameraArrived: (state, action: PayloadAction<Revised<CameraMirror>>): CameraSliceState => ({
      ...(state as CameraSliceState),
      current: newer((state as CameraSliceState).current, action.payload),
    }),
    camerasListed: (state, action: PayloadAction<CameraListing>): CameraSliceState => ({
      ...(state as CameraSliceState),
      listing: action.payload,
    }),
  },
});

export const { cameraArrived, camerasListed } = slice.actions;
export const cameraReducer = slice.reducer;
