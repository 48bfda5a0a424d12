import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import {
  configureCamera,
  listCameras,
  selectCamera,
  startRecording,
  startWorker,
  stopRecording,
} from "../../src/mirror/commands";
import { makeMirror } from "../renderer/support/mirrored";

describe("commands", () => {
  it("put the answer into the mirror", async () => {
    const { instrument, store } = makeMirror();
    await store.dispatch(listCameras({ rescan: true }));
    expect(store.getState().camera.listing?.cameras).toHaveLength(4);
    expect(instrument.asked.at(-1)).toMatchObject({ method: "listCameras", request: { rescan: true } });

    await store.dispatch(selectCamera("pylon:0815-0000"));
    expect(store.getState().camera.current?.state.camera?.driver).toBe("pylon");

    await store.dispatch(configureCamera({ exposure_us: 5000, "region_of_interest.width_px": 512 }));
    expect(store.getState().camera.current?.state.settings).toMatchObject({
      exposure_us: 5000,
      "region_of_interest.width_px": 512,
      "region_of_interest.height_px": 1024,
    });
  });

  it("send only the settings that were changed", async () => {
    const { instrument, store } = makeMirror();
    await store.dispatch(configureCamera({ gain: 3 }));
    const request = instrument.asked.at(-1)?.request as { settings: object };
    expect(
      Object.entries(request.settings).filter(([key, value]) => !key.startsWith("$") && value !== undefined),
    ).toEqual([["gain", 3]]);
  });

  it("record, and stop with the summary", async () => {
    const { store } = makeMirror();
    await store.dispatch(startRecording({ name: "run", directory: "", plannedFrames: 300 }));
    const state = store.getState().acquisition.current?.state;
    expect(state).toMatchObject({ phase: AcquisitionPhase.RECORDING, recording: { plannedFrames: 300 } });
    const summary = await store.dispatch(stopRecording()).unwrap();
    expect(summary?.directory).toContain("run");
  });

  it("leave the reason beside the field when refused, until the next attempt", async () => {
    const { store } = makeMirror();
    await store.dispatch(configureCamera({ exposure_us: 5e6 }));
    const { error } = store.getState().commands.configureCamera;
    expect(error?.code).toBe("OutOfRange");
    expect(error?.fields.exposure_us).toContain("20 to 1000000");
    await store.dispatch(configureCamera({ exposure_us: 5e3 }));
    expect(store.getState().commands.configureCamera.error).toBeNull();
  });

  it("keep the error of each apart", async () => {
    const { instrument, store } = makeMirror();
    instrument.refusals.set("startWorker", new ConnectError("It runs.", Code.FailedPrecondition));
    await store.dispatch(startWorker());
    await store.dispatch(selectCamera("nothing:0"));
    const { commands } = store.getState();
    expect(commands.startWorker.error).toMatchObject({ code: "FailedPrecondition", message: "It runs." });
    expect(commands.selectCamera.error?.details[0]?.value.knownIds).toHaveLength(4);
    expect(commands.stopRecording.error).toBeNull();
  });
});
