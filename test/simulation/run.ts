// `npm run simulate -- [--only ts|python] [--seeds N] [--first S] [--seed S [--trace]]`: lets simulated worlds live, and says what went wrong in which.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { simulate } from "./simulate";
import type { SimulationResult } from "./simulate";
import { summarize } from "./summary";

/** So many failures are shown with their last lines; of the others only what was wrong. */
const SHOWN_WHOLE = 3;
const TOLD_EVERY_MS = 5_000;

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const index = args.indexOf(`--${name}`);
  return index < 0 ? undefined : args[index + 1];
};

async function simulateTypeScript(first: number, seeds: number, print?: (line: string) => void): Promise<boolean> {
  const began = performance.now();
  const results: SimulationResult[] = [];
  let told = began;
  let failures = 0;
  for (let done = 1; done <= seeds; done++) {
    const result = await simulate(first + done - 1, { print });
    results.push(result);
    if (result.objections.length > 0) {
      failures += 1;
      console.log(`\nSeed ${result.seed} failed:\n${result.objections.map((sentence) => `  ${sentence}`).join("\n")}`);
      if (failures <= SHOWN_WHOLE) {
        console.log(`The last of ${result.lines} lines:\n${result.last.map((line) => `  ${line}`).join("\n")}`);
      }
      console.log(`Again: npm run simulate -- --only ts --seed ${result.seed} --trace\n`);
    }
    const now = performance.now();
    if (now - told > TOLD_EVERY_MS) {
      told = now;
      const leftS = (((now - began) / done) * (seeds - done)) / 1_000;
      console.log(`${done} of ${seeds} seeds, ${Math.ceil(leftS)} s left`);
    }
  }
  console.log(`TypeScript: ${summarize(results, performance.now() - began)}`);
  return failures === 0;
}

function simulatePython(): boolean {
  const root = path.resolve(import.meta.dirname, "../..");
  const program = path.join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const passedOn = args.filter((arg, index) => arg !== "--only" && args[index - 1] !== "--only");
  const { status } = spawnSync(program, ["-m", "tests.simulation.run", ...passedOn], {
    cwd: path.join(root, "python"),
    stdio: "inherit",
  });
  return status === 0;
}

const only = option("only");
const seed = option("seed");
const first = Number(seed ?? option("first") ?? 1);
const seeds = seed === undefined ? Number(option("seeds") ?? 300) : 1;
const print = args.includes("--trace") ? (line: string) => console.log(line) : undefined;

const well = only === "python" || (await simulateTypeScript(first, seeds, print));
const pythonWell = only === "ts" || simulatePython();
process.exitCode = well && pythonWell ? 0 : 1;
