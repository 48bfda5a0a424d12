// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { create } from "@bufbuild/protobuf";
import { RegionSchema, RegionShape } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { PictureTool } from "../../../../../src/renderer/operator/features/preview/picture-tool";
import { RegionLayer } from "../../../../../src/renderer/operator/features/preview/region-layer";
import { regionSelected } from "../../../../../src/mirror";
import { renderPanel } from "../../../support/render-panel";

/** Two CSS pixels an image pixel, two sensor pixels an image pixel, the image's corner in the window's. */
const VIEW = { kind: "free", scale: 2, centre: { x: 100, y: 100 } } as const;
const CANVAS = { width: 400, height: 400 };
const IMAGE = { width: 200, height: 200, placement: { xPx: 100, yPx: 50, binning: 2 } };

function Layer({ begin = "look" }: { readonly begin?: PictureTool }) {
  const [tool, setTool] = useState<PictureTool>(begin);
  return <RegionLayer view={VIEW} canvas={CANVAS} image={IMAGE} tool={tool} onTool={setTool} />;
}

beforeEach(() => {
  // jsdom has no pointers to capture.
  Object.assign(Element.prototype, { setPointerCapture: () => undefined });
});

function drag(element: Element, from: [number, number], to: [number, number]): void {
  const at = ([clientX, clientY]: [number, number]) => ({ clientX, clientY, button: 0, pointerId: 1 });
  fireEvent.pointerDown(element, at(from));
  fireEvent.pointerMove(element, at(to));
  fireEvent.pointerUp(element, at(to));
}

const V1 = create(RegionSchema, {
  id: "a",
  name: "V1",
  shape: RegionShape.RECTANGLE,
  xPx: 120,
  yPx: 70,
  widthPx: 40,
  heightPx: 20,
});

describe("drawing", () => {
  it("makes a region in sensor pixels where it was drawn, selects it, and puts the tool down", async () => {
    const { instrument, store } = renderPanel(<Layer begin="ellipse" />);
    await waitFor(() => expect(store.getState().regions.current).not.toBeNull());
    drag(screen.getByRole("application"), [20, 40], [60, 100]);
    await waitFor(() => expect(instrument.imaging.regions.current.regions).toHaveLength(1));
    const [region] = instrument.imaging.regions.current.regions;
    expect(region).toMatchObject({
      name: "Region 1",
      shape: RegionShape.ELLIPSE,
      xPx: 120,
      yPx: 90,
      widthPx: 40,
      heightPx: 60,
    });
    expect(store.getState().regions.selectedId).toBe(region?.id);
    expect(screen.queryByRole("application")).toBeNull();
  });

  it("takes a click for no region", () => {
    const { instrument } = renderPanel(<Layer begin="rectangle" />);
    drag(screen.getByRole("application"), [20, 40], [21, 41]);
    expect(instrument.asked.some(({ method }) => method === "putRegion")).toBe(false);
    screen.getByRole("application");
  });

  it.each(["pointerCancel", "lostPointerCapture"] as const)(
    "draws nothing after %s, and goes on with the next press",
    (ended) => {
      const { instrument } = renderPanel(<Layer begin="rectangle" />);
      const layer = screen.getByRole("application");
      const at = (clientX: number, clientY: number) => ({ clientX, clientY, button: 0, pointerId: 1 });
      fireEvent.pointerDown(layer, at(20, 40));
      fireEvent.pointerMove(layer, at(60, 100));
      const drawn = layer.childElementCount;
      fireEvent[ended](layer);
      fireEvent.pointerMove(layer, at(90, 100));
      expect([drawn > 0, layer.childElementCount]).toEqual([true, 0]);
      fireEvent.pointerUp(layer, at(90, 100));
      expect(instrument.asked.some(({ method }) => method === "putRegion")).toBe(false);
    },
  );

  it("needs no pointer: Enter draws in the middle, Esc draws none", async () => {
    const { instrument, user } = renderPanel(<Layer begin="rectangle" />);
    expect(document.activeElement).toBe(screen.getByRole("application"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(instrument.imaging.regions.current.regions).toHaveLength(1));
    expect(instrument.imaging.regions.current.regions[0]).toMatchObject({ xPx: 260, yPx: 210, widthPx: 80 });
  });

  it("leaves the focus to who types somewhere else meanwhile", async () => {
    const { user, store } = renderPanel(
      <>
        <Layer begin="rectangle" />
        <input aria-label="Animal" />
      </>,
    );
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Animal" });
    await user.click(field);
    act(() => void store.dispatch(regionSelected("another")));
    expect(document.activeElement).toBe(field);
  });

  it("stops at Esc", async () => {
    const { user, instrument } = renderPanel(<Layer begin="rectangle" />);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("application")).toBeNull();
    expect(instrument.imaging.regions.current.regions).toHaveLength(0);
  });
});

