/** The operator window's entry: connects, mirrors, draws. In the application through the preload's port, in a browser over a WebSocket. */
import "@mantine/core/styles.css";
import "../shared/base.css";
import { StrictMode } from "react";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { dialWebSocket, messagePortLink, requestPort, SUBPROTOCOL } from "../../links";
import { makeStore, mirrorInstrument } from "../../mirror";
import { connectInstrument } from "../shared/connect-instrument";
import { ConnectSession } from "../shared/connect-session";
import { readConnectSettings } from "../shared/connect-settings";
import type { ConnectSettings } from "../shared/connect-settings";
import { serveView } from "./features/preview/view-service";
import { BrowserWindow } from "./browser-window";
import { OperatorWindow } from "./operator-window";

/** The preload answers at once; a page without one is not in our program. */
const PORT_WITHIN_MS = 10_000;

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const settings = readConnectSettings(document);
createRoot(root).render(<StrictMode>{settings ? inBrowser(settings) : inApplication()}</StrictMode>);

function inApplication(): ReactNode {
  const instrument = connectInstrument({
    openLink: async () => messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS))),
    label: "operator window",
    build: "macroscope operator window",
  });
  const store = makeStore({ clients: instrument.clients });
  mirrorInstrument(store, instrument);
  serveView(window, store);
  return <OperatorWindow store={store} instrument={instrument} styleNonce={nonce} />;
}

function inBrowser({ address, tokenFile }: ConnectSettings): ReactNode {
  const session = new ConnectSession({
    address,
    dial: (worker, token) => dialWebSocket(() => new WebSocket(worker, SUBPROTOCOL), token),
    storage: sessionStorage,
    label: "operator page in a browser",
    build: "macroscope operator window",
  });
  return <BrowserWindow session={session} tokenFile={tokenFile} styleNonce={nonce} />;
}
