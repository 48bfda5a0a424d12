import { Random } from "../simulation/random";
import { specimen } from "./generate";
import type { Specimen } from "./generate";
import type { PythonSide } from "./python-side";
import { shrunk } from "./shrink";
import { verdictOf } from "./verdict";

const BATCH = 2_000;
/** Tags of the maps in envelopes: fields 4 and 5, each with a length. */
const METADATA_OF_OPEN = (4 << 3) | 2;
const METADATA_OF_STATUS = (5 << 3) | 2;

/** Bytes of which the two languages think differently, or which one of them cannot bear. */
export interface Disagreement {
  readonly done: readonly string[];
  /** As small as it could be made. */
  readonly hex: string;
  readonly typescript: string;
  readonly python: string;
}

/** How many frames, with which verdicts, after which mutations. */
export interface FuzzCounts {
  frames: number;
  /** Disagreements that are put up with. */
  excused: number;
  readonly verdicts: Map<string, number>;
  readonly mutations: Map<string, number>;
}

/** Newly made counts. */
export function noCounts(): FuzzCounts {
  return { frames: 0, excused: 0, verdicts: new Map(), mutations: new Map() };
}

/**
 * Gives frames by chance to both decoders.
 *
 * @param onBatch - told after each batch how many frames it had.
 */
export async function fuzzFrames(
  python: PythonSide,
  seed: number,
  frames: number,
  counts: FuzzCounts,
  onBatch: (frames: number) => void = () => undefined,
): Promise<Disagreement[]> {
  const random = new Random(seed, "frames");
  const found = new Map<string, Disagreement>();
  let next = batch(random, Math.min(BATCH, frames));
  let asked = python.ask(
    "frames",
    next.map(({ bytes }) => [bytes]),
  );
  for (let done = 0; done < frames;) {
    const specimens = next;
    // While Python looks at one batch, ours is looked at and the next is made.
    const ours = specimens.map(({ bytes }) => verdictOf(bytes));
    done += specimens.length;
    next = batch(random, Math.min(BATCH, frames - done));
    const theirs = await asked;
    if (next.length > 0) {
      asked = python.ask(
        "frames",
        next.map(({ bytes }) => [bytes]),
      );
    }
    for (const [index, { bytes, done: mutations }] of specimens.entries()) {
      count(counts, ours[index]!, mutations);
      if (ours[index] !== theirs[index] || ours[index]!.startsWith("crash")) {
        if (isExcused(bytes, ours[index]!, theirs[index]!)) {
          counts.excused += 1;
          continue;
        }
        const key = `${word(ours[index]!)}|${word(theirs[index]!)}|${mutations.join("+")}`;
        if (!found.has(key) && found.size < 50) {
          found.set(key, await disagreement(python, bytes, mutations));
        }
      }
    }
    onBatch(specimens.length);
  }
  return [...found.values()];
}

function batch(random: Random, size: number): Specimen[] {
  return Array.from({ length: size }, () => specimen(random));
}

function count(counts: FuzzCounts, verdict: string, mutations: readonly string[]): void {
  counts.frames += 1;
  const add = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1);
  add(counts.verdicts, word(verdict));
  mutations.forEach((name) => add(counts.mutations, name));
}

/** The kind of a verdict. */
function word(verdict: string): string {
  return /^\d/.test(verdict) ? "read" : verdict.replace(/[^a-z-].*/s, "");
}

/**
 * The Python decoder reads on beyond the end of an entry of a map, where the entry has fields of unknown numbers; ours refuses such an envelope. No honest
 * peer sends it, and the stricter end closes the link.
 */
function isExcused(bytes: Uint8Array, ours: string, theirs: string): boolean {
  const mapThere = bytes.includes(METADATA_OF_OPEN) || bytes.includes(METADATA_OF_STATUS);
  return ours === "envelope" && (theirs === "rules" || /^\d/.test(theirs)) && mapThere;
}

async function disagreement(python: PythonSide, bytes: Uint8Array, done: readonly string[]): Promise<Disagreement> {
  const theirs = async (frame: Uint8Array) => (await python.ask("whole frames", [[frame]]))[0]!;
  const kind = async (frame: Uint8Array) => {
    const [ours, other] = [verdictOf(frame, true), await theirs(frame)];
    return ours === other && !ours.startsWith("crash") ? undefined : `${word(ours)}|${word(other)}`;
  };
  const wanted = await kind(bytes);
  const small = await shrunk(bytes, async (frame) => (await kind(frame)) === wanted);
  return {
    done,
    hex: Buffer.from(small).toString("hex"),
    typescript: verdictOf(small, true),
    python: await theirs(small),
  };
}
