/** The bench's Electron main: one window with a sandboxed page, one utility process, and the ports between them. */
import path from "node:path";
import { app, BrowserWindow, ipcMain, MessageChannelMain, utilityProcess } from "electron";
import { RESULT_MARK } from "../marks";

async function run(): Promise<void> {
  await app.whenReady();
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
  await window.loadFile(path.join(__dirname, "../page/index.html"));
  const samples: unknown = await window.webContents.executeJavaScript("window.macroscopeBench()");
  console.log(`${RESULT_MARK}${JSON.stringify(samples)}`);
  host.kill();
  app.quit();
}

run().catch((error: unknown) => {
  console.error(error);
  app.exit(1);
});
