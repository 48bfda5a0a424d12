// The program behind `npm run dev:browser`, to be run in Node 24 after the set-up: starts worker and page, says how to get in, ends both on Ctrl-C.
import path from "node:path";
import { parseArgs } from "node:util";
import { inProject } from "../support/project.mjs";
import { PageServer } from "./page-server.mjs";
import { BrowserWorker } from "./worker.mjs";

const options = /** @type {const} */ ({
  // Where the worker keeps its files, and the recordings; by default .cache/browser here, and the user's own folder for recordings.
  folder: { type: "string" },
  // The page's port; by default 5173, or the next that is free.
  port: { type: "string" },
});

async function main() {
  const { folder, port } = parseArgs({ options }).values;
  const runtime = folder === undefined ? inProject(".cache", "browser", "run") : path.resolve(folder, "run");
  const recordings = folder === undefined ? undefined : path.resolve(folder, "recordings");

  const server = new PageServer(path.join(runtime, "websocket.json"));
  const origin = await server.start(port === undefined ? undefined : portOf(port));
  const worker = new BrowserWorker({ runtime, recordings, origin });

  let ended = false;
  const end = async (/** @type {number} */ code) => {
    if (ended) return;
    ended = true;
    await Promise.all([worker.end(), server.end()]);
    process.exit(code);
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => void end(0));

  worker.onOpen = (address, again) => {
    server.address = address;
    console.log(again ? "\nThe worker was started again; its tokens are new:" : "\nMacroscope in a browser");
    console.log(`
  Open    ${origin}/
  Token   operator_token (or viewer_token, who may only look) in
          ${worker.tokenFile}

Ctrl-C ends the page and the worker.`);
  };
  worker.onGivenUp = (reason) => {
    console.error(`\n${reason}`);
    void end(1);
  };
  worker.start();
}

/** @param {string} text */
function portOf(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${text} is no port: one is a number up to 65535, and 0 is any that is free.`);
  return port;
}

try {
  await main();
} catch (error) {
  // Such as a port that is taken: a sentence for whoever typed the command. There is no worker yet.
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
