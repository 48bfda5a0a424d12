/**
 * The operator's commands. Each goes to the service that owns the fact; its answer enters the mirror like any revision, its error stays in the
 * `commands` slice until the next attempt or until it is dismissed.
 */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { StopRecordingResponse } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { ConfigureCameraRequestSchema } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { CameraSettingsSchema } from "../../gen/ts/macroscope/camera/v1/settings_pb";
import { acquisitionArrived } from "./acquisition-slice";
import { cameraArrived, camerasListed, plainCamera } from "./camera-slice";
import { toCommandError } from "./command-error";
import { createCommand, stamped } from "./create-command";
import { toPlain } from "./from-proto";
import type { Plain } from "./from-proto";
import { buildMessage } from "./parameter-values";
import type { ParameterValues } from "./parameter-values";
import { workerArrived } from "./worker-slice";

/** Makes another camera the live one. */
export const selectCamera = createCommand(
  "selectCamera",
  async (cameraId: string, { dispatch, extra, rejectWithValue }) => {
    try {
      const { state } = await extra.clients.camera.selectCamera({ cameraId });
      if (state) dispatch(cameraArrived(stamped(plainCamera(state), extra)));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Changes settings of the live camera, all of these or none. */
export const configureCamera = createCommand(
  "configureCamera",
  async (values: ParameterValues, { dispatch, extra, rejectWithValue }) => {
    try {
      const settings = buildMessage(CameraSettingsSchema, values);
      const request = create(ConfigureCameraRequestSchema, { settings });
      const { state } = await extra.clients.camera.configureCamera(request);
      if (state) dispatch(cameraArrived(stamped(plainCamera(state), extra)));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Reads the list of cameras; with `rescan` the drivers look again. */
export const listCameras = createCommand(
  "listCameras",
  async (options: { readonly rescan: boolean }, { dispatch, extra, rejectWithValue }) => {
    try {
      dispatch(camerasListed(toPlain(await extra.clients.camera.listCameras(options))));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** What the operator asks to record. */
export interface RecordingRequest {
  readonly name: string;
  /** Empty: the worker's default folder. */
  readonly directory: string;
  /** 0: until stopped. */
  readonly plannedFrames: number;
}

/** Starts a recording of the live camera. */
export const startRecording = createCommand(
  "startRecording",
  async (asked: RecordingRequest, { dispatch, extra, rejectWithValue }) => {
    try {
      const { state } = await extra.clients.acquisition.startRecording({
        ...asked,
        plannedFrames: BigInt(asked.plannedFrames),
      });
      if (state) dispatch(acquisitionArrived(stamped(toPlain(state), extra)));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Stops the recording and waits until it is durable; gives its summary, or undefined when there never was one. */
export const stopRecording = createCommand<Plain<StopRecordingResponse>["summary"]>(
  "stopRecording",
  async (_, { extra, rejectWithValue }) => {
    try {
      return toPlain(await extra.clients.acquisition.stopRecording({})).summary;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Starts the worker again after its host gave it up. */
export const startWorker = createCommand<undefined>("startWorker", async (_, { dispatch, extra, rejectWithValue }) => {
  try {
    const { application } = extra.clients;
    if (!application) throw new ConnectError("There is no host here that could start the worker.", Code.Unavailable);
    const { worker } = await application.startWorker({});
    if (worker) dispatch(workerArrived({ process: toPlain(worker), receivedAtMs: extra.nowMs() }));
    return undefined;
  } catch (error) {
    return rejectWithValue(toCommandError(error));
  }
});
