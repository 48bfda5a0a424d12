import { create, toBinary } from "@bufbuild/protobuf";
import {
  CallRequestSchema,
  ConformanceService,
  InstructionsSchema,
} from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { SCHEMA_DIGEST } from "../../gen/ts/macroscope/schema-digest";
import { encodeFrame, PROTOCOL } from "../../src/rpc";
import { encodeEnvelope } from "../../src/rpc/envelope";
import type { EnvelopeKindInit } from "../../src/rpc/envelope";
import type { Random } from "../simulation/random";
import { MESSAGE_MUTATIONS } from "./mutations";
import { randomMessageBytes } from "./random-message";

/** Which end of a connection hears a sequence. */
export type Side = "server" | "client";

const METHODS = [
  ...ConformanceService.methods.map(({ parent, name }) => `/${parent.typeName}/${name}`),
  "/macroscope.conformance.v1.ConformanceService/Unknown",
  "/nobody.Knows/It",
  "nothing",
];
const MOST_FRAMES = 14;

/** What an honest peer says first. */
function honestHello(): EnvelopeKindInit {
  const { major: protocolMajor, minor: protocolMinor } = PROTOCOL;
  const value = { protocolMajor, protocolMinor, schemaDigest: SCHEMA_DIGEST, build: "fuzz 1", role: Role.OPERATOR };
  return { case: "hello", value };
}

/** Frames for one end of a connection: a conversation as it might be, with frames in it that have no place or no form. */
export function sequence(random: Random, side: Side): Uint8Array[] {
  const frames = random.chance(0.95) ? [frameOf(random, hello(random))] : [];
  let lastCall = 0;
  for (let count = random.whole(1, MOST_FRAMES); count > 0; count--) {
    if (random.chance(0.03)) {
      frames.push(encodeFrame(random.whole(1, 4), 1, randomMessageBytes(EnvelopeSchema, random)));
      continue;
    }
    const call = random.chance(0.9)
      ? random.whole(1, Math.max(4, lastCall))
      : random.pick([0, lastCall + 1, 70_000, 0xffff_ffff]);
    if (side === "client") {
      frames.push(frameOf(random, fromServer(random, call), random.chance(0.3) ? tail(random) : undefined));
    } else if (random.chance(0.45)) {
      lastCall = Math.min(random.chance(0.95) ? lastCall + 1 : call, 0xffff_fffe);
      frames.push(frameOf(random, opening(random, lastCall), random.chance(0.1) ? tail(random) : undefined));
    } else {
      frames.push(frameOf(random, fromClient(random, call), random.chance(0.05) ? tail(random) : undefined));
    }
  }
  return frames;
}

function hello(random: Random): EnvelopeKindInit {
  const honest = honestHello();
  if (random.chance(0.85)) {
    return honest;
  }
  const others = [
    { protocolMajor: random.pick([0, 2, 99]) },
    { protocolMinor: random.pick([0, 2, 99]) },
    { schemaDigest: random.pick(["", "0".repeat(64), "F".repeat(64)]) },
    { role: random.pick([0, 1, 2, 3, 4]) },
    { build: random.pick(["", "x".repeat(200), "x".repeat(201), "\u{1F52C}".repeat(200)]) },
  ];
  return { case: "hello", value: { ...(honest.value as object), ...random.pick(others) } };
}

function opening(random: Random, call: number): EnvelopeKindInit {
  const whole = random.chance(0.9);
  return {
    case: "open",
    value: {
      call,
      method: random.pick(METHODS),
      timeoutMs: random.pick([0, 0, 1_000, 60_000]),
      metadata: random.chance(0.2) ? { "x-a": "b", "X-C": "" } : {},
      message: random.chance(0.95) ? request(random) : random.bytes(random.whole(0, 20)),
      hasMessage: whole || random.chance(0.5),
      halfClose: whole || random.chance(0.5),
      ...(random.chance(0.5)
        ? {
            credit: {
              messages: random.pick([0, 1, 2, 5, 0xffff_ffff]),
              bytes: random.pick([0, 1, 5_000, 0xffff_ffff]),
            },
          }
        : {}),
    },
  };
}

