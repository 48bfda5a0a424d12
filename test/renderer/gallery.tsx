/** The operator window on the instrument in memory, in each state worth looking at: gallery.html?state=recording. */
import "@mantine/core/styles.css";
import "../../src/renderer/shared/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeStore, mirrorInstrument } from "../../src/mirror";
import { viewService } from "../../src/renderer/operator/features/preview/view-service";
import { OperatorWindow } from "../../src/renderer/operator/operator-window";
import { PreviewWindow } from "../../src/renderer/preview/preview-window";
import { FakeInstrument } from "./support/fake-instrument";
import { linkToView } from "./support/linked-view";
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
  // "&rate=1": pictures a second, few where drawing them is not what is looked at.
  instrument.run(Number(new URLSearchParams(location.search).get("rate") ?? 30));
  const access = { clients: instrument.clients, countSkips: () => ({ skipped: () => (skipped += 0) }) };
  // "&window=preview" shows the same state as a preview window does; "&region=a" the one of a region.
  const search = new URLSearchParams(location.search);
  const regionId = search.get("region") ?? "";
  const preview = search.get("window") === "preview";
  createRoot(root).render(
    <StrictMode>
      {preview ? (
        <PreviewWindow
          store={store}
          instrument={access}
          regionId={regionId}
          openOperatorLink={linkToView(viewService(makeStore({ clients: instrument.clients })))}
        />
      ) : (
        <OperatorWindow store={store} instrument={access} />
      )}
    </StrictMode>,
  );
}
