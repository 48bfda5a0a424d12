// @vitest-environment jsdom
import { Code, ConnectError } from "@connectrpc/connect";
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { viewChanged } from "../../../../src/mirror";
import type { Overlay } from "../../../../src/renderer/shared/picture/picture";
import type { PictureSurface } from "../../../../src/renderer/shared/picture/picture-surface";
import { overlayPlacement, useOverlay } from "../../../../src/renderer/shared/picture/use-overlay";
import { renderPanel } from "../../support/render-panel";

const laid: (Overlay | undefined)[] = [];
const SURFACE: PictureSurface = {
  show: () => Promise.resolve(),
  look: () => undefined,
  overlay: (overlay) => laid.push(overlay),
  dispose: () => undefined,
};
function Over() {
  return <p>{useOverlay(SURFACE) ?? "well"}</p>;
}

describe("useOverlay", () => {
  it("lays the reference of the view over the picture, and takes it away", async () => {
    const { store, instrument } = renderPanel(<Over />);
    const { reference } = await instrument.clients.imaging.takeReference({ frames: 1 });
    store.dispatch(viewChanged({ referenceId: reference?.id ?? "" }));
    await waitFor(() => expect(laid.at(-1)).toMatchObject({ widthPx: 256, placement: { xPx: 0, yPx: 0, binning: 4 } }));
    store.dispatch(viewChanged({ referenceId: "" }));
    await waitFor(() => expect(laid.at(-1)).toBeUndefined());
  });

  it("says why it is not there", async () => {
    const { store, instrument } = renderPanel(<Over />);
    instrument.refusals.set("getReference", new ConnectError("There is no reference 'x'.", Code.NotFound));
    store.dispatch(viewChanged({ referenceId: "x" }));
    await screen.findByText("There is no reference 'x'.");
  });
});

describe("overlayPlacement", () => {
  it("knows by how much the picture was binned on its way, from its width", () => {
    const reference = { sensorXPx: 32, sensorYPx: 16, binning: 2, widthPx: 2050 };
    expect(overlayPlacement(reference, 683)).toEqual({ xPx: 32, yPx: 16, binning: 6 });
    expect(overlayPlacement({ ...reference, widthPx: 600 }, 600).binning).toBe(2);
  });
});
