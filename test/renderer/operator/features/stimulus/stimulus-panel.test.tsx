// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { create } from "@bufbuild/protobuf";
import { Provider } from "react-redux";
import { afterEach, describe, expect, it } from "vitest";
import { GlassSchema } from "../../../../../gen/ts/macroscope/stimulus/v1/display_pb";
import type { Glass } from "../../../../../gen/ts/macroscope/stimulus/v1/display_pb";
import { FlipFiguresSchema } from "../../../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import type { StimulusState } from "../../../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { WindowKind } from "../../../../../gen/ts/macroscope/window/v1/window_pb";
import { makeStore, mirrorInstrument } from "../../../../../src/mirror";
import { stimulusItem } from "../../../../../src/renderer/operator/features/stimulus/stimulus-figures";
import { StimulusPanel } from "../../../../../src/renderer/operator/features/stimulus/stimulus-panel";
import { StimulusShortcuts } from "../../../../../src/renderer/operator/features/stimulus/stimulus-shortcuts";
import { ShortcutProvider } from "../../../../../src/renderer/shared/shortcuts";
import "../../../support/render-window";
import { FakeInstrument } from "../../../support/fake-instrument";
import { runAt } from "../../../support/fake-run";

const stops: (() => void)[] = [];
afterEach(() => {
  cleanup();
  for (const stop of stops.splice(0)) stop();
});

const FIGURES = create(FlipFiguresSchema, {
  refreshRateHz: 59.941,
  jitterMs: 0.07,
  longestMs: 16.9,
  flips: 7200n,
  missedRefreshes: 3n,
  clock: { offsetNs: -3_600_123_456_789n, errorNs: 41_000n, residualNs: 9000n },
  lastBatchAgeMs: 180,
});

const DISPLAY = {
  $typeName: "macroscope.stimulus.v1.AttachDisplayRequest",
  attachmentId: "attachment-1",
  displayId: "2",
  widthPx: 1920,
  heightPx: 1080,
  renderer: "ANGLE (NVIDIA)",
  fullScreen: true,
} as const;

/** The panel, and what a test makes the stimulus window tell. */
function show(prepare: (instrument: FakeInstrument) => void = () => undefined) {
  const instrument = new FakeInstrument();
  prepare(instrument);
  const store = makeStore({ clients: instrument.clients });
  stops.push(mirrorInstrument(store, instrument));
  const asked: ((glass: Glass | undefined) => void)[] = [];
  const watchGlass = (onGlass: (glass: Glass | undefined) => void) => {
    asked.push(onGlass);
    return () => asked.splice(asked.indexOf(onGlass), 1);
  };
  render(
    <Provider store={store}>
      <MantineProvider env="test">
        <ShortcutProvider>
          <StimulusPanel watchGlass={watchGlass} />
          <StimulusShortcuts />
        </ShortcutProvider>
      </MantineProvider>
    </Provider>,
  );
  const methods = () => instrument.asked.map(({ method }) => method);
  const glass = (one: Parameters<typeof create<typeof GlassSchema>>[1]) =>
    act(() => asked.at(-1)?.(one && create(GlassSchema, one)));
  return { instrument, store, user: userEvent.setup({ delay: null }), asked, glass, methods };
}

function attach(instrument: FakeInstrument, change: Partial<StimulusState> = {}): void {
  instrument.windows.change({
    windows: [{ id: 5, kind: WindowKind.STIMULUS, displayId: "2", fullScreen: true }],
    stimulusDisplayId: "2",
  });
  instrument.stimulus.change({ attached: true, display: DISPLAY, figures: FIGURES, ...change });
}

const standing = () => screen.getByRole("status", { name: "Stimulus" });
const figure = (term: string) =>
  within(screen.getByLabelText("Stimulus figures")).getByText(term).parentElement!.querySelector("dd")!.textContent;

