/** Passes the bench's two ports to its page. */
import { ipcRenderer } from "electron";

window.addEventListener("message", (event) => {
  if (event.source === window && event.data === "bench:ask") ipcRenderer.send("bench:ports");
});

ipcRenderer.on("bench:ports", (event) => {
  window.postMessage("bench:ports", "*", event.ports);
});
