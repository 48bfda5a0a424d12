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
  typeOf,
} from "../links/port-messages";

window.addEventListener("message", (event) => {
  const { source } = event;
  const data: unknown = event.data;
  if (source !== window) return;
  if (data === PORT_REQUEST || data === DIRECT_LISTEN) ipcRenderer.send(data);
  const request = typeOf(data) === DIRECT_REQUEST ? readDirectRequest(data) : undefined;
  if (request) ipcRenderer.send(DIRECT_REQUEST, request);
});

ipcRenderer.on(PORT_ANSWER, (event) => {
  window.postMessage(PORT_ANSWER, window.location.origin, event.ports);
});

ipcRenderer.on(PORT_LOST, () => {
  window.postMessage(PORT_LOST, window.location.origin);
});

const told = {
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
