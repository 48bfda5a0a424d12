// `npm run build`: the app into .vite/, from scratch.
import { buildStamp } from "./setup/app-build.mjs";
import { forgetStep } from "./support/step.mjs";
import { setUpOrExit } from "./setup.mjs";

forgetStep(buildStamp);
await setUpOrExit();
