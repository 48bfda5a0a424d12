import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { decodeFrame, readLane } from "../../src/rpc";
import type { Call } from "../../src/rpc/call";
import { decodeEnvelope } from "../../src/rpc/envelope";
import { ConnectionPair, callStart } from "./support/connection-pair";

/** So small that parts, the connection's credit and what waits beyond it are all met. */
const limits = {
  maxOpenCalls: 6,
  maxWholeFrameBytes: 300,
  partBytes: 128,
  connectionCreditBytes: 500,
  maxPendingBytes: 5000,
};

const kindOf = (frame: Uint8Array) => decodeEnvelope(decodeFrame(frame));

/** A pair, and what a watcher of its frames and messages knows. */
class Watched {
  readonly pair = new ConnectionPair({ limits }).open();
  readonly started: Call[] = [];
  readonly served: Call[] = [];
  readonly #sent = new Map<number, number>();
  readonly #seen = new Map<number, number>();
  #inFlight = 0;

  constructor(private readonly latestWins: boolean) {}

  /** Carries what there is, both ways, once. */
  carry(): void {
    const { pair } = this;
    const up = pair.client.takeFrames();
    const down = pair.server.takeFrames();
    for (const frame of down.filter((bytes) => ["message", "part", "status"].includes(kindOf(bytes).case))) {
      // What is gated goes only while there is credit; the last one may overshoot.
      expect(readLane(frame) < Lane.STATE || this.#inFlight < limits.connectionCreditBytes).toBe(true);
      this.#inFlight += frame.length;
    }
    if (pair.server.state !== "closed") {
      expect(pair.server.bytesInFlight).toBe(this.#inFlight);
    }
    down.forEach((frame) => pair.events.client.push(...pair.client.receive(frame, pair.now)));
    for (const frame of up) {
      const kind = kindOf(frame);
      this.#inFlight -= kind.case === "credit" && kind.value.call === 0 ? kind.value.bytes : 0;
      pair.events.server.push(...pair.server.receive(frame, pair.now));
    }
    this.#look();
  }

  /** The next message of a call: it says whose it is and the how manyth, and is filled up to a size. */
  message(call: Call, size: number): Uint8Array {
    const message = new Uint8Array(Math.max(2, size)).fill(call.number);
    const index = (this.#sent.get(call.number) ?? 0) + 1;
    this.#sent.set(call.number, index);
    message[1] = index;
    return message;
  }

  #look(): void {
    for (const { call, message } of this.pair.taken("client", "message")) {
      const [number, index = 0, ...filling] = message;
      expect([number, ...new Set(filling)].every((byte) => byte === call.number)).toBe(true);
      const before = this.#seen.get(call.number) ?? 0;
      expect(this.latestWins ? index > before : index === before + 1).toBe(true);
      this.#seen.set(call.number, index);
    }
    for (const { call } of this.pair.taken("server", "call")) {
      call.credited = true;
      call.latestWins = this.latestWins;
      call.lane = [Lane.COMMAND, Lane.STATE, Lane.FRAME][call.number % 3] ?? Lane.FRAME;
      this.served.push(call);
    }
    for (const call of this.served) {
      expect(call.credit.messages).toBeGreaterThanOrEqual(0);
    }
  }
}

describe("random operations on a connection", () => {
  const operation = fc.record({
    kind: fc.constantFrom(
      "start",
      "cancel",
      "send",
      "send",
      "sendLast",
      "end",
      "fail",
      "grant",
      "carry",
      "carry",
      "tick",
    ),
    pick: fc.nat(20),
    size: fc.nat(900),
  });

  it("end each call exactly once at each end, keep messages whole and in order, and never go beyond credit", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), fc.boolean(), (operations, latestWins) => {
        const watched = new Watched(latestWins);
        const { pair, started, served } = watched;
        for (const { kind, pick, size } of operations) {
          const mine = started[pick % Math.max(1, started.length)];
          const theirs = served[pick % Math.max(1, served.length)];
          const open = theirs !== undefined && !theirs.ended && !theirs.ending;
          // The source of a reliable stream may just have been asked for a message when the connection's credit ran out.
          const ready = latestWins || (theirs?.credit.open && theirs.waiting === undefined && !theirs.cutter);
          if (kind === "start" && pair.client.state === "open" && pair.client.openCalls < 6) {
            const credit = { messages: 1 + (pick % 3), bytes: 700 };
            const timeoutMs = pick % 2 === 0 ? size + 1 : undefined;
            started.push(pair.client.startCall(callStart({ stream: true, credit, timeoutMs }), pair.now));
          } else if (kind === "cancel" && mine !== undefined) {
            pair.client.cancelCall(mine, "random");
          } else if ((kind === "send" || kind === "sendLast") && open && ready) {
            pair.server.sendMessage(theirs, watched.message(theirs, size), undefined, kind === "sendLast");
          } else if ((kind === "end" || kind === "fail") && open) {
            pair.server.endCall(theirs, kind === "end" ? undefined : new ConnectError("random", Code.Aborted));
          } else if (kind === "grant" && mine !== undefined) {
            pair.client.grantCredit(mine, { messages: 1 + (pick % 2), bytes: size });
          } else if (kind === "tick") {
            pair.tick(pick % 2 === 0 ? "client" : "server", pair.now + size);
          } else {
            watched.carry();
          }
        }
        for (let round = 0; round < 20; round++) {
          watched.carry();
        }
        // Whatever ended well or badly while everything was taken must have got there.
        for (const call of served.filter(({ ending, credit }) => ending && credit.open)) {
          expect(call.ended).toBe(true);
        }
        pair.client.close(new ConnectError("over", Code.Unavailable));
        watched.carry();
        for (const call of [...started, ...served]) {
          expect(pair.ends.get(call)).toBe(1);
        }
      }),
      { numRuns: 400 },
    );
  });
});
