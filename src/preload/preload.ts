/**
 * The only code with Electron in a window: it passes on one port to the host for each request of the page, and exposes nothing else.
 *
 * Nothing goes over contextBridge, so there is no function for the page to call or to overwrite.
 */
import { ipcRenderer } from "electron";
import { PORT_ANSWER, PORT_LOST, PORT_REQUEST } from "../links/port-handshake";

window.addEventListener("message", (event) => {
  if (event.source === window && event.data === PORT_REQUEST) ipcRenderer.send(PORT_REQUEST);
});

ipcRenderer.on(PORT_ANSWER, (event) => {
  window.postMessage(PORT_ANSWER, window.location.origin, event.ports);
});

ipcRenderer.on(PORT_LOST, () => {
  window.postMessage(PORT_LOST, window.location.origin);
});
