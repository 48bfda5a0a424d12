// `npm run fuzz -- [--frames N] [--seed S]`: frames by chance into the decoders, and sequences of them into open connections, of both languages. They must
// think the same of each. Of the frames a tenth goes into sequences, half for servers and half for clients.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fuzzFrames, noCounts } from "./fuzz-frames";
import { fuzzSequences } from "./fuzz-sequences";
import { PythonSide } from "./python-side";

const args = process.argv.slice(2);
const option = (name: string, otherwise: number): number => {
  const index = args.indexOf(`--${name}`);
  return index < 0 ? otherwise : Number(args[index + 1]);
};
const frames = option("frames", 100_000);
const seed = option("seed", 1);

const python = new PythonSide();
const counts = noCounts();
const began = performance.now();
let told = began;
let heard = 0;
function tell(more: number): void {
  heard += more;
  const now = performance.now();
  if (now - told > 5_000) {
    told = now;
    const perS = (heard / (now - began)) * 1_000;
    const left = Math.ceil((frames - heard) / perS);
    console.log(`${heard} of ${frames} frames, ${Math.round(perS)} a second, ${left} s left`);
  }
}
const inSequences = Math.ceil(frames / 20);
const found = await fuzzFrames(python, seed, frames - 2 * inSequences, counts, tell);
const words = new Map<string, number>();
const heardOf = (count: number, line: string) => {
  for (const part of line.split(/[|;]/)) {
    const word =
      part
        .replace(/\d+|type\S*/g, "")
        .trim()
        .split(/\s+/)[0] ?? "";
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  tell(count);
};
const different = [
  ...(await fuzzSequences(python, seed, "server", inSequences, heardOf)),
  ...(await fuzzSequences(python, seed, "client", inSequences, heardOf)),
];
python.close();

for (const { hex, done, typescript, python: theirs } of found) {
  console.log(`\nThey disagree (${done.join(", ") || "nothing was done"}):\n  ${hex}`);
  console.log(`  TypeScript: ${typescript}\n  Python:     ${theirs}`);
}
for (const { side, hex, typescript, python: theirs } of different) {
  console.log(`\nThe ${side}s disagree:\n${hex.map((frame) => `  ${frame}`).join("\n")}`);
  console.log(`  TypeScript: ${typescript}\n  Python:     ${theirs}`);
}
if (found.length + different.length > 0) {
  const folder = path.resolve(".cache/fuzz");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `seed-${seed}.json`),
    JSON.stringify({ frames: found, sequences: different }, undefined, 2),
  );
}
const byName = (lines: Map<string, number>) => [...lines].sort(([one], [other]) => one.localeCompare(other));
for (const [title, lines] of [
  ["Done to frames", counts.mutations],
  ["Verdicts", counts.verdicts],
  ["In sequences", words],
] as const) {
  console.log(
    `${title}:\n${byName(lines)
      .map(([name, number]) => `${String(number).padStart(9)}  ${name || "nothing"}`)
      .join("\n")}`,
  );
}
const tookS = (performance.now() - began) / 1_000;
const excused =
  counts.excused > 0 ? ` ${counts.excused} were excused: Python read entries of maps that end too late.` : "";
console.log(
  `${heard} frames in ${tookS.toFixed(1)} s (${Math.round(heard / tookS)} a second); ` +
    `${found.length + different.length} kinds of disagreement.${excused}`,
);
process.exitCode = found.length + different.length > 0 ? 1 : 0;