/** A request that all methods of the conformance service read, as their `instructions` have the same number. */
function request(random: Random): Uint8Array {
  const instructions = create(InstructionsSchema, {
    label: random.chance(0.95) ? "fuzz" : "",
    delayMs: random.chance(0.2) ? 100 : 0,
    answers: random.pick([0, 1, 2, 3, 5, 20]),
    payloadBytes: random.pick([0, 1, 100, 3_000]),
    tailBytes: random.chance(0.02) ? random.pick([1_048_576, 1_200_000, 2_500_000]) : random.pick([0, 1, 16, 5_000]),
    waitForEnd: random.chance(0.2),
    breakDown: random.chance(0.05),
    ...(random.chance(0.1) ? { failure: { code: random.pick([0, 1, 5, 14, 16]), message: "as asked" } } : {}),
  });
  return toBinary(CallRequestSchema, create(CallRequestSchema, { instructions }));
}

function fromClient(random: Random, call: number): EnvelopeKindInit {
  switch (random.weighted({ credit: 8, cancel: 4, halfClose: 2, message: 3, other: 5 })) {
    case "credit":
      return {
        case: "credit",
        value: {
          call: random.chance(0.2) ? 0 : call,
          messages: random.pick([0, 1, 3, 0xffff_ffff]),
          bytes: random.pick([0, 1, 10_000, 0xffff_ffff]),
        },
      };
    case "cancel":
      return {
        case: "cancel",
        value: { call, reason: random.pick(["", "because", "y".repeat(1000), "y".repeat(1001)]) },
      };
    case "halfClose":
      return { case: "halfClose", value: { call } };
    case "message":
      return { case: "message", value: { call, message: request(random), last: random.chance(0.2) } };
    default:
      return either(random, call);
  }
}

function fromServer(random: Random, call: number): EnvelopeKindInit {
  switch (random.weighted({ message: 12, status: 4, part: 4, drain: 1, other: 4 })) {
    case "message":
      return {
        case: "message",
        value: {
          call,
          message: random.bytes(random.pick([0, 1, 30])),
          last: random.chance(0.3),
          skipped: random.pick([0n, 0n, 1n, 2n ** 53n - 1n]),
        },
      };
    case "status":
      return {
        case: "status",
        value: {
          call,
          code: random.pick<number>([0, 1, 4, 8, 14, 16, 17]),
          message: random.pick(["", "why"]),
          metadata: random.chance(0.2) ? { "x-a": "b" } : {},
        },
      };
    case "part":
      return {
        case: "part",
        value: {
          call,
          frameBytes: random.pick([16, 17, 40, 64, 1_179_649, 16_777_216, 16_777_217, 0xffff_ffff]),
          offset: random.pick([0, 0, 0, 1, 16, 40]),
        },
      };
    case "drain":
      // Only of servers: whether the link ends with a drained connection is for each medium to say.
      return { case: "goAway", value: { message: "away" } };
    default:
      return either(random, call);
  }
}

function either(random: Random, call: number): EnvelopeKindInit {
  switch (random.weighted({ ping: 6, pong: 3, goAway: 2, hello: 1, open: 1, status: 1, part: 1, credit: 2 })) {
    case "ping":
      return { case: "ping", value: { sentNs: BigInt(random.uint32()) } };
    case "pong":
      return {
        case: "pong",
        value: {
          pingSentNs: BigInt(random.uint32()),
          receivedNs: BigInt(random.uint32()),
          sentNs: BigInt(random.uint32()),
        },
      };
    case "goAway":
      return { case: "goAway", value: { code: random.pick<number>([1, 3, 14, 17]), message: "away" } };
    case "hello":
      return hello(random);
    case "open":
      return opening(random, call);
    case "status":
      return { case: "status", value: { call, code: 5 } };
    case "part":
      return { case: "part", value: { call, frameBytes: 40, offset: 0 } };
    case "credit":
      return { case: "credit", value: { call: random.chance(0.5) ? 0 : call, messages: 1, bytes: 1 } };
  }
}

function tail(random: Random): Uint8Array {
  return random.bytes(random.pick([1, 16, 24, 48]));
}

function frameOf(random: Random, kind: EnvelopeKindInit, tailBytes?: Uint8Array): Uint8Array {
  let envelope = encodeEnvelope(kind);
  if (random.chance(0.04)) {
    envelope = MESSAGE_MUTATIONS[random.pick(Object.keys(MESSAGE_MUTATIONS))]!(envelope, random);
  }
  // As a frame it is always good: others never come so far, their link closes.
  return encodeFrame(random.whole(1, 4), 1, envelope, tailBytes);
}