describe("StimulusPanel", () => {
  it("says that no display is chosen, and where to choose it", async () => {
    show();
    await waitFor(() => expect(standing().textContent).toContain("no display"));
    expect(standing().textContent).toContain("Choose it under Geometry.");
  });

  it("opens the window, and closes it", async () => {
    const { instrument, user, methods } = show();
    await user.click(await screen.findByRole("button", { name: "Open stimulus window" }));
    await user.click(await screen.findByRole("button", { name: "Close stimulus window" }));
    await screen.findByRole("button", { name: "Open stimulus window" });
    expect(methods()).toEqual(expect.arrayContaining(["openWindow", "closeWindow"]));
    await user.keyboard("o");
    await waitFor(() => expect(instrument.windows.states.current.windows).toHaveLength(2));
  });

  it("tells of flips that were never reported, and of none where there are none", async () => {
    show((instrument) => attach(instrument, { figures: { ...FIGURES, lostFlips: 12n } }));
    await waitFor(() => expect(standing().textContent).toContain("ready"));
    expect(figure("Lost")).toContain("12 flips were shown and never reported");
    expect(screen.getByRole("note").textContent).toContain("Flips are missing in the journal");
  });

  it("gives the figures of a display that is attached", async () => {
    show(attach);
    await waitFor(() => expect(standing().textContent).toContain("ready"));
    expect(figure("Refresh")).toContain("59.94 Hz measured");
    expect(figure("Jitter")).toContain("0.07 ms");
    expect(figure("Missed")).toContain("3 since the window opened");
    expect(figure("Clock")).toContain("fitted to ± 0.04 ms, residual 0.01 ms");
    expect(screen.getByTitle(/plus -3600.123 s/)).toBeTruthy();
    expect(figure("Screen")).toContain("1920 × 1080 px, full screen");
    expect(screen.queryAllByRole("note")).toHaveLength(0);
  });

  it.each([
    ["with the pixels that a system rounds at a scale of 1.5", { widthPx: 1922, heightPx: 1079 }, undefined],
    ["in another mode", { widthPx: 1920, heightPx: 1050 }, "Configured are 1920 × 1080 px."],
  ])("says of a screen %s what is configured, or nothing", async (_, size, warning) => {
    show((instrument) => attach(instrument, { display: { ...DISPLAY, ...size } }));
    await waitFor(() => expect(standing().textContent).toContain("ready"));
    const warnings = screen.queryAllByRole("note").map(({ textContent }) => textContent);
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
  });

  it("invents no rate where too few flips came to measure one", async () => {
    const { store } = show((instrument) => attach(instrument, { figures: { ...FIGURES, refreshRateHz: 0 } }));
    await screen.findByLabelText("Stimulus figures");
    expect(figure("Refresh")).toContain("being measured");
    expect(stimulusItem(store.getState()).figures).toBe("–, 3 missed");
  });

  it("gives no figures of a worker that is gone", async () => {
    const { instrument } = show(attach);
    await screen.findByLabelText("Stimulus figures");
    instrument.channels.worker.set({ phase: "lost" });
    await waitFor(() => expect(standing().textContent).toContain("The worker does not answer"));
    expect(screen.queryByLabelText("Stimulus figures")).toBeNull();
  });

  it("warns of software rendering, and of a window that does not fill the display", async () => {
    const display = { ...DISPLAY, renderer: "ANGLE (Google, SwiftShader Device)", fullScreen: false };
    const figures = { ...FIGURES, refreshRateHz: 31, jitterMs: 9 };
    show((instrument) => attach(instrument, { display, figures }));
    expect(await screen.findByText(/Software rendering/)).toBeTruthy();
    expect(screen.getByText("The stimulus does not fill the chosen display.")).toBeTruthy();
    // Uneven flips are what software gives: one box says it.
    expect(screen.getAllByRole("note")).toHaveLength(2);
  });

  it("warns of a display that does not do what the system says, and of flips that come unevenly", async () => {
    show((instrument) => attach(instrument, { figures: { ...FIGURES, refreshRateHz: 31, jitterMs: 9 } }));
    expect(await screen.findByText(/does not refresh as the system says/)).toBeTruthy();
    expect(screen.getByText(/Flips come unevenly/)).toBeTruthy();
  });

  it("shows each direction by its key or its button, and stops", async () => {
    const { instrument, user } = show(attach);
    await user.click(await screen.findByRole("button", { name: "Test top to bottom" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Test top to bottom", pressed: true })).toBeTruthy());
    expect(standing().textContent).toContain("Top to bottom, over and over");
    await user.keyboard("6");
    await waitFor(() => expect(screen.getByRole("button", { name: "Test left to right", pressed: true })).toBeTruthy());
    await user.keyboard("5");
    await waitFor(() => expect(standing().textContent).toContain("ready"));
    const directions = instrument.asked.filter(({ method }) => method === "showTest");
    expect(directions.map(({ request }) => (request as { direction: number }).direction)).toEqual([3, 1, 0]);
  });

  it("tests nothing while a run goes on, and asks before it closes the window", async () => {
    const { instrument, user } = show((instrument) => {
      attach(instrument);
      instrument.workflow.change({ run: runAt() });
    });
    await waitFor(() => expect(standing().textContent).toContain("in the run"));
    expect(screen.getByRole("button", { name: "Test left to right" }).hasAttribute("disabled")).toBe(true);
    await user.keyboard("6");
    await user.keyboard("o");
    await user.click(screen.getByRole("button", { name: "Close stimulus window" }));
    expect(screen.getByRole("alert").textContent).toContain("A run goes on");
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Keep it open" }));
    await user.click(screen.getByRole("button", { name: "Keep it open" }));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(instrument.asked.map(({ method }) => method)).not.toContain("closeWindow");
    await user.click(screen.getByRole("button", { name: "Close stimulus window" }));
    await user.click(screen.getByRole("button", { name: "Close it in the run" }));
    await waitFor(() =>
      expect(instrument.asked.at(-1)).toMatchObject({ method: "closeWindow", request: { inRun: true } }),
    );
  });

  it("says why a display was lost and what to do, louder in a run", async () => {
    const lostReason = "The stimulus window was closed, or the connection with it broke.";
    const { instrument } = show((instrument) => instrument.stimulus.change({ attached: false, lostReason }));
    await waitFor(() => expect(standing().textContent).toContain(`${lostReason} Open the stimulus window again.`));
    instrument.workflow.change({ run: runAt() });
    await waitFor(() =>
      expect(standing().textContent).toContain("The run pauses: open the stimulus window again, then resume."),
    );
  });

  it("says that flips do not come any more", async () => {
    show((instrument) => attach(instrument, { figures: { ...FIGURES, lastBatchAgeMs: 4000 } }));
    await waitFor(() => expect(standing().textContent).toContain("has presented nothing for 4.0 s"));
  });

  it("shows what the stimulus window tells, and what the worker asks for when it does not", async () => {
    const { asked, glass } = show(attach);
    const picture = await screen.findByRole("img", { name: "What the animal sees: grey" });
    expect(screen.getByText("as the worker asks for it")).toBeTruthy();
    await waitFor(() => expect(asked).toHaveLength(1));
    glass({ angleDeg: 12.4, direction: 4, reversed: false });
    await waitFor(() =>
      expect(picture.getAttribute("aria-label")).toBe("What the animal sees: bar bottom to top, altitude 12°"),
    );
    expect(screen.getByText("from the stimulus window")).toBeTruthy();
    glass(undefined);
    await screen.findByText("as the worker asks for it");
  });

  it("says why the stimulus window cannot draw, until it can", async () => {
    const { asked, glass } = show(attach);
    await waitFor(() => expect(asked).toHaveLength(1));
    glass({ problem: "The graphics card has reset the drawing." });
    expect((await screen.findByRole("alert")).textContent).toContain("The graphics card has reset the drawing.");
    glass({ problem: "" });
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  });

  it("computes the bar from the worker's clock where the window cannot be asked", async () => {
    const { instrument } = show((instrument) => {
      instrument.channels.worker.set({ clock: { offsetNs: 5_000_000_000n, errorNs: 1000n } });
      instrument.windows.change({ windows: [] });
    });
    const nowNs = BigInt(Math.round(performance.now() * 1e6)) + 5_000_000_000n;
    instrument.stimulus.show({
      sweep: {
        $typeName: "macroscope.stimulus.v1.BarSweep",
        direction: 1,
        fromDeg: 30,
        toDeg: 30.0001,
        startedNs: nowNs - 1_000_000_000n,
        endedNs: nowNs + 60_000_000_000n,
      },
    });
    await screen.findByRole("img", { name: "What the animal sees: bar left to right, azimuth 30°" });
    // A display that has lost its worker shows grey.
    instrument.channels.worker.set({ phase: "lost" });
    await screen.findByRole("img", { name: "What the animal sees: grey" });
  });

  it("has no window to open in a browser", async () => {
    const { store } = show();
    await waitFor(() => expect(store.getState().windows.current).not.toBeNull());
    act(() => void store.dispatch({ type: "windows/windowsAbsent" }));
    expect(screen.getByText(/A browser opens no stimulus window/)).toBeTruthy();
  });
});
