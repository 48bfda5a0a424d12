// @vitest-environment jsdom
import { act, cleanup, render } from "@testing-library/react";
import { Provider } from "react-redux";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeStore } from "../../../../src/mirror";
import { InstrumentContext } from "../../../../src/renderer/shared/instrument-context";
import { usePreviewStream } from "../../../../src/renderer/shared/picture/use-preview-stream";
import { FakeInstrument } from "../../support/fake-instrument";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const sink = { show: () => Promise.resolve() };

function Stream({ width }: { readonly width: number }) {
  usePreviewStream({ maxWidthPx: width, maxHeightPx: 100, maxRateHz: 30 }, sink);
  return null;
}

function renderStream() {
  const instrument = new FakeInstrument();
  const asked: number[] = [];
  const camera = new Proxy(instrument.clients.camera, {
    get: (client, name) =>
      name === "watchPreview"
        ? ({ maxWidthPx }: { readonly maxWidthPx: number }) => {
            asked.push(maxWidthPx);
            return (async function* () {
              await new Promise(() => undefined);
              yield {};
            })();
          }
        : (Reflect.get(client, name) as unknown),
  });
  const store = makeStore({ clients: instrument.clients });
  const access = { clients: { ...instrument.clients, camera }, countSkips: () => ({ skipped: () => 0 }) };
  const page = (width: number) => (
    <Provider store={store}>
      <InstrumentContext value={access}>
        <Stream width={width} />
      </InstrumentContext>
    </Provider>
  );
  const { rerender } = render(page(100));
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  return { asked, pass, change: (width: number) => rerender(page(width)) };
}

describe("usePreviewStream", () => {
  it("waits for the last of changes that follow each other closely", async () => {
    const { asked, pass, change } = renderStream();
    change(101);
    change(102);
    await pass(300);
    expect(asked).toEqual([102]);
  });

  it("does not wait for the end of a long drag", async () => {
    const { asked, pass, change } = renderStream();
    await pass(300);
    for (let width = 101; width <= 120; width += 1) {
      change(width);
      await pass(100);
    }
    // Two seconds of it: what is seen now is asked for all along, and not at every step.
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(asked.length).toBeLessThanOrEqual(6);
    await pass(300);
    expect(asked.at(-1)).toBe(120);
  });
});
