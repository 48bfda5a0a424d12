/** What a run folder says of its stimulus and its frames: the journal as the program prints it, and the frame table read byte by byte. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { MACROSCOPE } from "./recorded-run";

const run = promisify(execFile);
const MOST_OUTPUT = 256 << 20;

/** One message of the journal: contract messages in protobuf's JSON, so 64-bit numbers are texts. */
export interface Event {
  readonly message: Readonly<Record<string, unknown>>;
}

/** All messages of a topic, in the order in which they lie in the file. */
export async function eventsOf(folder: string, topic: string): Promise<readonly Event[]> {
  const { stdout } = await run(MACROSCOPE, ["events", folder, "--json", "--topic", topic], { maxBuffer: MOST_OUTPUT });
  return (JSON.parse(stdout) as { messages: Event[] }).messages;
}

/** One flip out of the batches. `showing` is that of the run, from 0; undefined is grey. */
export interface RecordedFlip {
  readonly index: number;
  readonly presentedNs: bigint;
  readonly showing: number | undefined;
  readonly angleDeg: number;
  readonly squareBright: boolean;
}

interface Batch {
  readonly firstIndex?: string;
  readonly presentedNs?: readonly string[];
  readonly showing?: readonly number[];
  readonly angleDeg?: readonly number[];
  readonly squareBright?: readonly boolean[];
}

/** Every flip that was recorded, in the file's order. */
export async function flipsOf(folder: string): Promise<readonly RecordedFlip[]> {
  const batches = (await eventsOf(folder, "/stimulus/flips")).map(({ message }) => message as Batch);
  return batches.flatMap(({ firstIndex = "0", presentedNs = [], showing = [], angleDeg = [], squareBright = [] }) =>
    presentedNs.map((ns, place) => ({
      index: Number(firstIndex) + place,
      presentedNs: BigInt(ns),
      showing: showing[place] ? showing[place] - 1 : undefined,
      angleDeg: angleDeg[place] ?? Number.NaN,
      squareBright: squareBright[place] ?? false,
    })),
  );
}

/** A sweep as the workflow said it last. */
export interface RecordedSweep {
  readonly showing: number;
  readonly sweepIndex: number;
  readonly direction: string;
  readonly outcome: string;
  readonly startedNs: bigint;
  readonly endedNs: bigint;
  readonly frames: number;
  readonly flips: number;
}

/** The sweeps of the run, and the steps that the workflow went through, in order, each once. */
export async function workflowOf(
  folder: string,
): Promise<{ sweeps: readonly RecordedSweep[]; steps: string[]; outcome: string }> {
  const runs = (await eventsOf(folder, "/workflow")).flatMap(({ message }) =>
    message.run ? [message.run as Record<string, unknown>] : [],
  );
  const steps = runs.map(({ step }) => String(step)).filter((step, place, all) => step !== all[place - 1]);
  const last = runs.at(-1) ?? {};
  const sweeps = ((last.shown ?? []) as Record<string, unknown>[]).map((sweep) => ({
    showing: Number(sweep.showing ?? 0),
    sweepIndex: Number(sweep.sweepIndex ?? 0),
    direction: String(sweep.direction),
    outcome: String(sweep.outcome),
    startedNs: BigInt(String(sweep.startedNs)),
    endedNs: BigInt(String(sweep.endedNs)),
    frames: Number(sweep.frames ?? 0),
    flips: Number(sweep.flips ?? 0),
  }));
  return { sweeps, steps, outcome: String(last.outcome) };
}

const HEADER_BYTES = 4096;
const RECORD_BYTES = 64;

/** A written frame of the table. */
export interface RecordedFrame {
  readonly frameId: bigint;
  readonly receivedNs: bigint;
}

/** The frames that were written, in the table's order: docs/reference/recording-format.md. */
export async function framesOf(folder: string): Promise<readonly RecordedFrame[]> {
  const table = await readFile(path.join(folder, "frames.table"));
  const frames: RecordedFrame[] = [];
  for (let at = HEADER_BYTES; at + RECORD_BYTES <= table.length; at += RECORD_BYTES) {
    if (table.readUInt8(at + 44) === 0) {
      frames.push({ frameId: table.readBigUInt64LE(at), receivedNs: table.readBigUInt64LE(at + 32) });
    }
  }
  return frames;
}
