// `npm run dev:browser [-- --folder FOLDER --port PORT]`: the operator's window in a browser, without Electron: a worker with its WebSocket, and Vite's
// development server for the page.
import { becomeBrowserProgram } from "./support/browser-program.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit({ build: false });
process.exitCode = await becomeBrowserProgram(process.argv.slice(2));
