// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { UpdateConfigurationRequest } from "../../../../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { ConfigurationForm } from "../../../../../src/renderer/operator/features/configuration/configuration-form";
import { DerivedFigures } from "../../../../../src/renderer/operator/features/configuration/derived-figures";
import { UndoRedo } from "../../../../../src/renderer/operator/features/configuration/undo-redo";
import type { FakeInstrument } from "../../../support/fake-instrument";
import { renderPanel } from "../../../support/render-panel";

const BAR = "stimulus.bar_width_deg";

const STIMULUS = <ConfigurationForm key="stimulus" group="stimulus" />;
const SESSION = <ConfigurationForm key="session" group="session" />;
const ACQUISITION = (
  <ConfigurationForm key="acquisition" group="acquisition">
    <DerivedFigures />
  </ConfigurationForm>
);

async function stimulusForm(prepare?: (instrument: FakeInstrument) => void) {
  const rendered = renderPanel(STIMULUS, prepare);
  await field("Bar width");
  return { ...rendered, ...access(rendered.instrument) };
}

async function acquisitionForm() {
  const rendered = renderPanel(ACQUISITION);
  await field("Sweeps");
  return { ...rendered, ...access(rendered.instrument) };
}

function access(instrument: FakeInstrument) {
  const updates = () =>
    instrument.asked
      .filter(({ method }) => method === "updateConfiguration")
      .map(({ request }) => request as UpdateConfigurationRequest);
  return { updates, settings: () => instrument.configuration.states.current.configuration };
}

const field = (name: string) => screen.findByRole<HTMLInputElement>("spinbutton", { name });
const controlOf = (element: HTMLElement) => within(element.closest<HTMLElement>("[data-path]") ?? document.body);

async function retype(user: Awaited<ReturnType<typeof stimulusForm>>["user"], name: string, text: string) {
  const element = await field(name);
  await user.clear(element);
  await user.type(element, text);
  return element;
}

