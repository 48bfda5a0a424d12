import { PROTOCOL } from "./protocol";
import { ProtocolBreach } from "./protocol-breach";

/** Length of a frame's header. */
export const HEADER_BYTES = 16;

/** The tail begins at a multiple of this, counted from the frame's start. */
const TAIL_ALIGNMENT_BYTES = 16;

const MAGIC_0 = 0x4d;
const MAGIC_1 = 0x53;
const LAYOUT = 1;
const FIRST_LANE = 1;
const LAST_LANE = 4;
const NO_BYTES = new Uint8Array(0);

/** A frame taken apart. `envelope` and `tail` are views of the frame's buffer. */
export interface Frame {
  /** Number of macroscope.rpc.v1.Lane. */
  readonly lane: number;
  /** 0 is the link itself. */
  readonly connection: number;
  readonly envelope: Uint8Array;
  /** Empty when there is none; else aligned to 16 when the frame's buffer is. */
  readonly tail: Uint8Array;
}

/** What is wrong with a frame. Looked for in this order; the golden vectors use the same words. */
export type FrameErrorReason =
  "truncated" | "magic" | "layout" | "lane" | "too-large" | "trailing" | "padding" | "envelope";

/** The bytes are no frame. Whoever sent them is dropped. */
export class FrameError extends ProtocolBreach {
  override readonly name = "FrameError";

  constructor(
    readonly reason: FrameErrorReason,
    message: string,
  ) {
    super(message);
  }
}

/** Length of the whole frame with an envelope and a tail of these lengths. */
export function frameBytes(envelopeBytes: number, tailBytes: number): number {
  return tailBytes === 0 ? HEADER_BYTES + envelopeBytes : tailOffset(envelopeBytes) + tailBytes;
}

function tailOffset(envelopeBytes: number): number {
  return Math.ceil((HEADER_BYTES + envelopeBytes) / TAIL_ALIGNMENT_BYTES) * TAIL_ALIGNMENT_BYTES;
}

/**
 * Writes a frame. The envelope and the tail are copied once, into one buffer of exactly the frame's size.
 * `allocate` may hand out a used buffer; what it held is overwritten.
 */
export function encodeFrame(
  lane: number,
  connection: number,
  envelope: Uint8Array,
  tail: Uint8Array = NO_BYTES,
  allocate: (bytes: number) => Uint8Array = newBuffer,
): Uint8Array {
  const frame = allocate(frameBytes(envelope.length, tail.length));
  frame[0] = MAGIC_0;
  frame[1] = MAGIC_1;
  frame[2] = LAYOUT;
  frame[3] = lane;
  writeUint32(frame, 4, connection);
  writeUint32(frame, 8, envelope.length);
  writeUint32(frame, 12, tail.length);
  frame.set(envelope, HEADER_BYTES);
  if (tail.length > 0) {
    const offset = tailOffset(envelope.length);
    frame.fill(0, HEADER_BYTES + envelope.length, offset);
    frame.set(tail, offset);
  }
  return frame;
}

/**
 * Takes a frame apart without copying. `bytes` is one whole frame and nothing else.
 *
 * @throws FrameError for anything else, and never another error.
 */
export function decodeFrame(bytes: Uint8Array, maxFrameBytes: number = PROTOCOL.maxFrameBytes): Frame {
  checkFrame(bytes, maxFrameBytes);
  const envelopeEnd = HEADER_BYTES + readUint32(bytes, 8);
  const tailBytes = readUint32(bytes, 12);
  const envelope = bytes.subarray(HEADER_BYTES, envelopeEnd);
  if (tailBytes === 0) {
    return { lane: readLane(bytes), connection: readConnection(bytes), envelope, tail: NO_BYTES };
  }
  const tailStart = bytes.length - tailBytes;
  for (let index = envelopeEnd; index < tailStart; index++) {
    if (bytes[index] !== 0) {
      throw new FrameError("padding", "The bytes between envelope and tail are not zero.");
    }
  }
  return { lane: readLane(bytes), connection: readConnection(bytes), envelope, tail: bytes.subarray(tailStart) };
}

/**
 * Checks that these bytes have a good header and are as long as it says, for whoever passes frames on without looking inside.
 *
 * @throws FrameError
 */
export function checkFrame(bytes: Uint8Array, maxFrameBytes: number = PROTOCOL.maxFrameBytes): void {
  const expected = frameLength(bytes, maxFrameBytes);
  if (bytes.length < expected) {
    throw new FrameError("truncated", `The frame ends after ${bytes.length} of ${expected} bytes.`);
  }
  if (bytes.length > expected) {
    throw new FrameError("trailing", `${bytes.length - expected} bytes follow the frame.`);
  }
}

/**
 * The length of the frame that begins with these bytes, from its header alone.
 *
 * @throws FrameError when there are fewer than 16 bytes, when they are no header, or when they announce more than `maxFrameBytes`.
 */
export function frameLength(bytes: Uint8Array, maxFrameBytes: number = PROTOCOL.maxFrameBytes): number {
  if (bytes.length < HEADER_BYTES) {
    throw new FrameError("truncated", `A frame has a header of ${HEADER_BYTES} bytes; these are ${bytes.length}.`);
  }
  if (bytes[0] !== MAGIC_0 || bytes[1] !== MAGIC_1) {
    throw new FrameError("magic", 'A frame begins with the letters "MS"; this does not.');
  }
  if (bytes[2] !== LAYOUT) {
    throw new FrameError("layout", `The frame has layout ${bytes[2]}; only ${LAYOUT} is known.`);
  }
  const lane = readLane(bytes);
  if (lane < FIRST_LANE || lane > LAST_LANE) {
    throw new FrameError("lane", `The frame names lane ${lane}; lanes are ${FIRST_LANE} to ${LAST_LANE}.`);
  }
  const length = frameBytes(readUint32(bytes, 8), readUint32(bytes, 12));
  if (length > maxFrameBytes) {
    throw new FrameError("too-large", `The frame announces ${length} bytes; at most ${maxFrameBytes} may travel.`);
  }
  return length;
}

/** The lane in a frame's header. */
export function readLane(frame: Uint8Array): number {
  return frame[3] ?? 0;
}

/** The connection in a frame's header. */
export function readConnection(frame: Uint8Array): number {
  return readUint32(frame, 4);
}

/** Sets the connection in a frame's header, in place. */
export function patchConnection(frame: Uint8Array, connection: number): void {
  writeUint32(frame, 4, connection);
}

function newBuffer(bytes: number): Uint8Array {
  return new Uint8Array(bytes);
}

function readUint32(bytes: Uint8Array, offset: number): number {
  const at = (index: number) => bytes[offset + index] ?? 0;
  return (at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24)) >>> 0;
}

function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}
