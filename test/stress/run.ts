/**
 * `npm run stress -- [--seconds 60] [--json FILE]`: eight windows, four of them with the live picture, and a thousand commands a second, in the program's
 * own processes. Ends with 1 when a command was lost, answered twice or out of order, when the rate was not reached, or when memory grew.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildPage, buildPrograms } from "../bench/build.ts";
import { runElectron } from "../bench/electron.ts";
import { ORDER_VARIABLE, REPORT_MARK, type StressOrder, type StressReport } from "./order.ts";
import { table } from "./table.ts";
import { faultsOf } from "./verdict.ts";

const here = import.meta.dirname;
const root = path.join(here, "../..");
const out = path.join(root, ".cache/stress");
/** For the start and the end. */
const MARGIN_MS = 90_000;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, json: { type: "string" } } });
const order: StressOrder = { seconds: Number(values.seconds), windows: 8, previews: 4, commandsPerSecond: 1000 };
if (!(order.seconds > 0)) {
  console.error(`--seconds ${values.seconds} is no time.`);
  process.exit(1);
}

await rm(out, { recursive: true, force: true });
const entries = [
  { name: "main", file: path.join(here, "app/main.ts") },
  { name: "host", file: path.join(root, "src/host/host.ts") },
  { name: "preload", file: path.join(root, "src/preload/preload.ts") },
];
await buildPrograms(entries, path.join(out, "build"));
await buildPage(path.join(here, "page"), path.join(out, "renderer/stress"));
const userData = await mkdtemp(path.join(tmpdir(), "macroscope-stress-"));
try {
  const report = (await runElectron({
    program: path.join(out, "build/main.cjs"),
    userData,
    environment: { [ORDER_VARIABLE]: JSON.stringify(order) },
    mark: REPORT_MARK,
    timeoutMs: order.seconds * 1000 + MARGIN_MS,
  })) as StressReport;
  for (const line of table(report, order)) console.log(line);
  const faults = faultsOf(report, order);
  for (const fault of faults) console.log(`✗ ${fault}`);
  if (values.json) await writeFile(values.json, `${JSON.stringify({ order, ...report, faults }, null, 2)}\n`);
  console.log(faults.length === 0 ? "The stress test passed." : "The stress test failed.");
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await rm(userData, { recursive: true, force: true });
}
