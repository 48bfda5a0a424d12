/** Passes the bench's ports to its page, and lets the peers' pages use Electron's own channel, as their users would. */
import { contextBridge, ipcRenderer } from "electron";
import type { PeerBridge } from "../page/actions";

window.addEventListener("message", (event) => {
  if (event.source === window && event.data === "bench:ask") ipcRenderer.send("bench:ports");
});

ipcRenderer.on("bench:ports", (event) => {
  window.postMessage("bench:ports", "*", event.ports);
});

const bridge: PeerBridge = {
  invoke: (channel, argument) => ipcRenderer.invoke(channel, argument),
  send: (channel, argument) => {
    ipcRenderer.send(channel, argument);
  },
  on: (channel, listener) => {
    ipcRenderer.removeAllListeners(channel);
    ipcRenderer.on(channel, (_event, message: unknown) => {
      listener(message);
    });
  },
};

contextBridge.exposeInMainWorld("peerBridge", bridge);
