/** Frames, one after the other, between a script and a program; see test/vectors/exchanges/README.md. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fromJson, toBinary } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ConformanceService } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import type { ConformanceCase } from "./corpus";
import { lacks } from "./judge";
import { pattern } from "./pattern";
import type { RawPeer } from "./raw-peer";
import { type FrameInit, frameOf, readFrame, registry, type ScriptFrame } from "./script-frame";
import { TOKEN } from "./token";

const folder = path.resolve(import.meta.dirname, "../vectors/exchanges");

/** What else is asked of a frame. */
interface Expected {
  readonly lane?: number;
  readonly tailBytes?: number;
  readonly ignoring?: string;
}

/** One step of the script. */
export type Step =
  /** Sends an envelope: ProtoJSON. */
  | ({ readonly send: JsonObject; readonly times?: number } & FrameInit)
  /** Sends a call of ConformanceService, its request as ProtoJSON in the place of its bytes. */
  | ({ readonly open: JsonObject; readonly request: JsonObject; readonly times?: number } & FrameInit)
  /** Sends bytes, as hexadecimal. */
  | { readonly raw: string }
  /** Sends a frame of the envelope in pieces: of these lengths, the last one as long as the rest. What is named differs from what is right. */
  | ({
      readonly parts: JsonObject;
      readonly pieces: readonly number[];
      readonly wrong?: { readonly call?: number; readonly frameBytes?: number; readonly skip?: number };
      /** Sends these pieces only, from the one up to before the other. */
      readonly only?: readonly [number, number];
    } & FrameInit)
  /** The next frame, those of a kind to be ignored left out, holds at least this. */
  | ({ readonly expect: JsonObject; readonly times?: number } & Expected)
  /** The call's last answer said that it was the last; or the next frame ends the call well. */
  | { readonly expectEnd: number }
  /** The next frames are pieces of a frame that holds this. */
  | { readonly expectParts: JsonObject; readonly tailBytes: number }
  /** The connection is ended for a breach: by a word, or with the link. */
  | { readonly expectBreach: true }
  | { readonly expectClosed: true }
  /** Closes the socket. */
  | { readonly hangUp: true };

/** A script, against a server or a client. */
export interface Exchange {
  readonly name: string;
  /** How far the script goes by itself before the first step; by default to the other's hello. */
  readonly greet?: "nothing" | "link";
  /** The minor version that the script's hello names; by default today's. */
  readonly minor?: number;
  readonly steps: readonly Step[];
  /** Of a client: what it does meanwhile, and what must come of it. */
  readonly client?: Pick<ConformanceCase, "calls" | "refused">;
}

/** The scripts against one side. */
export function exchanges(side: "server" | "client"): Exchange[] {
  return JSON.parse(readFileSync(path.join(folder, `${side}.json`), "utf8")) as Exchange[];
}

const HELLO = {
  protocolMajor: 1,
  protocolMinor: 1,
  schemaDigest: "0123456789abcdef".repeat(4),
  build: "script 1",
  role: "ROLE_HOST",
};

/** Plays a script to a server. Throws where it does not go on as written. */
export async function playToServer({ greet, minor = 1, steps }: Exchange, peer: RawPeer): Promise<void> {
  if (greet !== "nothing") {
    peer.send(frameOf({ authenticate: { token: TOKEN } }, { connection: 0 }));
    await expectNext(peer, { authenticated: {} });
  }
  if (greet === undefined) {
    const open = { connection: 1, role: "ROLE_HOST", label: "script" };
    peer.send(frameOf({ connectionOpen: open }, { connection: 0 }));
    peer.send(frameOf({ hello: { ...HELLO, protocolMinor: minor } }, {}));
    await expectNext(peer, { hello: { protocolMajor: 1 } });
  }
  await play(steps, peer);
}

