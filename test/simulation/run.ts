// `npm run simulate -- [--seeds N] [--first S] [--seed S [--trace]]`: lets simulated worlds live, and says what went wrong in which.
import { simulate } from "./simulate";
import type { SimulationResult } from "./simulate";
import { summarize } from "./summary";

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const index = args.indexOf(`--${name}`);
  return index < 0 ? undefined : args[index + 1];
};
const seed = option("seed");
const first = Number(seed ?? option("first") ?? 1);
const seeds = seed === undefined ? Number(option("seeds") ?? 300) : 1;
const print = args.includes("--trace") ? (line: string) => console.log(line) : undefined;

/** So many failures are shown with their last lines; of the others only what was wrong. */
const SHOWN_WHOLE = 3;
let failures = 0;
const began = performance.now();
const results: SimulationResult[] = [];
let told = began;
for (let done = 0; done < seeds; done++) {
  const result = await simulate(first + done, { print });
  results.push(result);
  if (result.objections.length > 0) {
    console.log(`\nSeed ${result.seed} failed:\n${result.objections.map((sentence) => `  ${sentence}`).join("\n")}`);
    if (++failures <= SHOWN_WHOLE) {
      console.log(`The last of ${result.lines} lines:\n${result.last.map((line) => `  ${line}`).join("\n")}`);
    }
    console.log(`Again: npm run simulate -- --seed ${result.seed} --trace\n`);
  }
  const now = performance.now();
  if (now - told > 5_000) {
    told = now;
    const leftS = (((now - began) / (done + 1)) * (seeds - done - 1)) / 1000;
    console.log(`${done + 1} of ${seeds} seeds, ${Math.ceil(leftS)} s left`);
  }
}
console.log(summarize(results, performance.now() - began));
process.exitCode = results.some(({ objections }) => objections.length > 0) ? 1 : 0;
