import type { Part } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { decodeFrame, encodeFrame, HEADER_BYTES } from "./frame";
import type { Frame } from "./frame";
import { ONLY_CONNECTION } from "./protocol";
import { ProtocolBreach } from "./protocol-breach";

/** A piece of a frame: where it begins, and its bytes. */
export interface Piece {
  readonly offset: number;
  /** A view, good until the frame's tail changes. */
  readonly bytes: Uint8Array;
}

/**
 * Cuts a long frame into pieces without writing the whole frame anywhere: what stands before the tail goes by itself, then the tail piece by piece, so its
 * bytes are copied only into the pieces. Until the last is taken, the tail must not change.
 */
export class FrameCutter {
  #offset = 0;
  readonly #head: Uint8Array;

  constructor(
    lane: number,
    envelope: Uint8Array,
    private readonly tail: Uint8Array,
    /** Length of the whole frame. */
    readonly frameBytes: number,
    private readonly pieceBytes: number,
    /** The frame's message ends its call well. */
    readonly last: boolean,
  ) {
    const head = new Uint8Array(frameBytes - tail.length);
    encodeFrame(lane, ONLY_CONNECTION, envelope, undefined, (bytes) => head.subarray(0, bytes));
    // The header is that of the whole frame.
    new DataView(head.buffer).setUint32(12, tail.length, true);
    this.#head = head;
  }

  /** Whether all pieces have been taken. */
  get done(): boolean {
    return this.#offset === this.frameBytes;
  }

  take(): Piece {
    const offset = this.#offset;
    const tailStart = this.#head.length;
    const inTail = offset >= tailStart;
    const end = Math.min(offset + this.pieceBytes, inTail ? this.frameBytes : tailStart);
    this.#offset = end;
    const bytes = inTail ? this.tail.subarray(offset - tailStart, end - tailStart) : this.#head.subarray(offset, end);
    return { offset, bytes };
  }
}

/** Puts the pieces of one frame together, as they come. */
export class FrameParts {
  readonly #lane: number;
  readonly #frame: Uint8Array;
  #filled = 0;

  /** @throws ProtocolBreach when the first piece announces a frame that may not be. */
  constructor(
    lane: number,
    { call, frameBytes }: Part,
    private readonly maxFrameBytes: number,
  ) {
    if (frameBytes <= HEADER_BYTES || frameBytes > maxFrameBytes) {
      throw new ProtocolBreach(`The parts of call ${call} announce a frame of ${frameBytes} bytes.`);
    }
    this.#lane = lane;
    this.#frame = new Uint8Array(frameBytes);
  }

  /**
   * Adds a piece. Gives the frame back when it is whole, its tail aligned.
   *
   * @throws ProtocolBreach when the piece is out of line, FrameError when the whole is no frame.
   */
  add(lane: number, { call, frameBytes, offset }: Part, bytes: Uint8Array): Frame | undefined {
    const end = offset + bytes.length;
    if (lane !== this.#lane || frameBytes !== this.#frame.length || offset !== this.#filled) {
      throw new ProtocolBreach(`A part of call ${call} is out of line: it begins at ${offset} of ${frameBytes} bytes.`);
    }
    if (bytes.length === 0 || end > frameBytes) {
      throw new ProtocolBreach(`A part of call ${call} is empty, or longer than its frame of ${frameBytes} bytes.`);
    }
    this.#frame.set(bytes, offset);
    this.#filled = end;
    if (end < frameBytes) {
      return undefined;
    }
    const frame = decodeFrame(this.#frame, this.maxFrameBytes);
    if (frame.lane !== lane) {
      throw new ProtocolBreach(`The parts of call ${call} travelled on lane ${lane}; their frame names ${frame.lane}.`);
    }
    return frame;
  }
}
