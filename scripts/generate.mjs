// `npm run generate`: gen/ from proto/, for both languages.
import { generateInto } from "./setup/generated-code.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit({ build: false });
// The set-up generates when proto/ changed; this also puts right what was changed by hand in gen/.
await generateInto(".");
console.log("gen/ is what proto/ says. Commit both.");
