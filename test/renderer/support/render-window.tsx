/** The operator window in jsdom, on an instrument in memory. Files that use it start with "@vitest-environment jsdom". */
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach } from "vitest";
import { makeStore, mirrorInstrument } from "../../../src/mirror";
import type { MirrorStore } from "../../../src/mirror";
import { OperatorWindow } from "../../../src/renderer/operator/operator-window";
import { FakeInstrument } from "./fake-instrument";

/** What jsdom does not have and the component library asks for. */
const missing = {
  ResizeObserver: class {
    readonly observe = nothing;
    readonly unobserve = nothing;
    readonly disconnect = nothing;
  },
  matchMedia: (media: string) => ({ media, matches: false, addEventListener: nothing, removeEventListener: nothing }),
};
function nothing(): void {
  // jsdom lays nothing out, so nothing ever changes.
}
const page = globalThis as unknown as Record<string, unknown>;
for (const [name, value] of Object.entries(missing)) page[name] ??= value;
if (!("scrollIntoView" in Element.prototype)) Object.assign(Element.prototype, { scrollIntoView: nothing });

const stops: (() => void)[] = [];
afterEach(() => {
  cleanup();
  for (const stop of stops.splice(0)) stop();
});

export interface RenderedWindow {
  readonly instrument: FakeInstrument;
  readonly store: MirrorStore;
  readonly user: ReturnType<typeof userEvent.setup>;
}

/** Opens a tab of the right side. */
export async function openTab(user: RenderedWindow["user"], name: string): Promise<void> {
  await user.click(screen.getByRole("tab", { name }));
}

/** Renders the window; `prepare` sets the instrument before anything is watched. */
export function renderWindow(prepare: (instrument: FakeInstrument) => void = () => undefined): RenderedWindow {
  const instrument = new FakeInstrument();
  prepare(instrument);
  const store = makeStore({ clients: instrument.clients });
  stops.push(mirrorInstrument(store, instrument));
  const access = { clients: instrument.clients, countSkips: () => ({ skipped: () => 0 }) };
  render(<OperatorWindow store={store} instrument={access} env="test" />);
  return { instrument, store, user: userEvent.setup({ delay: null }) };
}
