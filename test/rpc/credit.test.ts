import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArrivalReturn, ConnectionCredit, CreditReturn, SendCredit } from "../../src/rpc/credit";

describe("credit", () => {
  it("never stops a stream whose receiver has taken everything", () => {
    const window = fc.record({ messages: fc.integer({ min: 1, max: 20 }), bytes: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(window, fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 200 }), (first, sizes) => {
        const credit = new SendCredit(first);
        const back = new CreditReturn(first);
        for (const size of sizes) {
          expect(credit.open).toBe(true);
          credit.spend(size);
          const grant = back.taken(size);
          if (grant !== undefined) {
            credit.grant(grant.messages, grant.bytes);
          }
          expect(credit.messages).toBeLessThanOrEqual(first.messages);
          expect(credit.bytes).toBeLessThanOrEqual(first.bytes);
        }
      }),
    );
  });

  it("is not given back for every message of a wide window", () => {
    const back = new CreditReturn({ messages: 8, bytes: 1000 });
    expect([1, 2, 3, 4, 5].map(() => back.taken(10))).toEqual([
      undefined,
      undefined,
      undefined,
      { messages: 4, bytes: 40 },
      undefined,
    ]);
    expect(back.taken(600)).toEqual({ messages: 2, bytes: 610 });
  });

  it("is given back at once for a large message, with what smaller ones before it left", () => {
    const back = new CreditReturn({ messages: 8, bytes: 8 * 1024 * 1024 });
    expect(back.taken(64 * 1024)).toEqual({ messages: 1, bytes: 64 * 1024 });
    expect(back.taken(64 * 1024 - 1)).toBeUndefined();
    expect(back.taken(1024 * 1024)).toEqual({ messages: 2, bytes: 1024 * 1024 + 64 * 1024 - 1 });
  });

  it("is given back at once where the sender reads from it how far the receiver is", () => {
    const back = new CreditReturn({ messages: 8, bytes: 1000 }, true);
    expect([back.taken(1), back.taken(2)]).toEqual([
      { messages: 1, bytes: 1 },
      { messages: 1, bytes: 2 },
    ]);
  });

  it("adds up to no more than its fields hold, whatever is granted", () => {
    const most = 0xffff_ffff;
    const credit = new SendCredit({ messages: most, bytes: most });
    for (let grant = 0; grant < 5; grant++) {
      credit.grant(most, most);
    }
    expect([credit.messages, credit.bytes]).toEqual([most, most]);
  });
});

describe("a connection's credit", () => {
  it("stays within its window, and comes back in full but for less than a piece", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 100 });
    fc.assert(
      fc.property(steps, (frames) => {
        const credit = new ConnectionCredit(6000);
        const arrivals = new ArrivalReturn(1000);
        for (const frame of frames) {
          credit.spend(frame);
          credit.giveBack(arrivals.arrived(frame));
          expect(credit.spent).toBeLessThan(1000);
          expect(credit.rest).toBe(6000 - credit.spent);
        }
      }),
    );
    const credit = new ConnectionCredit(10);
    credit.giveBack(100);
    expect(credit.rest).toBe(10);
  });
});
