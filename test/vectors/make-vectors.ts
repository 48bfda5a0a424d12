import { create, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { DescMessage, JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { WatchPreviewResponseSchema } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { EchoRequestSchema, FloodResponseSchema } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { LimitExceededSchema, VersionMismatchSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Code, EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Envelope } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { LinkEnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { file_macroscope_rpc_v1_errors } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { createRegistry } from "@bufbuild/protobuf";
import { decodeFrame, encodeFrame } from "../../src/rpc/frame";
import { takeTail } from "../../src/rpc/tail";

/** Types that an Any in a vector may hold. */
export const registry = createRegistry(file_macroscope_rpc_v1_errors);

/** A frame that every decoder reads, and every encoder writes, so and not otherwise. */
export interface FrameVector {
  name: string;
  hex: string;
  header: { lane: number; connection: number; envelopeBytes: number; tailBytes: number };
  type: string;
  envelope: JsonValue;
  tail: string;
}

/** Bytes that every decoder refuses, with the same verdict. */
export interface MalformedVector {
  name: string;
  hex: string;
  verdict: string;
}

/** A message with its tail taken out. */
export interface TailVector {
  name: string;
  type: string;
  message: JsonValue;
  encoded: string;
  tail: string;
}

const DIGEST = "0123456789abcdef".repeat(4);
const bytes = (length: number, first = 0) => Uint8Array.from({ length }, (_, index) => (first + index) & 0xff);
const hex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function frameVector<Desc extends DescMessage>(
  name: string,
  lane: Lane,
  connection: number,
  desc: Desc,
  init: MessageInitShape<Desc>,
  tail = new Uint8Array(0),
): FrameVector {
  const message = create(desc, init);
  const envelope = toBinary(desc, message);
  const frame = encodeFrame(lane, connection, envelope, tail);
  const header = { lane, connection, envelopeBytes: envelope.length, tailBytes: tail.length };
  decodeFrame(frame);
  return {
    name,
    hex: hex(frame),
    header,
    type: desc.typeName,
    envelope: toJson(desc, message, { registry }),
    tail: hex(tail),
  };
}

type Kind = NonNullable<MessageInitShape<typeof EnvelopeSchema>["kind"]>;

function envelope(name: string, kind: Kind, lane: Lane = Lane.COMMAND, connection = 1, tail?: Uint8Array<ArrayBuffer>): FrameVector {
  return frameVector(name, lane, connection, EnvelopeSchema, { kind }, tail);
}

/** All well-formed frames. */
export function frameVectors(): FrameVector[] {
  const echo = toBinary(EchoRequestSchema, create(EchoRequestSchema, { payload: bytes(5, 0xa0) }));
  const flood = toBinary(FloodResponseSchema, create(FloodResponseSchema, { index: 7 }));
  const limit = create(LimitExceededSchema, { limit: "max_request_bytes", allowed: 1048576n, found: 2000000n });
  const mismatch = create(VersionMismatchSchema, { clientMajor: 2, clientBuild: "future 2.0", serverMajor: 1 });
  const clientHello = {
    protocolMajor: 1,
    protocolMinor: 0,
    schemaDigest: DIGEST,
    build: "macroscope 0.1.0",
    role: Role.OPERATOR,
    token: "t".repeat(43),
    label: "operator window 1",
  };
  const serverHello = {
    protocolMajor: 1,
    protocolMinor: 3,
    schemaDigest: DIGEST,
    build: "macroscope-worker 0.1.0",
    session: "b7c0e2c4",
    epoch: 18446744073709551615n,
    role: Role.VIEWER,
    label: "wörker µ",
  };
  const flooded = { case: "message", value: { call: 2, message: flood } } as const;
  const link = (name: string, kind: NonNullable<MessageInitShape<typeof LinkEnvelopeSchema>["kind"]>) =>
    frameVector(name, Lane.COMMAND, 0, LinkEnvelopeSchema, { kind });
  return [
    envelope("hello of a client", { case: "hello", value: clientHello }),
    envelope("hello of a server", { case: "hello", value: serverHello }),
    envelope("open of a unary call", {
      case: "open",
      value: {
        call: 1,
        method: "/macroscope.diagnostics.v1.DiagnosticsService/Echo",
        timeoutMs: 5000,
        message: echo,
        hasMessage: true,
        halfClose: true,
      },
    }),
    envelope(
      "open of a stream with credit and metadata",
      {
        case: "open",
        value: {
          call: 2,
          method: "/macroscope.diagnostics.v1.DiagnosticsService/Flood",
          metadata: { "x-reason": "bench" },
          credit: { messages: 16, bytes: 4194304 },
          hasMessage: true,
          halfClose: true,
        },
      },
      Lane.FRAME,
      0xfedcba98,
    ),
    envelope(
      "open with a tail",
      { case: "open", value: { call: 3, method: "/a.B/C", hasMessage: true } },
      Lane.COMMAND,
      1,
      bytes(3),
    ),
    envelope("message, last", { case: "message", value: { call: 1, message: echo, last: true } }),
    envelope("message of an empty type, last", { case: "message", value: { call: 1, last: true } }, Lane.STOP),
    envelope(
      "message of a latest-wins stream, some skipped",
      { case: "message", value: { call: 4, message: bytes(3, 8), skipped: 9007199254740993n } },
      Lane.STATE,
      300,
    ),
    ...[1, 2, 15, 16, 17, 64].map((length) =>
      envelope(`message with a tail of ${length}`, flooded, Lane.FRAME, 1, bytes(length, 0xf0)),
    ),
    // The padding depends on the envelope's length: 0, 1 and 15 zeros.
    ...[
      { padding: 0, message: 8 },
      { padding: 1, message: 7 },
      { padding: 15, message: 9 },
    ].map(({ padding, message }) =>
      envelope(`message with padding of ${padding}`, padded(message), Lane.FRAME, 2, bytes(4, 1)),
    ),
    envelope("half-close", { case: "halfClose", value: { call: 5 } }),
    envelope("cancel", { case: "cancel", value: { call: 5, reason: "the window closed" } }),
    envelope("status, success", { case: "status", value: { call: 6 } }, Lane.FRAME),
    envelope("status with details and metadata", {
      case: "status",
      value: {
        call: 4294967295,
        code: Code.RESOURCE_EXHAUSTED,
        message: "The request is too large.",
        details: [anyPack(LimitExceededSchema, limit)],
        metadata: { "x-trace": "1" },
      },
    }),
    envelope("credit", { case: "credit", value: { call: 2, messages: 1, bytes: 1048583 } }, Lane.FRAME),
    envelope("ping", { case: "ping", value: { sentNs: 123456789012345678n } }),
    envelope("pong", { case: "pong", value: { pingSentNs: 123456789012345678n, receivedNs: 42n, sentNs: 43n } }),
    envelope("go away, version mismatch", {
      case: "goAway",
      value: {
        code: Code.FAILED_PRECONDITION,
        message: "The versions differ.",
        details: [anyPack(VersionMismatchSchema, mismatch)],
      },
    }),
    envelope("go away, graceful", { case: "goAway", value: {} }),
    link("link: authenticate", { case: "authenticate", value: { token: "k".repeat(43) } }),
    link("link: authenticated", { case: "authenticated", value: { pid: 4242, epoch: 3n } }),
    link("link: open a connection", {
      case: "connectionOpen",
      value: { connection: 9, target: "worker", role: Role.OPERATOR, label: "operator window 1" },
    }),
    link("link: close a connection", {
      case: "connectionClose",
      value: { connection: 9, code: Code.UNAVAILABLE, message: "The worker is gone." },
    }),
  ];
}

/** A message whose payload has this many bytes. */
function padded(length: number): Kind {
  return { case: "message", value: { call: 1, message: bytes(length), last: true } };
}

/** Frames that are refused. */
export function malformedVectors(): MalformedVector[] {
  const ping = encodeFrame(Lane.COMMAND, 1, toBinary(EnvelopeSchema, pingEnvelope()));
  const tailed = encodeFrame(Lane.FRAME, 1, toBinary(EnvelopeSchema, messageEnvelope()), bytes(5));
  const changed = (source: Uint8Array, offset: number, value: number) => {
    const copy = source.slice();
    copy[offset] = value;
    return copy;
  };
  const raw = (text: string, tail?: Uint8Array) => encodeFrame(Lane.COMMAND, 1, unhex(text), tail);
  const cases: [name: string, verdict: string, frame: Uint8Array][] = [
    ["nothing", "truncated", new Uint8Array(0)],
    ["half a header", "truncated", ping.slice(0, 8)],
    ["half a header of something else", "truncated", bytes(15)],
    ["wrong first letter", "magic", changed(ping, 0, 0x6d)],
    ["wrong second letter", "magic", changed(ping, 1, 0x4d)],
    ["layout 0", "layout", changed(ping, 2, 0)],
    ["layout 2", "layout", changed(ping, 2, 2)],
    ["lane 0", "lane", changed(ping, 3, 0)],
    ["lane 5", "lane", changed(ping, 3, 5)],
    ["lane 255", "lane", changed(ping, 3, 255)],
    ["announces an envelope of 16 MiB", "too-large", unhex("4d53010201000000" + "00000001" + "00000000")],
    ["announces a tail of 4 GiB less one", "too-large", unhex("4d53010401000000" + "00000000" + "ffffffff")],
    ["announces both of 4 GiB less one", "too-large", unhex("4d53010401000000" + "ffffffff" + "ffffffff")],
    ["ends in the envelope", "truncated", ping.slice(0, -1)],
    ["ends in the padding", "truncated", tailed.slice(0, 31)],
    ["ends in the tail", "truncated", tailed.slice(0, -1)],
    ["a byte too many", "trailing", Uint8Array.of(...ping, 0)],
    ["two frames in one message", "trailing", Uint8Array.of(...ping, ...ping)],
    ["padding not zero", "padding", changed(tailed, 31, 1)],
    ["envelope that is no protobuf", "envelope", raw("ffffffff")],
    ["envelope that ends early", "envelope", raw("42050a")],
    ["envelope without a kind", "envelope", raw("")],
    ["envelope of an unknown kind", "envelope", raw("a20600")],
    ["ping with a tail", "envelope", encodeFrame(Lane.COMMAND, 1, toBinary(EnvelopeSchema, pingEnvelope()), bytes(4))],
  ];
  return cases.map(([name, verdict, frame]) => ({ name, hex: hex(frame), verdict }));
}

function pingEnvelope(): Envelope {
  return create(EnvelopeSchema, { kind: { case: "ping", value: { sentNs: 1n } } });
}

function messageEnvelope(): Envelope {
  return create(EnvelopeSchema, { kind: { case: "message", value: { call: 1, last: true } } });
}

/** Messages with a tail, and one without. */
export function tailVectors(): TailVector[] {
  const frame = { frameId: "12", widthPx: 2, heightPx: 2, pixels: "AAECAwQFBgc=" };
  return [
    tailVector("no tail in the type", EchoRequestSchema, { payload: "AQID" }),
    tailVector("tail at the top", FloodResponseSchema, { index: 3, block: "/wABAgM=" }),
    tailVector("empty tail", FloodResponseSchema, { index: 3 }),
    tailVector("nested tail", WatchPreviewResponseSchema, { frame }),
    tailVector("nested tail, nothing else set", WatchPreviewResponseSchema, { frame: { pixels: "AAE=" } }),
    tailVector("nested message not set", WatchPreviewResponseSchema, {}),
  ];
}

function tailVector(name: string, desc: DescMessage, json: JsonValue): TailVector {
  const whole = fromJson(desc, json);
  const { message, tail } = takeTail(desc, whole);
  const encoded = hex(toBinary(desc, message));
  return { name, type: desc.typeName, message: toJson(desc, whole), encoded, tail: hex(tail ?? new Uint8Array(0)) };
}

/** File name → text of all vector files. */
export function vectorFiles(): Record<string, string> {
  const text = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    "frames.json": text(frameVectors()),
    "malformed.json": text(malformedVectors()),
    "tails.json": text(tailVectors()),
  };
}