describe("a configuration's form", () => {
  it("draws every group of its descriptor with units, ranges, defaults and help", async () => {
    await stimulusForm();
    const bar = await field("Bar width");
    expect(bar.value).toBe("20");
    expect(bar.getAttribute("aria-valuetext")).toBe("20 °");
    expect(bar.getAttribute("aria-valuemax")).toBe("180");
    expect(screen.getByText("Bar width").title).toContain("How wide the drifting bar is");
    const form = screen.getByRole("region", { name: "Stimulus settings" });
    const headings = within(form)
      .getAllByRole("heading", { level: 2 })
      .map(({ textContent }) => textContent);
    expect(headings.slice(0, 5)).toEqual(["Bar", "Checks", "Luminance", "Limits", "Photodiode"]);
    expect(within(form).getByRole<HTMLSelectElement>("combobox", { name: "Corner" }).selectedOptions[0]?.text).toBe(
      "Bottom left",
    );
  });

  it("applies on Enter, and marks what is not the default any more", async () => {
    const { user, updates, settings } = await stimulusForm();
    const bar = await retype(user, "Bar width", "14.5");
    expect(controlOf(bar).getByText("changed")).toBeTruthy();
    expect(screen.getByText("1 change not applied")).toBeTruthy();
    expect(updates()).toHaveLength(0);
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(14.5);
    });
    await waitFor(() => {
      expect(screen.queryByText("1 change not applied")).toBeNull();
    });
    await user.click(screen.getByRole("button", { name: "Reset Bar width to 20 °" }));
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(20);
    });
    expect(screen.queryByRole("button", { name: /^Reset Bar width/ })).toBeNull();
  });

  it("is gone through by Tab from field to field, and Alt+R gives one its default", async () => {
    const { user, settings } = await stimulusForm();
    await retype(user, "Bar width", "14.5");
    await user.keyboard("{Enter}");
    await screen.findByRole("button", { name: "Reset Bar width to 20 °" });
    // What is typed next is for the next field, and no shortcut on a slider or a button that has come between.
    await user.tab();
    expect(document.activeElement).toBe(await field("Drift"));
    await user.tab({ shift: true });
    await user.keyboard("{Alt>}r{/Alt}");
    await waitFor(() => expect(settings()?.stimulus?.barWidthDeg).toBe(20));
  });

  it("keeps what is typed when it is left, in whatever tab, and restores on Esc", async () => {
    const { user, updates, show } = await stimulusForm();
    await retype(user, "Bar width", "14");
    show(SESSION);
    await screen.findByRole("textbox", { name: "Name" });
    show(STIMULUS);
    const bar = await field("Bar width");
    expect(bar.value).toBe("14");
    await user.type(bar, "{Escape}");
    expect(bar.value).toBe("20");
    expect(updates()).toHaveLength(0);
  });

  it("tells what is wrong while it is typed, and asks nobody for it", async () => {
    const { user, updates } = await stimulusForm();
    const bar = await retype(user, "Bar width", "400");
    await controlOf(bar).findByText("Bar width can be 0.1 to 180 °.");
    expect(bar.getAttribute("aria-invalid")).toBe("true");
    await user.type(bar, "{Enter}");
    expect(bar.value).toBe("400");
    expect(updates()).toHaveLength(0);
  });

  it("tells rules that need several fields at the field they name, and keeps what the worker refuses", async () => {
    const { user, updates, settings } = await stimulusForm();
    const contrast = await retype(user, "Contrast", "0.8");
    const background = await field("Background");
    await controlOf(background).findByText(/^Background .*contrast/);
    await user.type(contrast, "{Enter}");
    await waitFor(() => {
      expect(updates()).toHaveLength(1);
    });
    expect(contrast.value).toBe("0.8");
    expect(controlOf(background).getByText(/^Background .*contrast/)).toBeTruthy();
    expect(settings()?.stimulus?.contrast).toBe(0.5);
    await retype(user, "Contrast", "0.4");
    await waitFor(() => {
      expect(controlOf(background).queryByText(/^Background .*contrast/)).toBeNull();
    });
  });

  it("applies several changes together, or restores them", async () => {
    const { user, updates } = await stimulusForm();
    await retype(user, "Contrast", "0.3");
    await retype(user, "Background", "0.4");
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect((await field("Contrast")).value).toBe("0.5");
    await retype(user, "Contrast", "0.3");
    await retype(user, "Background", "0.4");
    await user.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() => {
      expect(updates().map(({ paths }) => paths)).toEqual([["stimulus.contrast", "stimulus.background"]]);
    });
  });

  it("gives the defaults of a whole group back", async () => {
    const { user, instrument, settings } = await stimulusForm();
    instrument.configuration.change({ "stimulus.contrast": 0.3, "stimulus.gamma": 1.8, [BAR]: 14 }, "Anna");
    await user.click(await screen.findByRole("button", { name: "Defaults of Luminance" }));
    await waitFor(() => {
      expect(settings()?.stimulus).toMatchObject({ contrast: 0.5, gamma: 2.2, barWidthDeg: 14 });
    });
  });

  it("takes a value away where empty means something", async () => {
    const { user, instrument, settings } = await stimulusForm((one) => {
      one.configuration.change({ "stimulus.azimuth_from_deg": -40 }, "Anna");
    });
    const from = await field("Azimuth from");
    expect(from.value).toBe("-40");
    await user.clear(from);
    expect(from.placeholder).toBe("off the screen");
    await user.type(from, "{Enter}");
    await waitFor(() => {
      expect(settings()?.stimulus?.azimuthFromDeg).toBeUndefined();
    });
    expect(instrument.asked.at(-1)?.method).not.toBe("selectCamera");
  });

  it("chooses at once", async () => {
    const { user, settings } = await stimulusForm();
    await user.selectOptions(screen.getByRole("combobox", { name: "Corner" }), "Top right");
    await waitFor(() => {
      expect(settings()?.stimulus?.photodiodeCorner).toBe(3);
    });
  });

  it("is for looking, for a viewer", async () => {
    await stimulusForm(({ channels }) => {
      const { server } = channels.worker.state;
      channels.worker.set({ server: { ...server!, role: 1 } });
    });
    expect((await field("Bar width")).disabled).toBe(true);
  });

  it("says where settings come from while there are none", async () => {
    renderPanel(STIMULUS, ({ configuration }) => {
      configuration.silent = true;
    });
    expect(await screen.findByText("The settings are being read.")).toBeTruthy();
  });
});

