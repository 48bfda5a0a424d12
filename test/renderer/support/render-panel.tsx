/** One panel of a window in jsdom, on an instrument in memory: quicker than the whole window. Files that use it start with "@vitest-environment jsdom". */
import "./page-globals";
import { MantineProvider } from "@mantine/core";
import { cleanup, render } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import type { ReactNode } from "react";
import { Provider } from "react-redux";
import { afterEach } from "vitest";
import { makeStore, mirrorInstrument } from "../../../src/mirror";
import { InstrumentContext } from "../../../src/renderer/shared/instrument-context";
import { ShortcutProvider } from "../../../src/renderer/shared/shortcuts";
import { FakeInstrument } from "./fake-instrument";
import type { RenderedWindow } from "./render-window";

const stops: (() => void)[] = [];
afterEach(() => {
  cleanup();
  for (const stop of stops.splice(0)) stop();
});

/** Renders the panel; `prepare` sets the instrument before anything is watched, `show` puts another panel in its place. */
export function renderPanel(
  panel: ReactNode,
  prepare: (instrument: FakeInstrument) => void = () => undefined,
): RenderedWindow & { readonly show: (other: ReactNode) => void } {
  const instrument = new FakeInstrument();
  prepare(instrument);
  const store = makeStore({ clients: instrument.clients });
  stops.push(mirrorInstrument(store, instrument));
  const access = { clients: instrument.clients, countSkips: () => ({ skipped: () => 0 }) };
  const whole = (inside: ReactNode) => (
    <Provider store={store}>
      <InstrumentContext value={access}>
        <MantineProvider env="test">
          <ShortcutProvider>{inside}</ShortcutProvider>
        </MantineProvider>
      </InstrumentContext>
    </Provider>
  );
  const { rerender } = render(whole(panel));
  return { instrument, store, user: userEvent.setup({ delay: null }), show: (other) => rerender(whole(other)) };
}
