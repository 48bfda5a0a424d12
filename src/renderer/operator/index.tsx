/** The operator window's entry: connects, mirrors, draws. */
import "@mantine/core/styles.css";
import "../shared/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { messagePortLink, requestPort } from "../../links";
import { makeStore, mirrorInstrument } from "../../mirror";
import { connectInstrument } from "../shared/connect-instrument";
import { OperatorWindow } from "./operator-window";

/** The preload answers at once; a page without one is not in our program. */
const PORT_WITHIN_MS = 10_000;

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");

const instrument = connectInstrument({
  openLink: async () => messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS))),
  label: "operator window",
  build: "macroscope operator window",
});
const store = makeStore({ clients: instrument.clients });
mirrorInstrument(store, instrument);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

createRoot(root).render(
  <StrictMode>
    <OperatorWindow store={store} instrument={instrument} styleNonce={nonce} />
  </StrictMode>,
);