/** Plays a script to a client. Throws where it does not go on as written. */
export async function playToClient({ greet, minor = 1, steps }: Exchange, peer: RawPeer): Promise<void> {
  if (greet !== "nothing") {
    await expectNext(peer, { authenticate: { token: TOKEN } });
    peer.send(frameOf({ authenticated: { pid: 1, epoch: "1" } }, { connection: 0 }));
    await expectNext(peer, { connectionOpen: { connection: 1 } });
    await expectNext(peer, { hello: { protocolMajor: 1 } });
  }
  if (greet === undefined) {
    peer.send(frameOf({ hello: { ...HELLO, protocolMinor: minor, session: "script", epoch: "1" } }, {}));
  }
  await play(steps, peer);
}

async function play(steps: readonly Step[], peer: RawPeer): Promise<void> {
  for (const [index, step] of steps.entries()) {
    try {
      await playStep(step, peer);
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      throw new Error(`Step ${index}, ${JSON.stringify(step).slice(0, 200)}: ${sentence}`, { cause: error });
    }
  }
}

async function playStep(step: Step, peer: RawPeer): Promise<void> {
  if ("send" in step) {
    for (let time = 0; time < (step.times ?? 1); time++) {
      peer.send(frameOf(step.send, step));
    }
  } else if ("open" in step) {
    for (let time = 0; time < (step.times ?? 1); time++) {
      peer.send(frameOf({ open: opening(step.open, step.request, time) }, step));
    }
  } else if ("raw" in step) {
    peer.send(Buffer.from(step.raw, "hex"));
  } else if ("parts" in step) {
    sendParts(step, peer);
  } else if ("expect" in step) {
    for (let time = 0; time < (step.times ?? 1); time++) {
      await expectNext(peer, step.expect, step);
    }
  } else if ("expectEnd" in step) {
    if (!endedByItself(peer, step.expectEnd)) {
      await expectNext(peer, { status: { call: step.expectEnd, code: "" } });
    }
  } else if ("expectParts" in step) {
    await expectParts(peer, step.expectParts, step.tailBytes);
  } else if ("expectBreach" in step) {
    await expectBreach(peer);
  } else if ("hangUp" in step) {
    peer.close();
  } else {
    while ((await peer.next()) !== undefined) {
      // What was on its way may still come.
    }
  }
}

function opening(open: JsonObject, request: JsonObject, time: number): JsonObject {
  const { method: name, call } = open as { method: string; call: number };
  const method = ConformanceService.methods.find((candidate) => candidate.name === name)!;
  const { padding, ...rest } = request;
  const plain = fromJson(method.input, rest, { registry });
  const bytes = toBinary(
    method.input,
    Object.assign(plain, typeof padding === "number" ? { padding: pattern(padding) } : {}),
  );
  return {
    hasMessage: true,
    halfClose: true,
    ...open,
    call: call + time,
    method: `/${ConformanceService.typeName}/${name}`,
    message: Buffer.from(bytes).toString("base64"),
  };
}

function sendParts(step: Extract<Step, { parts: JsonObject }>, peer: RawPeer): void {
  const { wrong = {}, pieces, only = [0, pieces.length] } = step;
  const frame = frameOf(step.parts, step);
  const call = (Object.values(step.parts)[0] as { call: number }).call;
  let offset = 0;
  for (const [index, length] of pieces.entries()) {
    const piece = frame.subarray(offset, index === pieces.length - 1 ? undefined : offset + length);
    const part = {
      call: wrong.call ?? call,
      frameBytes: index > 0 && wrong.frameBytes !== undefined ? wrong.frameBytes : frame.length,
      offset: offset + (index > 0 ? (wrong.skip ?? 0) : 0),
    };
    const bytes = frameOf({ part }, { lane: step.lane ?? 2, tailBytes: piece.length });
    piece.copy(bytes, bytes.length - piece.length);
    if (index >= only[0] && index < only[1]) {
      peer.send(bytes);
    }
    offset += piece.length;
  }
}

/** What each peer said last. */
const newest = new WeakMap<RawPeer, JsonObject>();

