// @vitest-environment jsdom
import "../../../support/page-globals";
import { create } from "@bufbuild/protobuf";
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RegionSchema } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { TimeCoursesPanel } from "../../../../../src/renderer/operator/features/preview/time-courses-panel";
import { renderPanel } from "../../../support/render-panel";

const V1 = create(RegionSchema, { id: "a", name: "V1", shape: 1, widthPx: 5, heightPx: 5 });
const renderV1 = async () => {
  const rendered = renderPanel(<TimeCoursesPanel />, ({ imaging }) => imaging.put(V1));
  const name = await screen.findByRole<HTMLInputElement>("textbox", { name: "Name of V1" });
  await waitFor(() => expect(name.disabled).toBe(false));
  return { ...rendered, name };
};

describe("time courses", () => {
  it("say what to do while there is no region, and ask for nothing", () => {
    const { instrument } = renderPanel(<TimeCoursesPanel />);
    screen.getByText(/press B for a rectangle/);
    expect(instrument.asked.some(({ method }) => method === "watchTimeCourses")).toBe(false);
  });

  it("ask for the last ten minutes as soon as there is one", async () => {
    const { instrument } = await renderV1();
    await waitFor(() => expect(instrument.asked.map(({ method }) => method)).toContain("watchTimeCourses"));
  });

  it("change span and unit", async () => {
    const { user } = await renderV1();
    await user.click(screen.getByRole("button", { name: "10 min" }));
    await user.click(screen.getByRole("button", { name: "Counts" }));
    for (const name of ["10 min", "Counts"]) {
      expect(screen.getByRole("button", { name }).getAttribute("aria-pressed")).toBe("true");
    }
  });
});

describe("a region in the legend", () => {
  it("is renamed by Enter, kept by Esc, and never without a name", async () => {
    const { user, name, instrument } = await renderV1();
    await user.clear(name);
    await user.type(name, "LM{Escape}");
    expect(name.value).toBe("V1");
    await user.clear(name);
    await user.type(name, "  {Enter}");
    expect(instrument.asked.some(({ method }) => method === "putRegion")).toBe(false);
    await user.type(screen.getByRole("textbox", { name: "Name of V1" }), " left{Enter}");
    await waitFor(() => expect(instrument.imaging.regions.current.regions[0]?.name).toBe("V1 left"));
  });

  it("has a window of its own, and an end", async () => {
    const { user, instrument } = await renderV1();
    await user.click(screen.getByRole("button", { name: "Open V1 in a window" }));
    await waitFor(() => {
      expect(instrument.asked.find(({ method }) => method === "openWindow")?.request).toMatchObject({ regionId: "a" });
    });
    await user.click(screen.getByRole("button", { name: "Remove V1" }));
    await waitFor(() => expect(instrument.imaging.regions.current.regions).toHaveLength(0));
  });
});
