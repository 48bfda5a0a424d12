// `npm run prove:field [-- --picture FILE]`: proves that a field which is added to the schema is a working control with its rules, and needs no line of
// TypeScript or Python. In a copy of the checkout it edits one .proto, generates, starts worker and page, and uses the control as an operator does.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { CheckoutCopy } from "./field-proof/checkout-copy.mjs";
import { addField, FIELD, PROTO_FILE } from "./field-proof/new-field.mjs";
import { OperatorPage } from "./field-proof/operator-page.mjs";
import { RunningProgram } from "./field-proof/running-program.mjs";
import { chooseChromium } from "./support/chromium.mjs";
import { runOrThrow } from "./support/child.mjs";
import { node24 } from "./support/project.mjs";
import { setUpOrExit } from "./setup.mjs";

const PRESET = "with the new field";
const GOOD = "2.5";
const TOO_MUCH = "99";
const AGAINST_RULE = "2.3";
const RANGE_WORDS = `${FIELD.label} can be ${FIELD.minimum} to ${FIELD.maximum} ${FIELD.unit}.`;
const RULE_WORDS = `${FIELD.label} ${FIELD.ruleWords}.`;

const { picture } = parseArgs({ options: { picture: { type: "string" } } }).values;

await setUpOrExit({ build: false });
const chromium = await chooseChromium();
if ("reason" in chromium) {
  console.error(`There is no Chromium to show the page in: ${chromium.reason}`);
  process.exit(1);
}

const said = (/** @type {string} */ what) => console.log(`  ✓ ${what}`);
const copy = new CheckoutCopy();
/** @type {RunningProgram | undefined} */
let program;
/** @type {OperatorPage | undefined} */
let page;
try {
  await copy.fill();
  addField(copy.folder);
  await copy.generate();
  for (const folder of ["src", "python/src"]) assert.deepEqual(await copy.changedFiles(folder), []);
  assert.deepEqual((await copy.changedFiles("proto")).length, 1);
  said(`one file was edited, ${PROTO_FILE}; src/ and python/src/ are as they were`);

  program = new RunningProgram(copy);
  await program.ready();
  page = await OperatorPage.enter(chromium.executable, program.origin, program.door.operator_token);

  const seen = await page.describe(FIELD.label);
  assert.equal(seen.role, "spinbutton");
  assert.equal(seen.text, `${FIELD.default} ${FIELD.unit}`);
  assert.deepEqual([seen.minimum, seen.maximum], [String(FIELD.minimum), String(FIELD.maximum)]);
  assert.equal(seen.heading, FIELD.group);
  assert.equal(seen.help, FIELD.help);
  assert.ok(seen.slider);
  said(`the control is there, under ${FIELD.group}, with unit, range, default, help and slider: ${seen.text}`);

  await page.enterValue(FIELD.label, TOO_MUCH);
  assert.equal(await page.waitForProblem(FIELD.label, RANGE_WORDS), TOO_MUCH);
  said(`${TOO_MUCH} is refused beside the field, and stays as typed: ${RANGE_WORDS}`);
  const asked = await askWorker(TOO_MUCH);
  assert.equal(asked.code, "InvalidArgument");
  assert.equal(asked.shown, RANGE_WORDS);
  said(`a worker that is asked all the same refuses it too, and a form says it in the same words`);

  await page.typeValue(FIELD.label, AGAINST_RULE);
  await page.waitForProblem(FIELD.label, RULE_WORDS);
  said(`the worker's own rule is told while ${AGAINST_RULE} is typed: ${RULE_WORDS}`);
  await page.enterValue(FIELD.label, AGAINST_RULE);
  assert.equal(await page.waitForProblem(FIELD.label, RULE_WORDS), AGAINST_RULE);
  if (picture) await page.picture(picture);
  said(`and is the reason for which it is refused`);

  await page.enterValue(FIELD.label, GOOD);
  await page.waitForValue(FIELD.label, GOOD);
  said(`${GOOD} is applied`);
  await page.savePreset(PRESET);
  const file = presetFiles(copy.folder).find((one) => readFileSync(one, "utf8").includes("jitter"));
  assert.ok(file, "no preset file names the field");
  said(`a preset keeps it, to be read in its file: ${lineAbout(file)}`);
  await page.reset(FIELD.label);
  await page.waitForValue(FIELD.label, String(FIELD.default));
  said(`its default is one press away`);
  await page.loadPreset(PRESET);
  await page.waitForValue(FIELD.label, GOOD);
  said(`and the preset brings ${GOOD} back`);
  console.log("A field of the schema is a control with its rules; nobody wrote a line for it.");
} catch (error) {
  if (picture && page) await page.picture(picture).catch(() => undefined);
  if (program) console.error(program.log().split("\n").slice(-15).join("\n"));
  console.error(error);
  process.exitCode = 1;
} finally {
  await page?.close();
  await program?.end();
  copy.remove();
}
process.exit();

/**
 * What a worker of the copy says to a value that comes past every form.
 * @param {string} value
 * @returns {Promise<{ code: string, shown: string, message: string }>}
 */
async function askWorker(value) {
  const compiler = path.join(copy.folder, "scripts", "typescript-program.mjs");
  const asking = path.join(copy.folder, "test", "field-proof", "ask-worker.ts");
  const output = await runOrThrow([node24, compiler, asking, FIELD.path, value], {
    cwd: copy.folder,
    env: { PYTHONPATH: copy.pythonPath },
    timeoutMs: 60_000,
  });
  return JSON.parse(output.trim().split("\n").pop() ?? "");
}

/**
 * Files under the copy's own data folder.
 * @param {string} folder
 */
function presetFiles(folder) {
  const run = path.join(folder, ".run");
  return readdirSync(run, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json") && /preset/i.test(name))
    .map((name) => path.join(run, name));
}

/** @param {string} file */
function lineAbout(file) {
  return (
    readFileSync(file, "utf8")
      .split("\n")
      .find((line) => line.includes("jitter")) ?? ""
  ).trim();
}
