import { decodeFrame } from "../../src/rpc";
import { decodeEnvelope } from "../../src/rpc/envelope";
import type { EnvelopeKind } from "../../src/rpc/envelope";

/** A line about something that an end of a connection did, and the call that it was about; 0 is none. */
export interface Told {
  readonly call: number;
  readonly line: string;
}

/** What a frame that our side sent says, as far as both languages must say the same. */
export function toldOfFrame(bytes: Uint8Array): Told[] {
  const frame = decodeFrame(bytes);
  const kind = decodeEnvelope(frame);
  const call = callOf(kind);
  const told = [{ call, line: `${frame.lane} ${content(kind, frame.tail.length)}` }];
  // A last message is a message and a status of success in one; a stream may end in both ways.
  return kind.case === "message" && kind.value.last
    ? [...told, { call, line: `${frame.lane} status ${call} 0` }]
    : told;
}

function callOf({ value }: EnvelopeKind): number {
  return "call" in value ? value.call : 0;
}

function content(kind: EnvelopeKind, tailBytes: number): string {
  switch (kind.case) {
    case "hello":
      return `hello ${kind.value.role}`;
    case "message":
      return `message ${kind.value.call} ${kind.value.message.length + tailBytes} ${kind.value.skipped}`;
    case "status":
      return `status ${kind.value.call} ${kind.value.code} ${kind.value.details.map(({ typeUrl }) => typeUrl).join(",")}`;
    case "credit":
      return `credit ${kind.value.call} ${kind.value.messages} ${kind.value.bytes}`;
    case "part":
      return `part ${kind.value.call} ${kind.value.frameBytes} ${kind.value.offset} ${tailBytes}`;
    case "cancel":
      return `cancel ${kind.value.call}`;
    case "goAway":
      return `goAway ${kind.value.code} ${kind.value.details.map(({ typeUrl }) => typeUrl).join(",")}`;
    default:
      return kind.case;
  }
}

/** What was told between two frames: calls may be worked on in any order, so their lines are sorted by call. */
export function inOrder(told: readonly Told[]): string {
  return told
    .map((one, index) => ({ ...one, index }))
    .sort((one, other) => one.call - other.call || one.index - other.index)
    .map(({ line }) => line.trimEnd())
    .join("; ");
}
