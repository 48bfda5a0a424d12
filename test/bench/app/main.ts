/** The bench's Electron main: one window with a sandboxed page, one utility process, and the ports between them. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { app, BrowserWindow, ipcMain, MessageChannelMain, net, protocol, utilityProcess } from "electron";
import { RESULT_MARK } from "../marks";

async function run(): Promise<void> {
  await app.whenReady();
  // A page apart from all others has a clock of 5 µs; any other, files too, has one of 100 µs.
  protocol.handle("bench", async (request) => {
    const file = path.join(__dirname, "../page", new URL(request.url).pathname);
    const answer = await net.fetch(pathToFileURL(file).href);
    const headers = new Headers(answer.headers);
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-embedder-policy", "require-corp");
    return new Response(answer.body, { headers });
  });
  const host = utilityProcess.fork(path.join(__dirname, "host.cjs"), [], {
    stdio: "inherit",
  });
  host.postMessage({ kind: "settings", userData: app.getPath("userData") });
  const window = new BrowserWindow({
    width: 800,
    height: 600,
    webPreferences: {
      preload: path.join(__dirname, "preload.cjs"),
      sandbox: true,
      contextIsolation: true,
      backgroundThrottling: false,
    },
  });
  // The page asks for its two ports: one for the product's protocol, one for the bare side.
  ipcMain.once("bench:ports", (event) => {
    const product = new MessageChannelMain();
    const bare = new MessageChannelMain();
    host.postMessage({ kind: "ports" }, [product.port2, bare.port2]);
    event.sender.postMessage("bench:ports", null, [product.port1, bare.port1]);
  });
  await window.loadURL("bench://page/index.html");
  const samples: unknown = await window.webContents.executeJavaScript("window.macroscopeBench()");
  console.log(`${RESULT_MARK}${JSON.stringify(samples)}`);
  host.kill();
  app.quit();
}

protocol.registerSchemesAsPrivileged([{ scheme: "bench", privileges: { standard: true, secure: true } }]);
run().catch((error: unknown) => {
  console.error(error);
  app.exit(1);
});
