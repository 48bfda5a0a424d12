import { describe, expect, it } from "vitest";
import { forgetToken, keepToken, keptToken } from "../../../src/renderer/shared/connect-token";
import { FakeStorage } from "../support/fake-storage";

const KEPT = { address: "ws://127.0.0.1:1/macroscope/v1", token: "t".repeat(64) };

describe("the kept token", () => {
  it("is there until it is forgotten", () => {
    const storage = new FakeStorage();
    expect(keptToken(storage)).toBeUndefined();
    keepToken(storage, KEPT);
    expect(keptToken(storage)).toEqual(KEPT);
    forgetToken(storage);
    expect(keptToken(storage)).toBeUndefined();
    expect(storage.items.size).toBe(0);
  });

  it.each(["", "{", "null", "[]", "7", '{"token": 1, "address": 2}', '{"token": "x"}'])(
    "is none where %s is kept",
    (kept) => {
      const storage = new FakeStorage();
      keepToken(storage, KEPT);
      for (const key of storage.items.keys()) storage.items.set(key, kept);
      expect(keptToken(storage)).toBeUndefined();
    },
  );

  it("needs no storage that works", () => {
    const shut = new FakeStorage();
    shut.shut = true;
    keepToken(shut, KEPT);
    expect(keptToken(shut)).toBeUndefined();
    forgetToken(shut);
  });
});
