import { expect } from "vitest";
import { Lane } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { decodeFrame, readConnection, readLane } from "../../../src/rpc";
import type { Call } from "../../../src/rpc/call";
import { decodeEnvelope } from "../../../src/rpc/envelope";
import type { EnvelopeKind } from "../../../src/rpc/envelope";
import { ConnectionPair, callStart } from "./connection-pair";

/** So small that tests meet them. */
export const limits = {
  maxWholeFrameBytes: 2000,
  partBytes: 1000,
  connectionCreditBytes: 3000,
  maxPendingBytes: 10_000,
};

export const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value);
export const wide = { messages: 100, bytes: 1_000_000 };

export interface Told {
  readonly lane: number;
  readonly length: number;
  readonly kind: EnvelopeKind;
}

/** What the server lets go now, without carrying it over. */
export function leaving(pair: ConnectionPair): Told[] {
  return pair.server.takeFrames().map((frame) => {
    expect(readConnection(frame)).toBe(1);
    return { lane: readLane(frame), length: frame.length, kind: decodeEnvelope(decodeFrame(frame)) };
  });
}

/** Those of calls, in short. */
export function told(pair: ConnectionPair): string[] {
  return leaving(pair).flatMap(({ kind }) => {
    switch (kind.case) {
      case "message":
        return [`message ${kind.value.call}${kind.value.last ? " last" : ""}`];
      case "part":
        return [`part ${kind.value.call}`];
      case "status":
        return [`status ${kind.value.call} ${kind.value.code}`];
      default:
        return [];
    }
  });
}

export function giveBack(pair: ConnectionPair, count: number): void {
  pair.events.server.push(...pair.inject("server", { case: "credit", value: { bytes: count } }));
}

/** A pair with calls open at the server, one for each lane given. */
export function serving(lanes: readonly Lane[], options: { latestWins?: boolean; stream?: boolean } = {}) {
  const { latestWins = false, stream = true } = options;
  const pair = new ConnectionPair({ limits }).open();
  const calls = lanes.map((lane) => {
    pair.client.startCall(callStart({ stream, credit: wide }), 0);
    const call = pair.served();
    Object.assign(call, { lane, latestWins, credited: stream });
    return call;
  });
  pair.client.takeFrames();
  return { pair, calls: calls as [Call, Call, Call] };
}

/** Uses the connection's credit up, with a stream that ends. */
export function exhausted(lanes: readonly Lane[], options: { latestWins?: boolean; stream?: boolean } = {}) {
  const { pair, calls } = serving([...lanes, Lane.COMMAND], options);
  const spender = calls[lanes.length] as Call;
  pair.server.sendMessage(spender, bytes(1500));
  pair.server.sendMessage(spender, bytes(1500));
  leaving(pair);
  expect(pair.server.bytesInFlight).toBeGreaterThanOrEqual(limits.connectionCreditBytes);
  return { pair, calls };
}
