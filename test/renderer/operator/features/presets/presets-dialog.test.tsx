// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PresetBar } from "../../../../../src/renderer/operator/features/presets/preset-bar";
import type { FakeInstrument } from "../../../support/fake-instrument";
import { renderPanel } from "../../../support/render-panel";

afterEach(() => vi.restoreAllMocks());

function withPresets({ configuration }: FakeInstrument): void {
  const { values } = configuration;
  const kept = { values: { ...values, "stimulus.gamma": 1.8 }, savedUnixNs: 1_772_360_100_000_000_001n };
  configuration.presets.set("retinotopy", { ...kept, summary: "Bar 20°, 10 sweeps", problem: "" });
  configuration.presets.set("newer", {
    ...kept,
    summary: "",
    problem: "It is of a newer version: update the program.",
  });
}

async function openDialog(prepare: (instrument: FakeInstrument) => void = withPresets) {
  const rendered = renderPanel(<PresetBar />, prepare);
  await waitFor(() => {
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Presets: / }).disabled).toBe(false);
  });
  await rendered.user.click(screen.getByRole("button", { name: /^Presets: / }));
  await screen.findByRole("dialog", { name: "Presets" });
  const { configuration } = rendered.instrument;
  return { ...rendered, configuration, gamma: () => configuration.states.current.configuration?.stimulus?.gamma };
}

const saveAs = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Save as" });
const isOpen = () => screen.queryByRole("dialog", { name: "Presets" }) !== null;

