// `npm run generate`: gen/ and the schema's reference from proto/.
import { generateInto } from "./setup/generated-code.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit({ build: false });
// The set-up generates when proto/ changed; this also puts right what was changed by hand.
await generateInto(".");
console.log("gen/ and docs/reference/schema/ are what proto/ says. Commit them with it.");