function endedByItself(peer: RawPeer, call: number): boolean {
  return lacks("it", newest.get(peer) ?? null, { message: { call, last: true } }).length === 0;
}

/** What a frame says, pings left out. */
async function nextSaid(peer: RawPeer): Promise<ScriptFrame | undefined> {
  for (;;) {
    const frame = await peer.next();
    if (frame === undefined) {
      return undefined;
    }
    const said = readFrame(frame);
    if (!("ping" in said.json)) {
      newest.set(peer, said.json);
      return said;
    }
  }
}

async function expectNext(
  peer: RawPeer,
  expected: JsonObject,
  { lane, tailBytes, ignoring }: Expected = {},
): Promise<void> {
  let said = await nextSaid(peer);
  while (ignoring !== undefined && said !== undefined && ignoring in said.json) {
    said = await nextSaid(peer);
  }
  if (said === undefined) {
    throw new Error("the socket was closed instead");
  }
  const faults = [
    ...kindFaults(said.json, expected),
    ...(lane === undefined || said.lane === lane ? [] : [`it came on lane ${said.lane}`]),
    ...(tailBytes === undefined || said.tail.length === tailBytes ? [] : [`its tail has ${said.tail.length} bytes`]),
  ];
  if (faults.length > 0) {
    throw new Error(`${faults.join("; ")} (it was ${JSON.stringify(said.json).slice(0, 400)})`);
  }
}

/** A kind without fields has to be there all the same. */
function kindFaults(json: JsonValue, expected: JsonObject): string[] {
  const kinds = Object.keys(expected).filter((kind) => (json as JsonObject)[kind] === undefined);
  return [...kinds.map((kind) => `it is no ${kind}`), ...lacks("it", json, expected)];
}

async function expectParts(peer: RawPeer, expected: JsonObject, tailBytes: number): Promise<void> {
  const pieces: Uint8Array[] = [];
  let whole = Infinity;
  for (let offset = 0; offset < whole;) {
    const said = await nextSaid(peer);
    const part = said?.json.part as { frameBytes?: number; offset?: number } | undefined;
    if (said === undefined || part === undefined) {
      throw new Error(`after ${offset} bytes no part came, but ${JSON.stringify(said?.json).slice(0, 300)}`);
    }
    if ((part.offset ?? 0) !== offset || (offset > 0 && part.frameBytes !== whole) || said.tail.length > 1_048_576) {
      throw new Error(
        `the part at ${offset} of ${whole} says ${JSON.stringify(part)} and has ${said.tail.length} bytes`,
      );
    }
    whole = part.frameBytes ?? 0;
    offset += said.tail.length;
    pieces.push(said.tail);
  }
  const { json, tail } = readFrame(Uint8Array.from(Buffer.concat(pieces)));
  const faults = [
    ...kindFaults(json, expected),
    ...(Buffer.compare(tail, pattern(tailBytes)) === 0 ? [] : [`the tail of ${tail.length} bytes is wrong`]),
  ];
  if (faults.length > 0 || pieces.length < 2) {
    throw new Error(`${faults.join("; ")} (in ${pieces.length} parts)`);
  }
}

async function expectBreach(peer: RawPeer): Promise<void> {
  for (;;) {
    const said = await nextSaid(peer);
    if (said === undefined) {
      return;
    }
    const { goAway, connectionClose } = said.json as {
      goAway?: { code?: string };
      connectionClose?: { code?: string };
    };
    const end = goAway ?? connectionClose;
    if (end?.code === "CODE_INVALID_ARGUMENT") {
      return;
    }
    if (end !== undefined) {
      throw new Error(`it ended otherwise: ${JSON.stringify(said.json).slice(0, 300)}`);
    }
    // Answers that were on their way may still come; that the breach is never answered, is seen at the end.
    if ("pong" in said.json) {
      throw new Error("it goes on as if nothing had happened");
    }
  }
}
