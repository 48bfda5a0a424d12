import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger";

const kind = "echo";

describe("the ledger", () => {
  it("counts what was sent and answered, and what is open", () => {
    const ledger = new Ledger(10);
    const [first, second] = [ledger.send(), ledger.send()];
    ledger.answer(kind, first, 3);
    expect(ledger.open).toBe(1);
    ledger.answer(kind, second, 1);
    expect(ledger.account()).toMatchObject({ sent: 2, answered: 2, failed: 0, outOfOrder: 0, mostMs: 3 });
  });

  it("notices an answer that overtook one of its kind, and lets other kinds pass", () => {
    const ledger = new Ledger(10);
    const numbers = [ledger.send(), ledger.send(), ledger.send()] as const;
    ledger.answer(kind, numbers[2], 1);
    ledger.answer("other", numbers[0], 1);
    expect(ledger.account().outOfOrder).toBe(0);
    ledger.answer(kind, numbers[1], 1);
    expect(ledger.account().outOfOrder).toBe(1);
  });

  it("notices a second answer", () => {
    const ledger = new Ledger(10);
    const number = ledger.send();
    ledger.answer(kind, number, 1);
    ledger.answer(kind, number, 1);
    expect(ledger.account()).toMatchObject({ answered: 1, failed: 1 });
  });

  it("keeps the first failure's words", () => {
    const ledger = new Ledger(10);
    ledger.fail(ledger.send(), "gone");
    ledger.fail(ledger.send(), "gone again");
    expect(ledger.account()).toMatchObject({ sent: 2, answered: 0, failed: 2, firstFailure: "gone" });
    expect(ledger.open).toBe(0);
  });
});