describe("a region", () => {
  const renderV1 = async () => {
    const rendered = renderPanel(<Layer />, ({ imaging }) => imaging.put(V1));
    const region = await screen.findByRole("button", { name: /^V1: rectangle, 40 × 20 px at 120, 70$/ });
    await waitFor(() => expect(region.getAttribute("aria-description")).toContain("Arrows"));
    return { ...rendered, region };
  };

  it("moves with the pointer, is shown moving, and is sent once", async () => {
    const { region, instrument } = await renderV1();
    const at = (clientX: number, clientY: number) => ({ clientX, clientY, button: 0, pointerId: 1 });
    fireEvent.pointerDown(region, at(25, 25));
    fireEvent.pointerMove(region, at(35, 25));
    fireEvent.pointerMove(region, at(45, 35));
    screen.getByRole("button", { name: /at 140, 80$/ });
    expect(instrument.asked.some(({ method }) => method === "putRegion")).toBe(false);
    fireEvent.pointerUp(region, at(45, 35));
    await waitFor(() => expect(instrument.imaging.regions.current.regions[0]).toMatchObject({ xPx: 140, yPx: 80 }));
    expect(instrument.asked.filter(({ method }) => method === "putRegion")).toHaveLength(1);
  });

  it.each(["pointerCancel", "lostPointerCapture"] as const)(
    "stays where it was shown, and is sent, after %s",
    async (ended) => {
      const { region, instrument } = await renderV1();
      const at = (clientX: number, clientY: number) => ({ clientX, clientY, button: 0, pointerId: 1 });
      fireEvent.pointerDown(region, at(25, 25));
      fireEvent.pointerMove(region, at(35, 25));
      fireEvent[ended](region);
      fireEvent.pointerMove(region, at(45, 35));
      await waitFor(() => expect(instrument.imaging.regions.current.regions[0]).toMatchObject({ xPx: 130, yPx: 70 }));
    },
  );

  it("that reaches beyond all that is seen is not dragged by who means to move over the picture", async () => {
    const all = { ...V1, xPx: 100, yPx: 50, widthPx: 400, heightPx: 400 };
    const onPan = vi.fn();
    const { instrument } = renderPanel(
      <div onPointerDown={onPan}>
        <Layer />
      </div>,
      ({ imaging }) => imaging.put(all),
    );
    const region = await screen.findByRole("button", { name: /^V1/ });
    await waitFor(() => expect(region.getAttribute("aria-description")).toContain("Arrows"));
    drag(region, [200, 200], [230, 200]);
    expect(onPan).toHaveBeenCalledOnce();
    expect(instrument.asked.some(({ method }) => method === "putRegion")).toBe(false);
  });

  it("moves and resizes by arrows, sent when the keys rest", async () => {
    const { region, user, instrument } = await renderV1();
    region.focus();
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowDown}{Shift>}{ArrowRight}{/Shift}");
    screen.getByRole("button", { name: "V1: rectangle, 41 × 20 px at 122, 71" });
    await waitFor(() => {
      expect(instrument.imaging.regions.current.regions[0]).toMatchObject({ xPx: 122, yPx: 71, widthPx: 41 });
    });
    expect(instrument.asked.filter(({ method }) => method === "putRegion")).toHaveLength(1);
  });

  it("is removed by Delete", async () => {
    const { region, user, instrument } = await renderV1();
    region.focus();
    await user.keyboard("{Delete}");
    await waitFor(() => expect(instrument.imaging.regions.current.regions).toHaveLength(0));
  });

  it("cannot be changed while the worker does not answer", async () => {
    const { region, user, instrument } = await renderV1();
    instrument.channels.worker.set({ phase: "stale" });
    await waitFor(() => expect(region.getAttribute("aria-description")).toBeNull());
    region.focus();
    await user.keyboard("{ArrowRight}{Delete}");
    drag(region, [25, 25], [60, 60]);
    expect(instrument.asked.some(({ method }) => method === "putRegion" || method === "removeRegion")).toBe(false);
  });
});
