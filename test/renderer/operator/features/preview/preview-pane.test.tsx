// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { putRegion, removeRegion } from "../../../../../src/mirror";
import { newRegion } from "../../../../../src/renderer/operator/features/preview/region-editing";
import { PreviewPane } from "../../../../../src/renderer/operator/features/preview/preview-pane";
import { renderPanel } from "../../../support/render-panel";

const renderPane = () => renderPanel(<PreviewPane />);
const REGION = newRegion(1, { x: 10, y: 10, width: 20, height: 20 }, [], "a");

describe("preview pane", () => {
  it("says that nothing can be drawn where that is so, and that recording does not mind", async () => {
    // jsdom has neither workers nor canvases.
    renderPane();
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The picture cannot be drawn here");
    expect(alert.textContent).toContain("OffscreenCanvas");
    expect(alert.textContent).toContain("Recording is not touched");
  });

  it("says what it waits for, and what to do without a camera", async () => {
    const { instrument } = renderPane();
    await screen.findByText("Waiting for the first picture.");
    instrument.changeCamera({ phase: CameraPhase.CLOSED });
    await screen.findByText("No camera is live. Choose one on the right.");
  });

  it("has its marks by key", async () => {
    const { user, store } = renderPane();
    await user.keyboard("amk");
    expect(store.getState().view).toMatchObject({ automatic: false, markSaturated: false, showRegions: false });
    await user.keyboard("amk");
    expect(store.getState().view).toMatchObject({ automatic: true, markSaturated: true, showRegions: true });
  });

  it("saves a snapshot by key and says where, or why not", async () => {
    const { user, instrument, store } = renderPane();
    await waitFor(() => expect(screen.getByRole("button", { name: "Snapshot" })).toHaveProperty("disabled", false));
    await user.keyboard("s");
    await screen.findByText(/snapshots\/2026-03-01_101500\.tiff/);
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(store.getState().pictures.saved).toBeNull();
    instrument.refusals.set(
      "takeSnapshot",
      new ConnectError("Nothing can be written in /data.", Code.PermissionDenied),
    );
    await user.click(screen.getByRole("button", { name: "Snapshot" }));
    await screen.findByText("Nothing can be written in /data.");
  });

  it("takes up a tool and puts it down, with a hint; nothing is drawn that is not seen", async () => {
    const { user, store } = renderPane();
    const rectangle = screen.getByRole("button", { name: "Rectangle" });
    await waitFor(() => expect(rectangle).toHaveProperty("disabled", false));
    await user.keyboard("k");
    await user.click(rectangle);
    expect(rectangle.getAttribute("aria-pressed")).toBe("true");
    expect(store.getState().view.showRegions).toBe(true);
    screen.getByText(/Drag over the picture/);
    await user.keyboard("e");
    expect(screen.getByRole("button", { name: "Ellipse" }).getAttribute("aria-pressed")).toBe("true");
    await user.keyboard("e");
    expect(screen.queryByText(/Drag over the picture/)).toBeNull();
  });

  it("has back a region that was removed", async () => {
    const { user, store, instrument } = renderPane();
    await store.dispatch(putRegion(REGION));
    await store.dispatch(removeRegion("a"));
    await screen.findByText("Region 1 was removed.");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(instrument.imaging.regions.current.regions[0]).toMatchObject({ id: "a", xPx: 10 }));
    expect(screen.queryByText("Region 1 was removed.")).toBeNull();
  });

  it("opens the picture in a window of its own", async () => {
    const { user, instrument } = renderPane();
    await user.click(await screen.findByRole("button", { name: "Window" }));
    await waitFor(() => expect(instrument.asked.map(({ method }) => method)).toContain("openWindow"));
  });
});

describe("vessels", () => {
  it("are taken, laid over, dimmed and taken away", async () => {
    const { user, store, instrument } = renderPane();
    await user.click(screen.getByRole("button", { name: "Vessels" }));
    await screen.findByText(/There is none/);
    await user.click(screen.getByRole("button", { name: "Take reference" }));
    await waitFor(() => expect(store.getState().view.referenceId).not.toBe(""));
    expect(instrument.asked.find(({ method }) => method === "takeReference")?.request).toMatchObject({ frames: 100 });
    const slider = screen.getByRole("slider", { name: "Opacity of the vessels" });
    slider.focus();
    await user.keyboard("{ArrowRight}");
    expect(store.getState().view.referenceOpacity).toBeCloseTo(0.51);
    await user.click(screen.getByRole("radio", { name: "None" }));
    expect(store.getState().view.referenceId).toBe("");
  });

  it("are only of this animal, unless all are wanted; the key lays the newest over", async () => {
    const { user, store, instrument } = renderPane();
    await user.click(screen.getByRole("button", { name: "Vessels" }));
    await user.click(screen.getByRole("button", { name: "Take reference" }));
    await waitFor(() => expect(store.getState().view.referenceId).not.toBe(""));
    const { id } = store.getState().pictures.references?.[0] ?? { id: "" };
    expect(store.getState().view.referenceId).toBe(id);
    await user.keyboard("{Escape}");
    await user.keyboard("v");
    expect(store.getState().view.referenceId).toBe("");
    await user.keyboard("v");
    expect(store.getState().view.referenceId).toBe(id);
    expect(instrument.imaging.references).toHaveLength(1);
  });
});
