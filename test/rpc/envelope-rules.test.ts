import { create } from "@bufbuild/protobuf";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CancelSchema,
  EnvelopeSchema,
  GoAwaySchema,
  HelloSchema,
  OpenSchema,
  PartSchema,
  StatusSchema,
} from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { ConnectionOpenSchema } from "../../gen/ts/macroscope/rpc/v1/link_pb";
import { EchoRequestSchema } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { protovalidator } from "../../src/rpc";
import { brokenRule } from "../../src/rpc/envelope-rules";

const validate = protovalidator();

/** Texts about as long as a limit, of one or two UTF-16 units a character. */
const text = (limit: number) =>
  fc
    .tuple(fc.constantFrom("a", "é", "🔬"), fc.integer({ min: -1, max: 1 }))
    .map(([letter, more]) => letter.repeat(limit + more));

const cases: readonly [string, DescMessage, fc.Arbitrary<object>][] = [
  [
    "Hello",
    HelloSchema,
    fc.record({
      schemaDigest: fc.constantFrom("a0".repeat(32), "a0".repeat(32), "A0".repeat(32), `${"a0".repeat(32)}\n`, ""),
      build: text(200),
      session: text(64),
      role: fc.constantFrom(0, 1, 2, 3, 4, -1),
      token: text(128),
      label: text(120),
    }),
  ],
  [
    "Open",
    OpenSchema,
    fc.record({
      call: fc.nat(1),
      method: fc.oneof(text(300), fc.constant("")),
      metadata: fc
        .integer({ min: 60, max: 66 })
        .map((pairs) => Object.fromEntries(Array.from({ length: pairs }, (_value, index) => [`k${index}`, ""]))),
    }),
  ],
  ["Cancel", CancelSchema, fc.record({ call: fc.nat(1), reason: text(1000) })],
  ["Status", StatusSchema, fc.record({ call: fc.nat(1), code: fc.integer({ min: -1, max: 18 }) })],
  ["Part", PartSchema, fc.record({ call: fc.nat(1), frameBytes: fc.integer({ min: 14, max: 18 }) })],
  ["GoAway", GoAwaySchema, fc.record({ code: fc.integer({ min: -1, max: 18 }) })],
  ["ConnectionOpen", ConnectionOpenSchema, fc.record({ connection: fc.nat(1), target: text(32), label: text(120) })],
];

describe("brokenRule", () => {
  it.each(cases)("judges a %s as protovalidate does", (_name, desc, arbitrary) => {
    let good = 0;
    let bad = 0;
    fc.assert(
      fc.property(arbitrary, (init) => {
        const message = create(desc, init as MessageInitShape<DescMessage>);
        const expected = validate(desc, message).length > 0;
        expect(brokenRule(desc, message) !== undefined).toBe(expected);
        good += Number(!expected);
        bad += Number(expected);
      }),
      { numRuns: 200, seed: 4 },
    );
    expect(Math.min(good, bad)).toBeGreaterThan(0);
  });

  it("knows the rules of every envelope", () => {
    for (const { message } of EnvelopeSchema.fields) {
      expect(() => message && brokenRule(message, create(message))).not.toThrow();
    }
  });

  it("refuses to pass over a kind of rule that it does not know", () => {
    expect(() => brokenRule(EchoRequestSchema, create(EchoRequestSchema))).toThrow("bytes.max_len");
  });
});
