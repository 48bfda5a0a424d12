import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { WorkerPhase, WorkerProcessSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import { makeStore, mirrorInstrument } from "../../src/mirror";
import { fakeServer } from "../renderer/support/fake-channel";
import { FakeInstrument } from "../renderer/support/fake-instrument";
import { whenMirrored } from "../renderer/support/mirrored";

function mirrored(prepare: (instrument: FakeInstrument) => void = () => undefined) {
  const instrument = new FakeInstrument();
  prepare(instrument);
  const store = makeStore({ clients: instrument.clients });
  return { instrument, store, stop: mirrorInstrument(store, instrument) };
}

/** Long enough for everything that waits for no time. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("mirrorInstrument", () => {
  it("fills every slice, and stops every stream", async () => {
    const { instrument, store, stop } = mirrored();
    await whenMirrored(store, ({ camera, acquisition, hardware, worker }) => {
      return camera.current && camera.listing && acquisition.current && hardware.status && worker.process;
    });
    stop();
    const feeds = [instrument.cameras, instrument.acquisition, instrument.hardware, instrument.worker];
    await vi.waitFor(() => {
      expect(feeds.map(({ watchers }) => watchers)).toEqual([0, 0, 0, 0]);
    });
  });

  it("is whole again at once when a new worker is there, without waiting for the end of a pause", async () => {
    const { instrument, store, stop } = mirrored();
    await whenMirrored(store, (state) => state.camera.current);
    instrument.channels.worker.set({ phase: "lost" });
    instrument.breakWorkerStreams();
    await vi.waitFor(() => {
      expect(instrument.cameras.watchers).toBe(0);
    });
    const listedBefore = instrument.asked.filter(({ method }) => method === "listCameras").length;
    instrument.cameras.push({ ...instrument.cameras.current, revision: 1n });
    instrument.channels.worker.set({ phase: "live", server: fakeServer(2n) });
    await whenMirrored(store, (state) => state.camera.current?.epoch === "2");
    await vi.waitFor(() => {
      expect(instrument.asked.filter(({ method }) => method === "listCameras")).toHaveLength(listedBefore + 1);
    });
    stop();
  });

  it("is whole again at once when the same worker is reached again after a long while", async () => {
    const { instrument, store, stop } = mirrored();
    await whenMirrored(store, (state) => state.camera.current);
    // Held still, no pause of a stream ends by itself.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      instrument.channels.worker.set({ phase: "lost" });
      instrument.breakWorkerStreams();
      await turns();
      instrument.cameras.push({ ...instrument.cameras.current, revision: 7n });
      instrument.channels.worker.set({ phase: "live" });
      await turns();
      expect(store.getState().camera.current?.state.revision).toBe(7);
    } finally {
      vi.useRealTimers();
      stop();
    }
  });

  it("asks for the cameras again over the next connection, when the first took the answer with it", async () => {
    const { instrument, store, stop } = mirrored((one) => {
      one.refusals.set("listCameras", new ConnectError("The connection was lost.", Code.Unavailable));
    });
    await whenMirrored(store, (state) => state.commands.listCameras.error);
    expect(store.getState().camera.listing).toBeNull();
    instrument.channels.worker.set({ phase: "lost" });
    instrument.channels.worker.set({ phase: "live", server: fakeServer(1n) });
    await whenMirrored(store, (state) => state.camera.listing);
    stop();
  });

  it("dials the worker as soon as the host says that it runs", async () => {
    const { instrument, store, stop } = mirrored();
    await whenMirrored(store, (state) => state.worker.process);
    instrument.channels.worker.set({ phase: "lost" });
    instrument.worker.push(create(WorkerProcessSchema, { phase: WorkerPhase.RESTARTING }));
    await whenMirrored(store, (state) => state.worker.process?.phase === WorkerPhase.RESTARTING);
    expect(instrument.channels.worker.redials).toBe(0);
    instrument.worker.push(create(WorkerProcessSchema, { phase: WorkerPhase.RUNNING, epoch: 2n }));
    await vi.waitFor(() => {
      expect(instrument.channels.worker.redials).toBe(1);
    });
    stop();
  });
});
