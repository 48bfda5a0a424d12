import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draftsDropped, draftTyped } from "../../src/mirror/configuration-drafts-slice";
import { configurationArrived, plainConfiguration } from "../../src/mirror/configuration-slice";
import { judgeDrafts } from "../../src/mirror/judge-drafts";
import { makeMirror } from "../renderer/support/mirrored";

const BAR = "stimulus.bar_width_deg";

let stop: (() => void) | undefined;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  stop?.();
  vi.useRealTimers();
});

function judged() {
  const { instrument, store } = makeMirror();
  const arrive = () => {
    const state = plainConfiguration(instrument.configuration.states.current);
    store.dispatch(configurationArrived({ state, epoch: "1", receivedAtMs: 0 }));
  };
  arrive();
  stop = judgeDrafts(store, instrument.clients.configuration);
  const type = (path: string, text: string) =>
    store.dispatch(draftTyped({ path, text, was: store.getState().configuration.current?.state.values[path] ?? null }));
  const evaluations = () => instrument.asked.filter(({ method }) => method === "evaluateConfiguration").length;
  return { instrument, store, type, evaluations, arrive, drafts: () => store.getState().configurationDrafts };
}

describe("judgeDrafts", () => {
  it("asks once, a moment after the last key", async () => {
    const { type, evaluations, drafts } = judged();
    for (const text of ["1", "14", "14.", "14.5"]) {
      type(BAR, text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(evaluations()).toBe(0);
    await vi.advanceTimersByTimeAsync(60);
    expect(evaluations()).toBe(1);
    expect(drafts().problems).toEqual({});
    expect(drafts().derived?.horizontal_sweep_deg).not.toBe(undefined);
  });

  it("tells what is wrong here and what only the whole tells, at the field that it is about", async () => {
    const { type, drafts } = judged();
    type(BAR, "wide");
    type("stimulus.contrast", "0.8");
    await vi.advanceTimersByTimeAsync(150);
    expect(drafts().problems[BAR]).toBe("Bar width is a number.");
    expect(drafts().problems["stimulus.background"]).toMatch(/^Background .*contrast/);
  });

  it("lets the newest win over an answer that is late", async () => {
    const { instrument, type, drafts } = judged();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const ask = instrument.clients.configuration.evaluateConfiguration.bind(instrument.clients.configuration);
    let calls = 0;
    instrument.clients.configuration.evaluateConfiguration = async (request) => {
      calls += 1;
      if (calls === 1) await held;
      // The late one answers though nobody waits for it any more.
      return ask(request);
    };
    type("stimulus.contrast", "0.8");
    await vi.advanceTimersByTimeAsync(150);
    type("stimulus.contrast", "0.3");
    await vi.advanceTimersByTimeAsync(150);
    expect(calls).toBe(2);
    expect(drafts().problems).toEqual({});
    release();
    await vi.advanceTimersByTimeAsync(10);
    expect(drafts().problems).toEqual({});
  });

  it("judges again when somebody else changes what it is judged with", async () => {
    const { instrument, type, drafts, arrive } = judged();
    type("stimulus.contrast", "0.45");
    await vi.advanceTimersByTimeAsync(150);
    expect(drafts().problems).toEqual({});
    instrument.configuration.change({ "stimulus.contrast": 0.3, "stimulus.background": 0.4 }, "Anna");
    arrive();
    await vi.advanceTimersByTimeAsync(150);
    expect(drafts().problems["stimulus.background"]).toContain("contrast");
  });

  it("asks nobody when nothing is typed any more, or nothing that can be read", async () => {
    const { store, type, evaluations, drafts } = judged();
    type(BAR, "21");
    store.dispatch(draftsDropped([BAR]));
    await vi.advanceTimersByTimeAsync(500);
    type(BAR, "400");
    await vi.advanceTimersByTimeAsync(150);
    expect(evaluations()).toBe(0);
    expect(drafts().problems[BAR]).toBe("Bar width can be 0.1 to 180 °.");
  });

  it("tells what is known here when nobody answers", async () => {
    const { instrument, type, drafts } = judged();
    instrument.refusals.set("evaluateConfiguration", new ConnectError("No worker.", Code.Unavailable));
    type(BAR, "400");
    type("stimulus.gamma", "1.8");
    await vi.advanceTimersByTimeAsync(150);
    expect(drafts().problems).toEqual({ [BAR]: "Bar width can be 0.1 to 180 °." });
    expect(drafts().derived).toBeNull();
  });
});
