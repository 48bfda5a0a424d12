// @vitest-environment jsdom
import { create } from "@bufbuild/protobuf";
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { HistogramSchema, RegionSchema } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { HistogramPanel } from "../../../../../src/renderer/operator/features/preview/histogram-panel";
import { renderPanel } from "../../../support/render-panel";

const SAMPLE = create(HistogramSchema, {
  counts: new Array<number>(256).fill(1),
  significantBits: 12,
  low: 1000,
  high: 2000,
  mean: 1500,
  saturatedPx: 21n,
  sampledPx: 10_000n,
});

async function renderSample() {
  const rendered = renderPanel(<HistogramPanel />, ({ imaging }) => {
    imaging.put(create(RegionSchema, { id: "a", name: "V1" }));
    imaging.histogram.push(SAMPLE);
  });
  await screen.findByText("21 px saturated");
  return rendered;
}

describe("histogram", () => {
  it("says in words what it shows", async () => {
    await renderSample();
    screen.getByText("0.21 % saturated · 0.1 % at 1,000 · 99.9 % at 2,000 · mean 1,500");
  });

  it("tells nothing of the light while no picture comes", async () => {
    const { instrument } = await renderSample();
    instrument.channels.worker.set({ phase: "lost" });
    await screen.findByText("– saturated");
    expect(screen.queryByText(/mean 1,500/)).toBeNull();
  });

  it("sets the contrast by itself until somebody does, and again when asked", async () => {
    const { store, user } = await renderSample();
    await waitFor(() => expect(store.getState().view.black * 4095).toBeCloseTo(970));
    const black = screen.getByRole("slider", { name: "Black level" });
    black.focus();
    await user.keyboard("{ArrowRight}{PageUp}");
    expect(store.getState().view.automatic).toBe(false);
    expect(store.getState().view.black * 4095).toBeCloseTo(970 + 4 + 64);
    expect(black.getAttribute("aria-valuenow")).toBe("1038");
    await user.click(screen.getByRole("button", { name: "Auto" }));
    expect(store.getState().view.automatic).toBe(true);
  });

  it("keeps black below white, by keys and by what is typed", async () => {
    const { store, user } = await renderSample();
    screen.getByRole("slider", { name: "White level" }).focus();
    await user.keyboard("{Home}");
    const { black, white } = store.getState().view;
    expect(white).toBeGreaterThan(black);
    const field = screen.getByRole("textbox", { name: "Black" });
    await user.clear(field);
    await user.type(field, "9999{Enter}");
    expect(store.getState().view.black).toBeLessThan(store.getState().view.white);
  });

  it("takes a level as a number, restores it on Esc, and resets", async () => {
    const { store, user } = await renderSample();
    const white = screen.getByRole<HTMLInputElement>("textbox", { name: "White" });
    await user.clear(white);
    await user.type(white, "3000{Enter}");
    expect(white.value).toBe("3000");
    await user.clear(white);
    await user.type(white, "7{Escape}");
    expect(white.value).toBe("3000");
    const gamma = screen.getByRole("textbox", { name: "Gamma" });
    await user.clear(gamma);
    await user.type(gamma, "2{Enter}");
    expect(store.getState().view.gamma).toBe(2);
    // As in all other fields.
    await user.clear(gamma);
    await user.type(gamma, "0,8{Enter}");
    expect(store.getState().view.gamma).toBe(0.8);
    await user.clear(gamma);
    await user.type(gamma, "0x2{Enter}");
    expect(store.getState().view.gamma).toBe(0.8);
    await user.click(screen.getByRole("button", { name: "Reset" }));
    expect(store.getState().view).toMatchObject({ black: 0, white: 1, gamma: 1, automatic: false });
  });

  it("is of one region when that is chosen, and of the image when the region is gone", async () => {
    const { user, instrument } = await renderSample();
    await user.selectOptions(screen.getByRole("combobox", { name: "Histogram of" }), "V1");
    const asked = () =>
      instrument.asked
        .filter(({ method }) => method === "watchHistogram")
        .map(({ request }) => (request as { regionId: string }).regionId);
    await waitFor(() => expect(asked().at(-1)).toBe("a"));
    await instrument.clients.imaging.removeRegion({ id: "a" });
    await waitFor(() => expect(asked().at(-1)).toBe(""));
  });

  it("switches marks and heights", async () => {
    const { store, user } = await renderSample();
    await user.click(screen.getByRole("checkbox", { name: "Mark saturated pixels" }));
    expect(store.getState().view.markSaturated).toBe(false);
    await user.keyboard("h");
    expect(screen.getByRole("button", { name: "Log" }).getAttribute("aria-pressed")).toBe("false");
  });

  it("says so while there is no picture", () => {
    renderPanel(<HistogramPanel />);
    screen.getByText("No picture comes.");
  });
});
