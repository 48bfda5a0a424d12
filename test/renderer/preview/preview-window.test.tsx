// @vitest-environment jsdom
import "../support/page-globals";
import { create } from "@bufbuild/protobuf";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { RegionSchema } from "../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { CameraPhase } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { makeStore, mirrorPicture } from "../../../src/mirror";
import { previewFigured } from "../../../src/mirror/preview-slice";
import { viewService } from "../../../src/renderer/operator/features/preview/view-service";
import { PreviewWindow } from "../../../src/renderer/preview/preview-window";
import { FakeInstrument } from "../support/fake-instrument";
import { linkToView } from "../support/linked-view";

const stops: (() => void)[] = [];
afterEach(() => {
  cleanup();
  for (const stop of stops.splice(0)) stop();
});

const FIGURES = {
  frameId: 1,
  widthPx: 512,
  heightPx: 512,
  binning: 2,
  imageWidthPx: 1024,
  imageHeightPx: 1024,
  significantBits: 12,
  saturatedPx: 1234,
  shownRateHz: 29.97,
  skipped: 7,
  receivedAtMs: Date.now(),
};

function renderPreview(regionId = "", operatorIsThere = true) {
  const instrument = new FakeInstrument();
  instrument.imaging.put(create(RegionSchema, { id: "a", name: "V1", widthPx: 10, heightPx: 10 }));
  const store = makeStore({ clients: instrument.clients });
  stops.push(mirrorPicture(store, instrument));
  const access = { clients: instrument.clients, countSkips: () => ({ skipped: () => 0 }) };
  const link = linkToView(viewService(makeStore({ clients: instrument.clients })));
  render(
    <PreviewWindow
      store={store}
      instrument={access}
      regionId={regionId}
      openOperatorLink={operatorIsThere ? link : () => Promise.reject(new Error("There is no operator window."))}
      env="test"
    />,
  );
  return { instrument, store };
}

describe("preview window", () => {
  it("has the three figures of the picture", async () => {
    const { store } = renderPreview();
    store.dispatch(previewFigured({ ...FIGURES, receivedAtMs: Date.now() }));
    await screen.findByText(/30\.0/);
    screen.getByText("7 skipped");
    screen.getByText("1,234 px saturated");
  });

  it("says how old a picture is that stands still", async () => {
    const { store } = renderPreview();
    store.dispatch(previewFigured({ ...FIGURES, receivedAtMs: Date.now() - 9000 }));
    await screen.findByText(/picture of (9|10) s ago/);
  });

  it("says that no camera is live", async () => {
    const { instrument } = renderPreview();
    await waitFor(() => expect(screen.queryByText(/no live camera/)).toBeNull());
    instrument.changeCamera({ phase: CameraPhase.FAILED });
    await screen.findByText(/no live camera/);
  });

  it("says that there is no connection, instead of what it cannot know", async () => {
    const { instrument } = renderPreview();
    instrument.changeCamera({ phase: CameraPhase.FAILED });
    await screen.findByText(/no live camera/);
    instrument.channels.worker.set({ phase: "lost" });
    await screen.findByText(/no connection to the worker/);
    expect(screen.queryByText(/no live camera/)).toBeNull();
  });

  it("is called by its region, and says when that is gone", async () => {
    const { instrument } = renderPreview("a");
    await screen.findByRole("group", { name: "Live preview of V1" });
    await waitFor(() => expect(document.title).toBe("V1 – Macroscope"));
    await instrument.clients.imaging.removeRegion({ id: "a" });
    await screen.findByText(/The region was removed; this is the whole image/);
  });

  it("says when the operator's window is gone", async () => {
    renderPreview("", false);
    await screen.findByText(/operator's window does not answer/);
  });
});