describe("two windows", () => {
  it("are told of each other: theirs or mine", async () => {
    const { user, instrument, updates, settings } = await stimulusForm();
    const bar = await retype(user, "Bar width", "25");
    instrument.configuration.change({ [BAR]: 30 }, "browser page");
    await controlOf(bar).findByText("30 °");
    expect(controlOf(bar).getByRole("alert").textContent).toContain("Browser page changed it to 30 °");
    await user.type(bar, "{Enter}");
    expect(updates()).toHaveLength(0);
    expect(bar.value).toBe("25");
    await user.click(controlOf(bar).getByRole("button", { name: "Use mine" }));
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(25);
    });
    await waitFor(() => {
      expect(controlOf(bar).queryByRole("alert")).toBeNull();
    });
  });

  it("lose nothing to each other: theirs is taken, other changes stay as typed", async () => {
    const { user, instrument, updates } = await stimulusForm();
    const bar = await retype(user, "Bar width", "25");
    await retype(user, "Drift", "12");
    instrument.configuration.change({ [BAR]: 30 }, "browser page");
    await user.click(await controlOf(bar).findByRole("button", { name: "Use theirs" }));
    expect(bar.value).toBe("30");
    expect((await field("Drift")).value).toBe("12");
    expect(updates()).toHaveLength(0);
  });

  it("do not stand in each other's way in different fields", async () => {
    const { user, instrument, settings } = await stimulusForm();
    const bar = await retype(user, "Bar width", "25");
    instrument.configuration.change({ "stimulus.gamma": 1.8 }, "browser page");
    await waitFor(async () => {
      expect((await field("Gamma")).value).toBe("1.8");
    });
    await user.type(bar, "{Enter}");
    await waitFor(() => {
      expect(settings()?.stimulus).toMatchObject({ barWidthDeg: 25, gamma: 1.8 });
    });
  });

  it("are told even when one was faster by less than the news took", async () => {
    const { user, instrument, updates, settings } = await stimulusForm();
    const bar = await retype(user, "Bar width", "25");
    instrument.configuration.beforeUpdate = () => {
      instrument.configuration.beforeUpdate = () => undefined;
      instrument.configuration.change({ [BAR]: 30 }, "browser page");
    };
    await user.type(bar, "{Enter}");
    await controlOf(bar).findByText("30 °");
    expect(updates()).toHaveLength(1);
    expect(bar.value).toBe("25");
    expect(settings()?.stimulus?.barWidthDeg).toBe(30);
  });
});

describe("one window", () => {
  it("is never in its own way: quick choices take turns, and each is made on what the one before gave", async () => {
    const { user, instrument, settings, updates } = await acquisitionForm();
    const directions = screen.getByRole("group", { name: "Directions" });
    let answer: () => void = () => undefined;
    instrument.configuration.answersAfter = new Promise<void>((resolve) => (answer = resolve));
    await user.click(within(directions).getByRole("checkbox", { name: /Left to right/ }));
    await waitFor(() => {
      expect(settings()?.acquisition?.directions).toEqual([2, 3, 4]);
    });
    // The news is there before the answer.
    await user.click(within(directions).getByRole("checkbox", { name: /Top to bottom/ }));
    expect(updates()).toHaveLength(1);
    expect(screen.queryByRole("button", { name: "Use mine" })).toBeNull();
    answer();
    await waitFor(() => {
      expect(settings()?.acquisition?.directions).toEqual([2, 4]);
    });
    await waitFor(() => {
      expect(screen.queryByText(/not applied/)).toBeNull();
    });
    expect(updates()).toHaveLength(2);
    expect(screen.queryByRole("button", { name: "Use mine" })).toBeNull();
  });

  it("does not take its own undo for somebody else's change", async () => {
    const { user, settings, show } = await stimulusForm();
    show([<UndoRedo key="undo" />, STIMULUS]);
    const bar = await retype(user, "Bar width", "25{Enter}");
    const undo = await screen.findByRole("button", { name: "Undo: Bar width" });
    await retype(user, "Bar width", "30");
    await user.click(undo);
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(20);
    });
    await waitFor(() => {
      expect(screen.queryByRole("button", { name: "Undo: Bar width" })).toBeNull();
    });
    expect(screen.queryByRole("button", { name: "Use mine" })).toBeNull();
    await user.type(bar, "{Enter}");
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(30);
    });
  });
});

