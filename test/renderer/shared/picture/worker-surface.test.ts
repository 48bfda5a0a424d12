import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkerSurface } from "../../../../src/renderer/shared/picture/worker-surface";
import type { FromPictureWorker, ToPictureWorker } from "../../../../src/renderer/shared/picture/worker-surface";
import { madePicture } from "../../support/made-picture";

/** A worker that notes what it is told. */
class FakeWorker extends EventTarget {
  static last: FakeWorker;
  readonly told: { message: ToPictureWorker; transfer: Transferable[] }[] = [];
  terminated = false;
  constructor() {
    super();
    FakeWorker.last = this;
  }
  postMessage(message: ToPictureWorker, transfer: Transferable[]): void {
    this.told.push({ message, transfer });
  }
  terminate(): void {
    this.terminated = true;
  }
  tell(data: FromPictureWorker): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
}

beforeEach(() => vi.stubGlobal("Worker", FakeWorker));
afterEach(() => vi.unstubAllGlobals());

function setUp() {
  const heard: string[] = [];
  const offscreen = { width: 1, height: 1 };
  const canvas = { transferControlToOffscreen: () => offscreen } as unknown as HTMLCanvasElement;
  const surface = new WorkerSurface(canvas, {
    onReady: () => heard.push("ready"),
    onLost: (lost) => heard.push(lost ? "lost" : "back"),
    onImpossible: ({ message }) => heard.push(message),
  });
  return { heard, offscreen, surface, worker: FakeWorker.last };
}

const picture = (pixels: Uint8Array) => madePicture({ heightPx: 1, pixels });

describe("WorkerSurface", () => {
  it("moves canvas and pixels to the worker instead of copying them", () => {
    const { offscreen, surface, worker } = setUp();
    const frame = new Uint8Array(16);
    void surface.show(picture(frame.subarray(4, 6)));
    expect(worker.told.map(({ transfer }) => transfer)).toEqual([[offscreen], [frame.buffer]]);
  });

  it("copies what cannot be moved", () => {
    const { surface, worker } = setUp();
    void surface.show(picture(new Uint8Array(new SharedArrayBuffer(2))));
    expect(worker.told[1]?.transfer[0]).toBeInstanceOf(ArrayBuffer);
  });

  it("answers pictures in order, each when it is shown", async () => {
    const { surface, worker } = setUp();
    const answered: number[] = [];
    const shown = [1, 2].map((which) => surface.show(picture(new Uint8Array(2))).then(() => answered.push(which)));
    worker.tell({ kind: "shown" });
    await shown[0];
    expect(answered).toEqual([1]);
    worker.tell({ kind: "shown" });
    await shown[1];
    expect(answered).toEqual([1, 2]);
  });

  it("passes on what the worker says of itself", () => {
    const { heard, worker } = setUp();
    worker.tell({ kind: "ready" });
    worker.tell({ kind: "lost", lost: true });
    worker.tell({ kind: "lost", lost: false });
    worker.tell({ kind: "impossible", reason: "no WebGL2" });
    expect(heard).toEqual(["ready", "lost", "back", "no WebGL2"]);
  });

  it("ends the worker and leaves nobody waiting", async () => {
    const { surface, worker } = setUp();
    const shown = surface.show(picture(new Uint8Array(2)));
    surface.dispose();
    await shown;
    expect(worker.terminated).toBe(true);
  });

  it("says that nothing is drawn any more when the worker fails, and leaves nobody waiting", async () => {
    const { heard, surface, worker } = setUp();
    const shown = surface.show(picture(new Uint8Array(2)));
    worker.dispatchEvent(Object.assign(new Event("error"), { message: "Uncaught RangeError" }));
    await shown;
    worker.dispatchEvent(new Event("error"));
    expect(heard).toEqual([
      "What draws the picture has stopped (Uncaught RangeError).",
      "What draws the picture has stopped.",
    ]);
  });
});
