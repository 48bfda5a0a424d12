import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApplicationService } from "../../../gen/ts/macroscope/application/v1/application_pb";
import { CameraService } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { WindowService } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { makeStore, mirrorInstrument, watchPreview } from "../../../src/mirror";
import { PreviewFrameSchema } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { PreviewFrame } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { connectInstrument } from "../../../src/renderer/shared/connect-instrument";
import { createLinkPair, createMultiplexer, createServer } from "../../../src/rpc";
import type { Link } from "../../../src/rpc";
import { CORTEX, liveState } from "../support/fake-cameras";
import { whenMirrored } from "../support/mirrored";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A program behind the window: a switch with a host and a worker, over links in memory. */
function fakeProgram() {
  const targets: string[] = [];
  const opened: Link[] = [];
  const host = createServer({ build: "host", session: "h", epoch: 1n }).register(ApplicationService, {
    watchWorker: async function* (_, { signal }) {
      yield { worker: { phase: 2, pid: 7 } };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  const worker = createServer({ build: "worker", session: "w", epoch: 5n }).register(CameraService, {
    listCameras: () => ({ cameras: [CORTEX] }),
    watchCamera: async function* (_, { signal }) {
      yield { state: { ...liveState(CORTEX), revision: 1n } };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    watchPreview: async function* () {
      for (let frame = 1; frame <= 50; frame += 1) {
        const pixels = new Uint8Array(32).fill(frame);
        const size = { widthPx: 4, heightPx: 4, imageWidthPx: 4, imageHeightPx: 4, binning: 1 };
        yield { frame: create(PreviewFrameSchema, { ...size, frameId: BigInt(frame), bytesPerPixel: 2, pixels }) };
      }
    },
  });
  const main = createServer({ build: "main", session: "m", epoch: 3n }).register(WindowService, {
    watchWindows: async function* (_, { signal }) {
      yield { state: { revision: 1n, stimulusDisplayId: "2" } };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  const servers: Readonly<Record<string, typeof host>> = { host, worker, main };
  const openLink = () => {
    const [near, far] = createLinkPair();
    opened.push(near);
    createMultiplexer(far, {
      accept: ({ target, label }, link) => {
        targets.push(target);
        servers[target]?.accept(link, { role: Role.OPERATOR, label });
      },
    });
    return Promise.resolve(near);
  };
  return { openLink, targets, opened };
}

function connected() {
  const program = fakeProgram();
  const instrument = connectInstrument({ openLink: program.openLink, label: "test window", build: "test" });
  const store = makeStore({ clients: instrument.clients });
  stops.push(mirrorInstrument(store, instrument), () => instrument.close());
  return { ...program, instrument, store };
}

describe("connectInstrument", () => {
  it("reaches host, worker and main over one link, and the mirror fills", async () => {
    const { store, targets, opened } = connected();
    const camera = await whenMirrored(store, (state) => state.camera.current);
    expect(camera).toMatchObject({ epoch: "5", state: { camera: { id: "simulated:cortex" } } });
    await whenMirrored(store, (state) => state.camera.listing && state.worker.process?.pid === 7);
    const windows = await whenMirrored(store, (state) => state.windows.current);
    expect(windows).toMatchObject({ epoch: "3", state: { stimulusDisplayId: "2" } });
    expect([...targets].sort()).toEqual(["host", "main", "worker"]);
    expect(opened).toHaveLength(1);
  });

  it("makes a new link when the old one has closed", async () => {
    const { store, instrument, opened } = connected();
    await whenMirrored(store, (state) => state.camera.current);
    opened[0]?.close("The program behind the window was started again.");
    await vi.waitFor(() => {
      expect(opened).toHaveLength(2);
      expect(instrument.channels.worker.state.phase).toBe("live");
      expect(instrument.channels.host.state.phase).toBe("live");
    });
  });

  it("counts the pictures that were replaced on the way", async () => {
    const { store, instrument } = connected();
    await whenMirrored(store, (state) => state.camera.current);
    const shown: PreviewFrame[] = [];
    const sink = {
      show: (frame: PreviewFrame) => {
        shown.push(frame);
        return Promise.resolve();
      },
    };
    const counters: { skipped: () => number }[] = [];
    const countSkips = () => {
      const counter = instrument.countSkips();
      counters.push(counter);
      return counter;
    };
    const wish = { maxWidthPx: 64, maxHeightPx: 64, maxRateHz: 30 };
    const stream = watchPreview(store, instrument.clients.camera, wish, sink, countSkips);
    await vi.waitFor(() => {
      expect(shown.some(({ frameId }) => frameId === 50n)).toBe(true);
    });
    stream.stop();
    const last = shown.findIndex(({ frameId }) => frameId === 50n);
    expect(last + 1 + (counters[0]?.skipped() ?? 0)).toBe(50);
    // Two-byte pixels lie where they can be read as such.
    expect(shown.every(({ pixels }) => pixels.byteOffset % 2 === 0)).toBe(true);
  });
});
