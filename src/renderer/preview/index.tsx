/** The preview window's entry: connects, follows, draws. `?region=` names the region that it shows. */
import "@mantine/core/styles.css";
import "../shared/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { messagePortLink, requestPort } from "../../links";
import { makeStore, mirrorPicture } from "../../mirror";
import { connectInstrument } from "../shared/connect-instrument";
import { byPort } from "./follow-view";
import { PreviewWindow } from "./preview-window";

/** The preload answers at once; a page without one is not in our program. */
const PORT_WITHIN_MS = 10_000;

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const regionId = new URLSearchParams(location.search).get("region") ?? "";
const instrument = connectInstrument({
  openLink: async () => messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS))),
  label: "preview window",
  build: "macroscope preview window",
});
const store = makeStore({ clients: instrument.clients });
mirrorPicture(store, instrument);
createRoot(root).render(
  <StrictMode>
    <PreviewWindow
      store={store}
      instrument={instrument}
      regionId={regionId}
      openOperatorLink={byPort}
      styleNonce={nonce}
    />
  </StrictMode>,
);
