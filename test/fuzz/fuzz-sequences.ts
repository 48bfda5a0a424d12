import { decodeFrame } from "../../src/rpc";
import { decodeEnvelope } from "../../src/rpc/envelope";
import { Random } from "../simulation/random";
import { heardByClient } from "./client-ear";
import type { PythonSide } from "./python-side";
import { sequence } from "./sequences";
import type { Side } from "./sequences";
import { heardByServer } from "./server-ear";

const BATCH = 200;

/** A sequence of which the two languages make different things. */
export interface SequenceDisagreement {
  readonly side: Side;
  /** As few as could be. */
  readonly hex: readonly string[];
  readonly typescript: string;
  readonly python: string;
}

/** What ours makes of a sequence. */
export async function heard(side: Side, frames: readonly Uint8Array[]): Promise<string> {
  try {
    return side === "server" ? await heardByServer(frames) : heardByClient(frames);
  } catch (error) {
    return `crash: ${String(error)}`;
  }
}

/**
 * Gives sequences by chance, with so many frames in all, to one end of a connection in both languages.
 *
 * @param onFrames - told how many frames more were heard.
 */
export async function fuzzSequences(
  python: PythonSide,
  seed: number,
  side: Side,
  frames: number,
  onFrames: (count: number, words: string) => void = () => undefined,
): Promise<SequenceDisagreement[]> {
  const random = new Random(seed, side);
  const found = new Map<string, SequenceDisagreement>();
  for (let done = 0; done < frames;) {
    const sequences = Array.from({ length: BATCH }, () => sequence(random, side));
    const asked = python.ask(side, sequences);
    const ours: string[] = [];
    for (const one of sequences) {
      ours.push(await heard(side, one));
    }
    const theirs = await asked;
    for (const [index, one] of sequences.entries()) {
      done += one.length;
      onFrames(one.length, ours[index]!);
      if (differ(one, ours[index]!, theirs[index]!) && found.size < 40) {
        const smallest = await disagreement(python, side, one);
        const key = difference(smallest);
        if (!found.has(key)) {
          found.set(key, smallest);
        }
      }
    }
  }
  return [...found.values()];
}

/**
 * Whether the two made different things of the frames. When its client says that the connection is to end and no call is open, Python's server closes a link
 * that has only this connection; ours leaves that to the client. Both may.
 */
function differ(frames: readonly Uint8Array[], ours: string, theirs: string): boolean {
  const [ourParts, theirParts] = [ours.split(" | "), theirs.split(" | ")];
  const same = ourParts.every((part, index) => {
    const other = theirParts[index];
    return part === other || (part === "" && other === "closed" && isDraining(frames[index]!));
  });
  return !same || ourParts.length !== theirParts.length || ours.startsWith("crash");
}

function isDraining(bytes: Uint8Array): boolean {
  try {
    const kind = decodeEnvelope(decodeFrame(bytes));
    return kind.case === "goAway" && kind.value.code === 0;
  } catch {
    return false;
  }
}

/** Leaves out frames as long as the two still differ. */
async function disagreement(python: PythonSide, side: Side, frames: Uint8Array[]): Promise<SequenceDisagreement> {
  const both = async (some: readonly Uint8Array[]) =>
    [await heard(side, some), (await python.ask(side, [some]))[0]!] as const;
  let best = frames;
  let [typescript, theirs] = await both(best);
  for (let index = best.length - 1; index >= 0; index--) {
    const fewer = best.filter((_, other) => other !== index);
    const [ours, other] = await both(fewer);
    if (differ(fewer, ours, other)) {
      best = fewer;
      [typescript, theirs] = [ours, other];
    }
  }
  return { side, hex: best.map((frame) => Buffer.from(frame).toString("hex")), typescript, python: theirs };
}

/** The first part in which they differ, without numbers. */
function difference({ typescript, python }: SequenceDisagreement): string {
  const [ours, theirs] = [typescript.split(" | "), python.split(" | ")];
  const index = ours.findIndex((part, at) => part !== theirs[at]);
  return `${ours[index]}//${theirs[index]}`.replace(/\d{2,}/g, "N");
}
