import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { CallSide, ProcessTrafficSchema } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { ConnectionReport, MethodCounts } from "../../src/rpc";
import { processTraffic } from "../../src/rpc/process-traffic";

const METHOD: MethodCounts = {
  method: "/s/M",
  side: "client",
  calls: 9,
  openCalls: 1,
  errors: [{ code: 5, calls: 2 }],
  messagesSent: 3,
  messagesReceived: 4,
  bytesSent: 5,
  bytesReceived: 6,
  skipped: 7,
  latency: { count: 8, meanMs: 1.5, p50Ms: 2.5, p99Ms: 3.5, maxMs: 4.5 },
};
const CONNECTION: ConnectionReport = {
  label: "worker",
  build: "b",
  side: "client",
  role: Role.OPERATOR,
  state: "open",
  connectedMs: 1500,
  openCalls: 2,
  bytesInFlight: -3,
  silenceMs: 4.5,
  clock: { offsetNs: -1n, errorNs: 2n, residualNs: 3n, roundTripNs: 4n },
};
const counted = (countedMs: number, ...methods: MethodCounts[]) => ({ countedMs, snapshot: () => methods });

describe("processTraffic", () => {
  it("says all that was counted, and survives the wire", () => {
    const message = processTraffic({
      process: "host",
      traffic: [counted(2000, METHOD), counted(500, { ...METHOD, side: "server" })],
      connections: [CONNECTION],
      receivers: [
        {
          label: "window",
          method: "/s/W",
          sentRevision: 5n,
          acknowledgedRevision: 4n,
          behindMs: 1200,
          skipped: 3,
          ended: true,
          reason: "silence",
        },
      ],
    });
    expect(fromBinary(ProcessTrafficSchema, toBinary(ProcessTrafficSchema, message))).toMatchObject({
      process: "host",
      countedS: 2,
      methods: [
        {
          method: "/s/M",
          side: CallSide.CLIENT,
          calls: 9n,
          openCalls: 1n,
          errors: [{ code: 5, calls: 2n }],
          messagesSent: 3n,
          messagesReceived: 4n,
          bytesSent: 5n,
          bytesReceived: 6n,
          skipped: 7n,
          latency: { count: 8n, meanMs: 1.5, p50Ms: 2.5, p99Ms: 3.5, maxMs: 4.5 },
        },
        { side: CallSide.SERVER },
      ],
      connections: [
        {
          label: "worker",
          role: Role.OPERATOR,
          state: "open",
          connectedS: 1.5,
          openCalls: 2,
          bytesInFlight: -3n,
          silenceMs: 4.5,
          clock: { offsetNs: -1n, errorNs: 2n, residualNs: 3n, roundTripNs: 4n },
        },
      ],
      receivers: [{ sentRevision: 5n, acknowledgedRevision: 4n, behindMs: 1200, skipped: 3n, reason: "silence" }],
    });
  });

  it("keeps to the schema's limits, and has no clock before one is measured", () => {
    const message = processTraffic({
      process: "x".repeat(500),
      traffic: [counted(1, ...Array.from({ length: 2000 }, () => METHOD))],
      connections: [{ ...CONNECTION, clock: undefined }],
    });
    expect([message.process.length, message.methods.length]).toEqual([120, 1000]);
    expect(message.connections[0]?.clock).toBeUndefined();
  });

  it("has nothing to tell before anything was counted", () => {
    expect(processTraffic({ process: "window", traffic: [], connections: [] })).toMatchObject({
      countedS: 0,
      methods: [],
      connections: [],
      receivers: [],
    });
  });
});
