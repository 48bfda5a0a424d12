/** The preview window's entry: connects, follows, draws. `?region=` names the region that it shows. */
import "@mantine/core/styles.css";
import "../shared/base.css";
import { StrictMode } from "react";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { dialWebSocket, messagePortLink, requestPort, SUBPROTOCOL } from "../../links";
import { makeStore, mirrorPicture } from "../../mirror";
import { connectInstrument } from "../shared/connect-instrument";
import { ConnectSession } from "../shared/connect-session";
import { readConnectSettings } from "../shared/connect-settings";
import type { ConnectSettings } from "../shared/connect-settings";
import { BrowserPreview } from "./browser-preview";
import { byPort } from "./follow-view";
import { PreviewWindow } from "./preview-window";

/** The preload answers at once; a page without one is not in our program. */
const PORT_WITHIN_MS = 10_000;
const BUILD = "macroscope preview window";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const regionId = new URLSearchParams(location.search).get("region") ?? "";
const settings = readConnectSettings(document);
createRoot(root).render(<StrictMode>{settings ? inBrowser(settings) : inApplication()}</StrictMode>);

function inApplication(): ReactNode {
  const instrument = connectInstrument({
    openLink: async () => messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS))),
    label: "preview window",
    build: BUILD,
  });
  const store = makeStore({ clients: instrument.clients });
  mirrorPicture(store, instrument);
  return (
    <PreviewWindow
      store={store}
      instrument={instrument}
      regionId={regionId}
      openOperatorLink={byPort}
      styleNonce={nonce}
    />
  );
}

function inBrowser({ address, tokenFile }: ConnectSettings): ReactNode {
  const session = new ConnectSession({
    address,
    dial: (worker, token) => dialWebSocket(() => new WebSocket(worker, SUBPROTOCOL), token),
    storage: sessionStorage,
    label: "preview page in a browser",
    build: BUILD,
    mirror: mirrorPicture,
  });
  return <BrowserPreview session={session} tokenFile={tokenFile} regionId={regionId} styleNonce={nonce} />;
}
