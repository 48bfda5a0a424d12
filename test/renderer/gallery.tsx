/** The operator window on the instrument in memory, in each state worth looking at: gallery.html?state=recording. */
import "@mantine/core/styles.css";
import "../../src/renderer/shared/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeStore, mirrorInstrument } from "../../src/mirror";
import { OperatorWindow } from "../../src/renderer/operator/operator-window";
import { FakeInstrument } from "./support/fake-instrument";
import { SCENES } from "./support/scenes";

const root = document.getElementById("root");
const name = new URLSearchParams(location.search).get("state") ?? "";
const scene = SCENES[name];
if (!root) throw new Error("The page has no root.");
if (!scene) {
  root.innerHTML = Object.keys(SCENES)
    .map((one) => `<p style="padding:0 16px"><a style="color:#acd0c1" href="?state=${one}">${one}</a></p>`)
    .join("");
} else {
  const instrument = new FakeInstrument();
  const store = makeStore({ clients: instrument.clients });
  mirrorInstrument(store, instrument);
  let skipped = 0;
  scene(instrument, store);
  instrument.run();
  const access = { clients: instrument.clients, countSkips: () => ({ skipped: () => (skipped += 0) }) };
  createRoot(root).render(
    <StrictMode>
      <OperatorWindow store={store} instrument={access} />
    </StrictMode>,
  );
}
