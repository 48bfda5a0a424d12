/** The operator window in jsdom, on an instrument in memory. Files that use it start with "@vitest-environment jsdom". */
import "./page-globals";
import { cleanup, configure, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, vi } from "vitest";
import { makeStore, mirrorInstrument } from "../../../src/mirror";
import type { MirrorStore } from "../../../src/mirror";
import { OperatorWindow } from "../../../src/renderer/operator/operator-window";
import { FakeInstrument } from "./fake-instrument";

// The whole window on a machine that has other things to do: how long that takes is not what is tested.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

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
