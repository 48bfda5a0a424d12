/**
 * `npm run flips -- [--seconds 60] [--threads | --program] [--json FILE]`: how steadily the stimulus is flipped, in the real program with 0, 1 and 4
 * previews, and drawn on the page's thread against in a worker.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildPage, buildPrograms } from "../build";
import { runElectron } from "../electron";
import { ROWS_MARK, SECONDS_VARIABLE, type ThreadRow } from "./order";
import { measureProgram, type ProgramRow } from "./program";
import { cellsOf, SUMMARY_HEADS } from "./summary";

const here = import.meta.dirname;
const out = path.join(here, "../../../.cache/flips");
/** Six rows, and the rounds' warming up. */
const THREADS_TIMEOUT_S = 120;
const BESIDE = { none: "nothing", page: "a busy page", cores: "busy cores" };
const PREVIEWS = [0, 1, 4];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    threads: { type: "boolean", default: false },
    program: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const seconds = Number(values.seconds);
if (!(seconds >= 5)) {
  console.error(`--seconds is ${values.seconds}; a measurement takes at least 5.`);
  process.exit(1);
}

console.log(`Load of this machine before: ${loadavg()[0]?.toFixed(1) ?? "?"}`);
const threads = values.program ? [] : await measureThreads();
if (threads.length > 0) {
  const [row] = threads;
  const size = row ? `${row.widthPx} × ${row.heightPx}` : "";
  console.log(`\nThe glass alone, ${size} drawn by ${row?.renderer ?? ""}, ${seconds} s a row`);
  printTable(
    ["drawn on", "beside", ...SUMMARY_HEADS],
    threads.map(({ thread, load, summary }) => [thread, BESIDE[load], ...cellsOf(summary)]),
  );
}
const program: ProgramRow[] = [];
if (!values.threads) {
  for (const previews of PREVIEWS) program.push(await measureProgram({ previews, seconds }));
  const [first] = program;
  const size = first ? `${first.widthPx} × ${first.heightPx}` : "";
  console.log(`\nThe program, ${size} drawn by ${first?.renderer ?? ""}, ${seconds} s a row`);
  printTable(
    ["previews", ...SUMMARY_HEADS, "preview pictures, Hz", "CPU, % of a core", "clock, ± ms"],
    program.map(({ previews, summary, picturesHz, cpuPercent, clockErrorMs }) => [
      String(previews),
      ...cellsOf(summary),
      picturesHz.toFixed(1),
      cpuPercent.toFixed(0),
      clockErrorMs.toFixed(2),
    ]),
  );
}
console.log(`\nLoad of this machine after: ${loadavg()[0]?.toFixed(1) ?? "?"}`);
if (values.json) await writeFile(values.json, `${JSON.stringify({ threads, program }, null, 2)}\n`);

async function measureThreads(): Promise<readonly ThreadRow[]> {
  await rm(out, { recursive: true, force: true });
  await buildPrograms([{ name: "main", file: path.join(here, "app/main.ts") }], path.join(out, "app"));
  await buildPage(path.join(here, "page"), path.join(out, "page"));
  const userData = await mkdtemp(path.join(tmpdir(), "macroscope-flips-"));
  try {
    const rows = await runElectron({
      program: path.join(out, "app/main.cjs"),
      userData,
      environment: { [SECONDS_VARIABLE]: String(seconds) },
      mark: ROWS_MARK,
      timeoutMs: (seconds * 6 + THREADS_TIMEOUT_S) * 1000,
    });
    return rows as ThreadRow[];
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
}

function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  console.log(line(heads));
  console.log(`| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  for (const row of rows) console.log(line(row));
}
