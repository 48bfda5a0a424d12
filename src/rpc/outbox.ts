import type { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { encodeEnvelope } from "./envelope";
import type { EnvelopeKindInit } from "./envelope";
import { encodeFrame } from "./frame";
import { ONLY_CONNECTION } from "./protocol";

/** Frames that a connection has made and nobody has taken yet. */
export class Outbox {
  #frames: Uint8Array[] = [];

  constructor(private readonly allocate?: (bytes: number) => Uint8Array) {}

  /** Makes a frame without adding it. */
  encode(lane: Lane, kind: EnvelopeKindInit, tail?: Uint8Array): Uint8Array {
    return this.frame(lane, encodeEnvelope(kind), tail);
  }

  /** The same of an envelope that is encoded already. */
  frame(lane: Lane, envelope: Uint8Array, tail?: Uint8Array): Uint8Array {
    return encodeFrame(lane, ONLY_CONNECTION, envelope, tail, this.allocate);
  }

  add(frame: Uint8Array): void {
    this.#frames.push(frame);
  }

  send(lane: Lane, kind: EnvelopeKindInit, tail?: Uint8Array): void {
    this.#frames.push(this.encode(lane, kind, tail));
  }

  take(): Uint8Array[] {
    if (this.#frames.length === 0) {
      return [];
    }
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}
