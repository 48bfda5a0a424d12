import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PreviewFrame } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { previewFigured } from "../../src/mirror/preview-slice";
import { watchPreview } from "../../src/mirror/watch-preview";
import { FakePictures } from "../renderer/support/fake-picture";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

const WISH = { maxWidthPx: 64, maxHeightPx: 48, maxRateHz: 60 };

describe("watchPreview", () => {
  it("gives pixels to the sink and only figures to the mirror", async () => {
    const { instrument, store } = makeMirror();
    const shown: PreviewFrame[] = [];
    const sink = {
      show: (frame: PreviewFrame) => {
        shown.push(frame);
        return Promise.resolve();
      },
    };
    instrument.preview.push(new FakePictures(16, 12).next());
    stream = watchPreview(store, instrument.clients.camera, WISH, sink, () => ({ skipped: () => 12 }));
    const figures = await whenMirrored(store, (state) => state.preview.figures);
    expect(shown[0]?.pixels).toHaveLength(16 * 16 * 2);
    expect(figures).toMatchObject({ frameId: 1, widthPx: 16, binning: 64, saturatedPx: 212, skipped: 12 });
    expect(JSON.stringify(store.getState())).not.toContain("pixels");
    expect(instrument.asked.find(({ method }) => method === "watchPreview")?.request).toMatchObject(WISH);
  });

  it("goes on counting skipped pictures when the stream is opened again, and when the wish changes", async () => {
    const { instrument, store } = makeMirror();
    const pictures = new FakePictures(16, 12);
    const sink = { show: () => Promise.resolve() };
    const counts = [5, 7, 11];
    const countSkips = () => {
      const mine = counts.shift() ?? 0;
      return { skipped: () => mine };
    };
    const skippedIs = (skipped: number) => whenMirrored(store, ({ preview }) => preview.figures?.skipped === skipped);
    instrument.preview.push(pictures.next());
    stream = watchPreview(store, instrument.clients.camera, WISH, sink, countSkips);
    await skippedIs(5);
    instrument.preview.fail(new ConnectError("The link broke.", Code.Unavailable));
    await skippedIs(12);
    stream.stop();
    stream = watchPreview(store, instrument.clients.camera, { ...WISH, maxRateHz: 30 }, sink, countSkips);
    await skippedIs(23);
  });

  it.each([
    [100, 29.5],
    [5000, 0],
  ])("has the rate of %i ms ago until it has one of its own: %f Hz", async (agoMs, rateHz) => {
    const { instrument, store } = makeMirror();
    instrument.preview.push(new FakePictures(16, 12).next());
    const sink = { show: () => Promise.resolve() };
    stream = watchPreview(store, instrument.clients.camera, WISH, sink);
    const figures = await whenMirrored(store, ({ preview }) => preview.figures);
    stream.stop();
    store.dispatch(previewFigured({ ...figures, frameId: 0, shownRateHz: 29.5, receivedAtMs: Date.now() - agoMs }));
    stream = watchPreview(store, instrument.clients.camera, { ...WISH, maxRateHz: 30 }, sink);
    const after = await whenMirrored(store, ({ preview }) => preview.figures?.frameId === 1 && preview.figures);
    expect(after.shownRateHz).toBe(rateHz);
  });

  it("takes the next picture when the last one is drawn; in between newer ones replace each other", async () => {
    const { instrument, store } = makeMirror();
    const pictures = new FakePictures(16, 8);
    const shown: bigint[] = [];
    let drawn = () => {};
    const sink = {
      show: (frame: PreviewFrame) => {
        shown.push(frame.frameId);
        return new Promise<void>((resolve) => (drawn = resolve));
      },
    };
    instrument.preview.push(pictures.next());
    stream = watchPreview(store, instrument.clients.camera, WISH, sink);
    await vi.waitFor(() => {
      expect(shown).toEqual([1n]);
    });
    for (let more = 0; more < 20; more += 1) instrument.preview.push(pictures.next());
    expect(shown).toEqual([1n]);
    drawn();
    await vi.waitFor(() => {
      expect(shown.length).toBeGreaterThan(1);
    });
    expect(shown.length).toBeLessThan(20);
  });
});
