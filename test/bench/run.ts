/**
 * `npm run bench -- [--json FILE]`: what the protocol costs, each case against the least code that could do the same work, in one run.
 *
 * Absolute figures change with the machine and the hour; the ratios do not.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, type InlineConfig } from "vite";
import { CASES, type CaseResult, type Sample, summarise } from "./cases.ts";
import { RESULT_MARK } from "./marks.ts";

const here = import.meta.dirname;
const root = path.join(here, "../..");
const out = path.join(root, ".cache/bench");

function nodeBuild(name: string): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      outDir: path.join(out, "app"),
      emptyOutDir: false,
      target: "node20",
      minify: false,
      lib: {
        entry: path.join(here, `app/${name}.ts`),
        formats: ["cjs"],
        fileName: () => `${name}.cjs`,
      },
      rollupOptions: { external: ["electron", /^node:/] },
    },
    resolve: {
      conditions: ["node", "import", "module", "default"],
      mainFields: ["module", "main"],
    },
  };
}

async function buildAll(): Promise<void> {
  await rm(out, { recursive: true, force: true });
  for (const name of ["main", "preload", "host"]) await build(nodeBuild(name));
  await build({
    configFile: false,
    root: path.join(here, "page"),
    base: "./",
    logLevel: "warn",
    build: {
      outDir: path.join(out, "page"),
      emptyOutDir: true,
      target: "chrome130",
    },
  });
}

/** Electron's executable, as its own package finds it. */
function electronPath(): string {
  const found: unknown = createRequire(import.meta.url)("electron");
  if (typeof found !== "string") throw new Error("The electron package names no executable.");
  return found;
}

function runElectron(userData: string): Promise<Sample[]> {
  const flags = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(
    electronPath(),
    [...flags, "--disable-gpu", `--user-data-dir=${userData}`, path.join(out, "app/main.cjs")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      const line = output.split("\n").find((text) => text.startsWith(RESULT_MARK));
      if (line) resolve(JSON.parse(line.slice(RESULT_MARK.length)) as Sample[]);
      else reject(new Error(`The bench's application ended with code ${String(code)} and no samples.\n${output}`));
    });
  });
}

function print(results: readonly CaseResult[]): void {
  for (const { name, unit, ours, reference, ratio } of results) {
    const goal = CASES.find((each) => each.name === name)?.goal;
    const met = goal && (goal.better === "higher" ? ratio >= goal.ratio : ratio <= goal.ratio);
    const wanted = goal
      ? `goal ${goal.better === "higher" ? "≥" : "≤"} ${goal.ratio.toFixed(2)}: ${met ? "met" : "missed"}`
      : "";
    const figures = `${ours.toFixed(0).padStart(7)} against ${reference.toFixed(0).padStart(7)} ${unit}`;
    console.log(`${name.padEnd(24)} ${figures.padEnd(32)} ratio ${ratio.toFixed(2)}   ${wanted}`);
  }
}

const { values } = parseArgs({ options: { json: { type: "string" } } });
await buildAll();
const userData = await mkdtemp(path.join(tmpdir(), "macroscope-bench-"));
try {
  const cases = summarise(await runElectron(userData));
  print(cases);
  if (values.json) await writeFile(values.json, `${JSON.stringify({ cases }, null, 2)}\n`);
} finally {
  await rm(userData, { recursive: true, force: true });
}
