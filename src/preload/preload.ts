/**
 * The only code with Electron in a window: it passes on ports to the host and to other windows at the page's request, and exposes nothing else.
 *
 * Nothing goes over contextBridge, so there is no function for the page to call or to overwrite. What the page says is read anew here and again in main.
 */
import { ipcRenderer } from "electron";
import {
  DIRECT_ANSWER,
  DIRECT_END,
  DIRECT_LISTEN,
  DIRECT_OFFER,
  DIRECT_REFUSAL,
  DIRECT_REQUEST,
  PORT_ANSWER,
  PORT_LOST,
  PORT_REQUEST,
  readDirectAnswer,
  readDirectEnd,
  readDirectOffer,
  readDirectRefusal,
  readDirectRequest,
  readPortAsk,
  typeOf,
} from "../links/port-messages";

const requests = { [PORT_REQUEST]: readPortAsk, [DIRECT_REQUEST]: readDirectRequest };

window.addEventListener("message", (event) => {
  const { source } = event;
  const data: unknown = event.data;
  if (source !== window) return;
  const type = typeOf(data);
  if (type === DIRECT_LISTEN) ipcRenderer.send(DIRECT_LISTEN);
  for (const [asked, read] of Object.entries(requests)) {
    const request = type === asked ? read(data) : undefined;
    if (request) ipcRenderer.send(asked, request);
  }
});

ipcRenderer.on(PORT_LOST, () => {
  window.postMessage(PORT_LOST, window.location.origin);
});

const told = {
  [PORT_ANSWER]: readPortAsk,
  [DIRECT_ANSWER]: readDirectAnswer,
  [DIRECT_REFUSAL]: readDirectRefusal,
  [DIRECT_OFFER]: readDirectOffer,
  [DIRECT_END]: readDirectEnd,
};

for (const [type, read] of Object.entries(told)) {
  ipcRenderer.on(type, (event, data: unknown) => {
    const message = read(data);
    if (message) window.postMessage({ type, ...message }, window.location.origin, event.ports);
  });
}
