import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readDirectAnswer,
  readDirectEnd,
  readDirectOffer,
  readDirectRefusal,
  readDirectRequest,
  readPortAsk,
  typeOf,
} from "../../src/links/port-messages";

const READERS = [
  readDirectAnswer,
  readDirectEnd,
  readDirectOffer,
  readDirectRefusal,
  readDirectRequest,
  readPortAsk,
  typeOf,
];

describe("messages about ports", () => {
  test("are read as they were written, and without what nobody asked for", () => {
    expect(readDirectRequest({ type: "x", to: "stimulus", ask: 3, more: "?" })).toEqual({ to: "stimulus", ask: 3 });
    expect(readDirectAnswer({ ask: 3, port: 4, more: "?" })).toEqual({ ask: 3, port: 4 });
    expect(readDirectRefusal({ ask: 3, reason: "There is none." })).toEqual({ ask: 3, reason: "There is none." });
    expect(readDirectOffer({ port: 4, role: 2, label: "preview window 2" })).toEqual({
      port: 4,
      role: 2,
      label: "preview window 2",
    });
    expect(readPortAsk({ type: "x", ask: 3, more: "?" })).toEqual({ ask: 3 });
    expect(readDirectEnd({ port: 4 })).toEqual({ port: 4 });
    expect([typeOf("word"), typeOf({ type: "word" }), typeOf(null), typeOf(7)]).toEqual([
      "word",
      "word",
      undefined,
      undefined,
    ]);
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", null, {}, 2 ** 60])(
    "%s is no number of a port",
    (port) => {
      expect(readDirectEnd({ port })).toBeUndefined();
      expect(readDirectAnswer({ ask: 1, port })).toBeUndefined();
      expect(readDirectOffer({ port, role: 2, label: "" })).toBeUndefined();
      expect(readDirectRequest({ to: "operator", ask: port })).toBeUndefined();
    },
  );

  test.each(["preview", "host", "", "__proto__", undefined, ["operator"]])(
    "%j is no window that may be asked",
    (to) => {
      expect(readDirectRequest({ to, ask: 1 })).toBeUndefined();
    },
  );

  test("anything may come; none of the readers throws, and what they give has its types", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        for (const read of READERS) read(data);
        const request = readDirectRequest(data);
        if (request) expect(["operator", "stimulus"]).toContain(request.to);
      }),
    );
  });
});
