import { Ledger } from "./ledger";
import { Random } from "./random";
import { Trace } from "./trace";
import { VirtualTime } from "./virtual-time";
import { World } from "./world";

/** What one seed gave. */
export interface SimulationResult {
  readonly seed: number;
  /** The first things that must not be; empty is well. */
  readonly objections: readonly string[];
  /** Of all that happened. */
  readonly hash: string;
  readonly lines: number;
  readonly last: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  /** Virtual time that passed. */
  readonly lastedMs: number;
}

export interface SimulationOptions {
  /** Gets every line of the trace. */
  readonly print?: ((line: string) => void) | undefined;
}

const MOST_OBJECTIONS = 10;

class Stopped extends Error {}

/** Lets a world live from a seed; the same seed gives the same, line by line. Never rejects. */
export async function simulate(seed: number, { print }: SimulationOptions = {}): Promise<SimulationResult> {
  const time = new VirtualTime();
  const trace = new Trace(() => time.now(), print);
  const objections: string[] = [];
  const object = (sentence: string) => {
    trace.add(`OBJECTION: ${sentence}`);
    objections.push(sentence);
  };
  const random = new Random(seed);
  const falsified = { requests: false, answers: false };
  const ledger = new Ledger(
    object,
    () => time.now(),
    (sentence) => (falsified.requests ? undefined : object(sentence)),
  );
  const restore = forbidRealTime(random.fork("Math.random"), object);
  try {
    const world = new World({ time, random, trace, ledger, object, falsified });
    const afterEach = () => {
      if (objections.length > 0) {
        throw new Stopped();
      }
    };
    await world.run((untilMs) => time.runUntil(untilMs, afterEach));
  } catch (error) {
    if (!(error instanceof Stopped)) {
      object(
        `The simulation itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  } finally {
    restore();
  }
  return {
    seed,
    objections: objections.slice(0, MOST_OBJECTIONS),
    hash: trace.hash,
    lines: trace.lines,
    last: trace.last,
    counts: trace.counts,
    lastedMs: time.now(),
  };
}

/** Whatever asks for real time or real chance would make a seed different each time. */
function forbidRealTime(random: Random, object: (sentence: string) => void): () => void {
  const real = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval, random: Math.random };
  const forbidden = (name: string) => () => {
    object(`The code under simulation used the real ${name}: ${new Error().stack}`);
    return undefined as never;
  };
  globalThis.setTimeout = forbidden("setTimeout") as unknown as typeof setTimeout;
  globalThis.setInterval = forbidden("setInterval");
  Math.random = () => random.fraction();
  return () => {
    globalThis.setTimeout = real.setTimeout;
    globalThis.setInterval = real.setInterval;
    Math.random = real.random;
  };
}
