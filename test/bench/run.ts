/**
 * `npm run bench -- [--json FILE] [--only NAME]`: what the protocol costs, each case against its reference, in one run.
 *
 * Absolute figures change with the machine and the hour; the ratios do not.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildPage, buildPrograms } from "./build.ts";
import { CASES, chosenCases, type Sample } from "./cases.ts";
import { runElectron } from "./electron.ts";
import { type BenchOrder, ORDER_VARIABLE, RESULT_MARK } from "./marks.ts";
import { peerPython } from "./peer-python.ts";
import { describe, summarise } from "./result.ts";

const here = import.meta.dirname;
const out = path.join(here, "../../.cache/bench");
const TIMEOUT_MS = 600_000;

const { values } = parseArgs({ options: { json: { type: "string" }, only: { type: "string" } } });
const cases = chosenCases(values.only);
if (cases.length === 0) {
  console.error(`No case begins with "${values.only ?? ""}". There are: ${CASES.map(({ name }) => name).join(", ")}.`);
  process.exit(1);
}
const order: BenchOrder = { cases: cases.map(({ name }) => name), peerPython: await peerPython() };
await rm(out, { recursive: true, force: true });
const entries = ["main", "preload", "host"].map((name) => ({ name, file: path.join(here, `app/${name}.ts`) }));
await buildPrograms(entries, path.join(out, "app"));
await buildPage(path.join(here, "page"), path.join(out, "page"));
const userData = await mkdtemp(path.join(tmpdir(), "macroscope-bench-"));
try {
  const samples = await runElectron({
    program: path.join(out, "app/main.cjs"),
    userData,
    environment: { [ORDER_VARIABLE]: JSON.stringify(order) },
    mark: RESULT_MARK,
    timeoutMs: TIMEOUT_MS,
  });
  const results = summarise(cases, samples as Sample[]);
  for (const result of results) console.log(describe(result));
  if (values.json) await writeFile(values.json, `${JSON.stringify({ cases: results }, null, 2)}\n`);
} finally {
  await rm(userData, { recursive: true, force: true });
}
