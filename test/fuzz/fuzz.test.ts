import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fuzzFrames, noCounts } from "./fuzz-frames";
import { fuzzSequences, heard } from "./fuzz-sequences";
import { MESSAGE_MUTATIONS, FRAME_MUTATIONS } from "./mutations";
import { PythonSide } from "./python-side";
import { Random } from "../simulation/random";
import type { Side } from "./sequences";
import { shrunk } from "./shrink";
import { verdictOf } from "./verdict";

const FRAMES = 18_000;
const FRAMES_IN_SEQUENCES = 1_000;
const SEED = 20_250;

interface Regressions {
  readonly frames: readonly { readonly name: string; readonly hex: string; readonly verdict: string }[];
  readonly sequences: readonly {
    readonly name: string;
    readonly side: Side;
    readonly hex: readonly string[];
    readonly heard: string;
  }[];
}

const regressions = JSON.parse(readFileSync(path.join(import.meta.dirname, "regressions.json"), "utf8")) as Regressions;
const unhex = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

describe("frames by chance, in both languages", () => {
  const python = new PythonSide();
  afterAll(() => python.close());

  it("get the same verdict, and nothing crashes", { timeout: 60_000 }, async () => {
    const counts = noCounts();
    const found = await fuzzFrames(python, SEED, FRAMES, counts);
    expect(found).toEqual([]);
    expect(counts.frames).toBe(FRAMES);
    expect(counts.excused).toBeLessThan(10);
    const words = [
      "truncated",
      "magic",
      "layout",
      "lane",
      "too-large",
      "trailing",
      "padding",
      "envelope",
      "rules",
      "read",
    ];
    expect(words.filter((word) => (counts.verdicts.get(word) ?? 0) < 10)).toEqual([]);
    const mutations = [...Object.keys(MESSAGE_MUTATIONS), ...Object.keys(FRAME_MUTATIONS)];
    expect(mutations.filter((name) => (counts.mutations.get(name) ?? 0) < 100)).toEqual([]);
  });

  it.each(["server", "client"] as const)("do the same to an open %s", { timeout: 60_000 }, async (side) => {
    const words = new Map<string, number>();
    const found = await fuzzSequences(python, SEED, side, FRAMES_IN_SEQUENCES, (_, line) => {
      for (const [word] of line.matchAll(/[a-zA-Z]+/g)) {
        words.set(word, (words.get(word) ?? 0) + 1);
      }
    });
    expect(found).toEqual([]);
    const expected =
      side === "server" ? ["hello", "status", "message", "pong", "closed"] : ["opened", "got", "ended", "closed"];
    expect(expected.filter((word) => (words.get(word) ?? 0) < 10)).toEqual([]);
  });
});

describe("what was once understood differently", () => {
  it.each(regressions.frames)("$name", ({ hex, verdict }) => {
    expect(verdictOf(unhex(hex), true)).toBe(verdict);
  });

  it.each(regressions.sequences)("$name", async ({ side, hex, heard: expected }) => {
    expect(await heard(side, hex.map(unhex))).toBe(expected);
  });
});

describe("making a find smaller", () => {
  it("leaves only what is needed", async () => {
    const bytes = new Random(1).bytes(500);
    bytes.set([1, 2, 3], 250);
    const holds = async (some: Uint8Array) => Buffer.from(some).includes(Buffer.from([1, 2, 3]));
    expect([...(await shrunk(bytes, holds))]).toEqual([1, 2, 3]);
  });
});