describe("presets", () => {
  it("are listed with what they are and when they were saved; those that cannot be read, with the reason", async () => {
    await openDialog();
    const list = await screen.findByRole("list", { name: "Saved presets" });
    const [good, newer] = within(list).getAllByRole("listitem");
    expect(good?.textContent).toContain("Bar 20°, 10 sweeps2026-03-0");
    expect(newer?.textContent).toContain("It is of a newer version: update the program.");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Load newer" }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Load retinotopy" }).disabled).toBe(false);
  });

  it("keep the keys of what is behind them: nothing is taken back unseen", async () => {
    const { user, instrument, configuration } = await openDialog();
    configuration.change({ "stimulus.gamma": 2 }, "Anna");
    await screen.findByRole("button", { name: /^Undo: /, hidden: true });
    screen.getByRole("button", { name: "Close" }).focus();
    await user.keyboard("{Control>}z{/Control}");
    expect(instrument.asked.some(({ method }) => method === "undoConfiguration")).toBe(false);
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(isOpen()).toBe(false);
    });
    await user.keyboard("{Control>}z{/Control}");
    expect(instrument.asked.some(({ method }) => method === "undoConfiguration")).toBe(true);
  });

  it("say what to do while there is none", async () => {
    await openDialog(() => undefined);
    expect(await screen.findByText(/Give the settings a name below/)).toBeTruthy();
  });

  it("are loaded, and the bar says which it is and whether it was changed since", async () => {
    const { user, configuration, gamma } = await openDialog();
    await user.click(await screen.findByRole("button", { name: "Load retinotopy" }));
    await waitFor(() => {
      expect(isOpen()).toBe(false);
    });
    expect(gamma()).toBe(1.8);
    expect(screen.getByRole("button", { name: "Presets: retinotopy" })).toBeTruthy();
    configuration.change({ "stimulus.gamma": 2 }, "Anna");
    expect(await screen.findByRole("button", { name: "Presets: retinotopy changed" })).toBeTruthy();
  });

  it("tell what of them could not be had", async () => {
    const { user, configuration } = await openDialog();
    configuration.leftOut = ["Binning 4: this camera offers 1 and 2."];
    await user.click(await screen.findByRole("button", { name: "Load retinotopy" }));
    expect(await screen.findByText("Binning 4: this camera offers 1 and 2.")).toBeTruthy();
    expect(isOpen()).toBe(true);
  });

  it("are saved under a name that the schema allows", async () => {
    const { user, configuration } = await openDialog();
    await user.type(saveAs(), "a/b");
    expect(screen.getByText(/^Name does not fit\. Letters, digits/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(configuration.presets.has("a/b")).toBe(false);
    await user.clear(saveAs());
    await user.type(saveAs(), "a b{Enter}");
    await waitFor(() => {
      expect(configuration.presets.has("a b")).toBe(true);
    });
    expect(await screen.findByRole("button", { name: "Load a b" })).toBeTruthy();
  });

  it("are overwritten only when somebody says so, and told what is lost", async () => {
    const { user, configuration, instrument } = await openDialog();
    await screen.findByRole("list", { name: "Saved presets" });
    await user.type(saveAs(), "retinotopy{Enter}");
    const question = screen.getByRole("alertdialog");
    expect(question.textContent).toContain(
      'Overwrite "retinotopy"? What it holds is lost: Bar 20°, 10 sweeps, saved 2026-03-0',
    );
    // Enter again, without looking, keeps it.
    expect(document.activeElement?.textContent).toBe("Keep it");
    await user.keyboard("{Enter}");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(instrument.asked.some(({ method }) => method === "savePreset")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Overwrite…" }));
    await user.click(screen.getByRole("button", { name: "Overwrite" }));
    await waitFor(() => {
      expect(configuration.presets.get("retinotopy")?.values["stimulus.gamma"]).toBe(2.2);
    });
  });

  it("are deleted only when somebody says so", async () => {
    const { user, configuration } = await openDialog();
    await user.click(await screen.findByRole("button", { name: "Delete retinotopy" }));
    expect(screen.getByRole("alertdialog").textContent).toContain("Its file is lost: Bar 20°, 10 sweeps");
    await user.keyboard("{Escape}");
    expect(isOpen()).toBe(true);
    expect(configuration.presets.has("retinotopy")).toBe(true);
    await user.click(screen.getByRole("button", { name: "Delete retinotopy" }));
    await user.click(screen.getByRole("button", { name: "Delete" }));
    await waitFor(() => {
      expect(screen.queryByRole("button", { name: "Load retinotopy" })).toBeNull();
    });
    expect(configuration.presets.has("retinotopy")).toBe(false);
  });

  it("tell why one was not loaded", async () => {
    const { user, configuration } = await openDialog();
    const load = await screen.findByRole("button", { name: "Load retinotopy" });
    configuration.presets.delete("retinotopy");
    await user.click(load);
    expect(await screen.findByText('There is no preset "retinotopy".')).toBeTruthy();
  });
});

describe("a preset's file", () => {
  it("is written where the program's dialog says", async () => {
    const { user, instrument } = await openDialog();
    await user.click(await screen.findByRole("button", { name: "Export retinotopy" }));
    expect(await screen.findByText("Written to /data/preset.json.")).toBeTruthy();
    const { request } = instrument.asked.find(({ method }) => method === "saveTextFile") ?? {};
    expect(request).toMatchObject({ suggestedName: "retinotopy.json" });
  });

  it("says nothing when somebody changed their mind", async () => {
    const { user, instrument } = await openDialog((one) => {
      one.windows.savedTo = "";
    });
    await user.click(screen.getByRole("button", { name: "Export these settings…" }));
    await waitFor(() => {
      expect(instrument.asked.some(({ method }) => method === "saveTextFile")).toBe(true);
    });
    expect(screen.queryByText(/^Written/)).toBeNull();
  });

  it("is a download in a browser", async () => {
    const made = vi.fn((_: Blob) => "blob:made");
    Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => undefined });
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      expect(this.download).toBe("configuration.json");
    });
    const { user, store } = await openDialog();
    store.dispatch({ type: "windows/windowsAbsent" });
    await user.click(screen.getByRole("button", { name: "Export these settings…" }));
    expect(await screen.findByText("configuration.json is with the browser's downloads.")).toBeTruthy();
    expect(clicked).toHaveBeenCalledOnce();
    expect(await made.mock.calls[0]?.[0].text()).toContain("stimulus.gamma");
  });

  it("is imported, and one that is none is told", async () => {
    const { user, gamma } = await openDialog();
    const input = screen.getByLabelText("Preset file to import");
    await user.upload(input, new File(["{{"], "broken.json", { type: "application/json" }));
    expect(await screen.findByText("This is no preset file: it is not JSON.")).toBeTruthy();
    await user.upload(input, new File(['{"stimulus.gamma": 1.5}'], "good.json", { type: "application/json" }));
    await waitFor(() => {
      expect(gamma()).toBe(1.5);
    });
    await waitFor(() => {
      expect(isOpen()).toBe(false);
    });
  });

  it("is told to be unreadable or no preset, and nothing is asked of the worker", async () => {
    const { user, instrument } = await openDialog();
    const input = screen.getByLabelText("Preset file to import");
    const gone = Object.assign(new File(["{}"], "gone.json", { type: "application/json" }), {
      text: () => Promise.reject(new DOMException("The file could not be read.", "NotReadableError")),
    });
    await user.upload(input, gone);
    expect(await screen.findByText(/gone.json cannot be read/)).toBeTruthy();
    const huge = Object.defineProperty(new File(["{}"], "video.json"), "size", { value: 4_000_000_000 });
    await user.upload(input, huge);
    expect(await screen.findByText("video.json is no preset: it has 4.0 GB.")).toBeTruthy();
    expect(screen.queryByText(/gone.json/)).toBeNull();
    expect(instrument.asked.filter(({ method }) => method === "importConfiguration")).toEqual([]);
  });
});
