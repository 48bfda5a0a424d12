import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../src/rpc/call";
import { ConnectionPair, callStart } from "./support/connection-pair";

const bytes = (length: number) => new Uint8Array(length).fill(7);

describe("random operations on a connection", () => {
  const operation = fc.record({
    kind: fc.constantFrom("start", "cancel", "send", "sendLast", "end", "fail", "grant", "carry", "tick", "close"),
    pick: fc.nat(20),
    size: fc.nat(400),
  });

  it("end each call exactly once at each end, and never make credit negative", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), fc.boolean(), (operations, latestWins) => {
        const pair = new ConnectionPair({ limits: { maxOpenCalls: 6 } }).open();
        const started: Call[] = [];
        const served: Call[] = [];
        const ends = new Map<Call, number>();
        const endedHere = (call: Call) => ends.set(call, (ends.get(call) ?? 0) + 1);
        const collect = () => {
          for (const side of ["client", "server"] as const) {
            for (const { call } of pair.taken(side, "ended")) {
              endedHere(call);
            }
          }
          for (const { call } of pair.taken("server", "call")) {
            call.credited = true;
            call.latestWins = latestWins;
            served.push(call);
          }
          for (const call of served) {
            expect(call.credit.messages).toBeGreaterThanOrEqual(0);
          }
        };
        for (const { kind, pick, size } of operations) {
          const mine = started[pick % Math.max(1, started.length)];
          const theirs = served[pick % Math.max(1, served.length)];
          const open = theirs !== undefined && !theirs.ended;
          if (kind === "start" && pair.client.state === "open" && pair.client.openCalls < 6) {
            const credit = { messages: 1 + (pick % 3), bytes: 200 };
            const timeoutMs = pick % 2 === 0 ? size + 1 : undefined;
            started.push(pair.client.startCall(callStart({ stream: true, credit, timeoutMs }), pair.now));
          } else if (kind === "cancel" && mine !== undefined && !mine.ended) {
            pair.client.cancelCall(mine, "random");
            endedHere(mine);
          } else if ((kind === "send" || kind === "sendLast") && open && (latestWins || theirs.maySend)) {
            pair.server.sendMessage(theirs, bytes(size), undefined, kind === "sendLast");
            if (theirs.ended) {
              endedHere(theirs);
            }
          } else if ((kind === "end" || kind === "fail") && open) {
            pair.server.endCall(theirs, kind === "end" ? undefined : new ConnectError("random", Code.Aborted));
            if (theirs.ended) {
              endedHere(theirs);
            }
          } else if (kind === "grant" && mine !== undefined) {
            pair.client.grantCredit(mine, { messages: 1 + (pick % 2), bytes: size });
          } else if (kind === "tick") {
            pair.tick(pick % 2 === 0 ? "client" : "server", pair.now + size);
          } else if (kind === "close" && pick === 0) {
            pair.events.server.push(...pair.server.close(new ConnectError("random", Code.Unavailable)));
          } else {
            pair.carry();
          }
          collect();
        }
        pair.events.client.push(...pair.client.close(new ConnectError("over", Code.Unavailable)));
        pair.carry();
        collect();
        for (const call of started) {
          expect(ends.get(call)).toBe(1);
        }
        for (const call of served) {
          // A last message that waited for credit leaves later, without word to whoever sent it.
          const silently = latestWins && call.endsAfterWaiting;
          expect(silently ? (ends.get(call) ?? 0) <= 1 : ends.get(call) === 1).toBe(true);
          expect(call.ended).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});
