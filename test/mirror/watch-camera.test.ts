import { afterEach, describe, expect, it, vi } from "vitest";
import { CameraPhase } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchCamera } from "../../src/mirror/watch-camera";
import { fakeServer } from "../renderer/support/fake-channel";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchCamera", () => {
  it("mirrors the snapshot and the revisions after it, settings by path", async () => {
    const { instrument, store } = makeMirror();
    stream = watchCamera(store, instrument.clients.camera);
    const first = await whenMirrored(store, (state) => state.camera.current);
    expect(first.state.settings.exposure_us).toBe(20_000);
    expect(first.state.settings["region_of_interest.width_px"]).toBe(1024);
    expect(first.epoch).toBe("1");
    instrument.changeCamera({ phase: CameraPhase.CLOSED });
    await whenMirrored(store, (state) => state.camera.current?.state.phase === CameraPhase.CLOSED);
  });

  it("opens the stream again after the worker was lost, and takes the new epoch's lower revision", async () => {
    const { instrument, store } = makeMirror();
    for (let change = 0; change < 10; change += 1) instrument.changeCamera({});
    stream = watchCamera(store, instrument.clients.camera);
    await whenMirrored(store, (state) => state.camera.current?.state.revision === 11);
    instrument.breakWorkerStreams();
    await vi.waitFor(() => {
      expect(instrument.cameras.watchers).toBe(0);
    });
    instrument.channels.worker.set({ server: fakeServer(2n) });
    instrument.cameras.push({ ...instrument.cameras.current, revision: 1n });
    stream.wake();
    const after = await whenMirrored(store, (state) => state.camera.current?.epoch === "2" && state.camera.current);
    expect(after.state.revision).toBe(1);
  });

  it("ends the call when it is stopped", async () => {
    const { instrument, store } = makeMirror();
    stream = watchCamera(store, instrument.clients.camera);
    await whenMirrored(store, (state) => state.camera.current);
    expect(instrument.cameras.watchers).toBe(1);
    stream.stop();
    await vi.waitFor(() => {
      expect(instrument.cameras.watchers).toBe(0);
    });
  });
});