describe("in a run", () => {
  it("what it needs is fixed and says so, what may change stays", async () => {
    const { user, settings, show } = await stimulusForm(({ configuration }) => configuration.holdForRun(true));
    expect((await field("Bar width")).disabled).toBe(true);
    expect(screen.getByText("Bar width").title).toContain("A run goes on");
    expect(screen.getAllByText("A run goes on: what it needs is fixed until it has ended.").length).toBeGreaterThan(0);
    show(SESSION);
    const notes = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Notes" });
    await user.type(notes, "calm{Enter}since ten{Control>}{Enter}{/Control}");
    await waitFor(() => {
      expect(settings()?.session?.notes).toBe("calm\nsince ten");
    });
  });
});

describe("several choices in an order", () => {
  it("are moved and left out, but never all of them", async () => {
    const { user, settings } = await acquisitionForm();
    const directions = await screen.findByRole("group", { name: "Directions" });
    await user.click(within(directions).getByRole("button", { name: "Left to right later" }));
    await waitFor(() => {
      expect(settings()?.acquisition?.directions).toEqual([2, 1, 3, 4]);
    });
    for (const name of [/Right to left/, /Left to right/, /Top to bottom/]) {
      await user.click(within(directions).getByRole("checkbox", { name }));
    }
    await waitFor(() => {
      expect(settings()?.acquisition?.directions).toEqual([4]);
    });
    await user.click(within(directions).getByRole("checkbox", { name: /Bottom to top/ }));
    expect(await screen.findByText("Directions: choose one at least.")).toBeTruthy();
    expect(settings()?.acquisition?.directions).toEqual([4]);
    await user.click(within(directions).getByRole("checkbox", { name: /Top to bottom/ }));
    await waitFor(() => {
      expect(settings()?.acquisition?.directions).toEqual([3]);
    });
  });

  it("are moved by keys too", async () => {
    const { user, settings } = await acquisitionForm();
    const directions = await screen.findByRole("group", { name: "Directions" });
    within(directions)
      .getByRole("checkbox", { name: /Bottom to top/ })
      .focus();
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    await waitFor(() => {
      expect(settings()?.acquisition?.directions).toEqual([1, 2, 4, 3]);
    });
  });
});

describe("undo and redo", () => {
  it("are named, and have keys where no text is typed", async () => {
    const { user, settings, show } = await stimulusForm();
    show([<UndoRedo key="undo" />, STIMULUS]);
    const bar = await retype(user, "Bar width", "25{Enter}");
    const undo = await screen.findByRole("button", { name: "Undo: Bar width" });
    bar.focus();
    await user.keyboard("{Control>}z{/Control}");
    expect(settings()?.stimulus?.barWidthDeg).toBe(25);
    undo.focus();
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(20);
    });
    (await screen.findByRole("button", { name: "Redo: Bar width" })).focus();
    await user.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    await waitFor(() => {
      expect(settings()?.stimulus?.barWidthDeg).toBe(25);
    });
  });
});

describe("what follows", () => {
  it("is shown as it is, and as it would be with what is typed", async () => {
    const { user } = await acquisitionForm();
    const figures = screen.getByRole("region", { name: "What follows" });
    expect(within(figures).getByText("Sweeps in all").nextElementSibling?.textContent).toBe("40");
    const sweeps = screen.getByRole("spinbutton", { name: "Sweeps" });
    await user.clear(sweeps);
    await user.type(sweeps, "5");
    await waitFor(() => {
      expect(within(figures).getByText("Sweeps in all").nextElementSibling?.textContent).toBe("40 would be 20");
    });
    // Beside the button that applies it, wherever the figures themselves have been scrolled to.
    expect(screen.getByRole("status", { name: "What would follow" }).textContent).toContain("Sweeps in all 20 · Run ");
    await user.type(sweeps, "{Enter}");
    await waitFor(() => expect(within(figures).getByText("Sweeps in all").nextElementSibling?.textContent).toBe("20"));
    expect(screen.queryByRole("status", { name: "What would follow" })).toBeNull();
  });
});
