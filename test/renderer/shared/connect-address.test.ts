import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAddress } from "../../../src/renderer/shared/connect-address";

describe("readAddress", () => {
  it.each([
    ["ws://127.0.0.1:4000/macroscope/v1", "ws://127.0.0.1:4000/macroscope/v1"],
    ["  127.0.0.1:4000 ", "ws://127.0.0.1:4000/macroscope/v1"],
    ["localhost:4000/", "ws://localhost:4000/macroscope/v1"],
    ["ws://[::1]:4000/macroscope/v1", "ws://[::1]:4000/macroscope/v1"],
    ["WS://LOCALHOST:4000", "ws://localhost:4000/macroscope/v1"],
  ])("takes %s", (text, address) => {
    expect(readAddress(text)).toEqual({ address });
  });

  it.each([
    ["", "missing"],
    ["not an address", "no address"],
    ["wss://127.0.0.1:4000/macroscope/v1", "ws://"],
    ["http://127.0.0.1:4000/macroscope/v1", "ws://"],
    ["ws://192.168.1.7:4000/macroscope/v1", "this computer"],
    ["ws://0.0.0.0:4000/macroscope/v1", "this computer"],
    ["ws://127.0.0.1.nip.io:4000/macroscope/v1", "this computer"],
    ["ws://localhost.attacker.example:4000", "this computer"],
    ["ws://127.0.0.1@attacker.example:4000", "only a host"],
    ["ws://127.0.0.1:4000/macroscope/v1?token=x", "only a host"],
    ["ws://127.0.0.1:4000/macroscope/v1#x", "only a host"],
    ["ws://127.0.0.1:4000/other", "path"],
    ["ws://127.0.0.1/macroscope/v1", "port"],
    ["ws://127.0.0.1:99999", "no address"],
  ])("does not take %s, and says why", (text, why) => {
    expect(readAddress(text)).toEqual({ problem: expect.stringContaining(why) as string });
  });

  it("never gives an address of another computer, whatever is typed", () => {
    const part = fc.constantFrom(
      "ws://",
      "127.0.0.1",
      "localhost",
      "[::1]",
      "@",
      ":",
      "4000",
      "/macroscope/v1",
      "evil.example",
      "\\",
      "%",
      ".",
      " ",
      "?",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.array(part).map((parts) => parts.join("")),
        ),
        (text) => {
          const read = readAddress(text);
          if (!("address" in read)) return;
          expect(read.address).toMatch(/^ws:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/macroscope\/v1$/);
          // What is dialled is what was read: a browser reads it in the same way again.
          expect(readAddress(read.address)).toEqual(read);
        },
      ),
      { numRuns: 500 },
    );
  });
});
