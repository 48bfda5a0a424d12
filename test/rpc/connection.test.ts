import { Code, ConnectError } from "@connectrpc/connect";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LimitExceededSchema, VersionMismatchSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { decodeFrame, PROTOCOL, readLane } from "../../src/rpc";
import type { Call } from "../../src/rpc/call";
import { decodeEnvelope } from "../../src/rpc/envelope";
import type { MalformedVector } from "../vectors/make-vectors";
import { ConnectionPair, callStart } from "./support/connection-pair";

/** One beyond the last. */
const UNKNOWN_CODE = Code.Unauthenticated + 1;
const bytes = (length: number) => new Uint8Array(length).fill(7);

/** A pair with one stream open, seen from both ends. */
function streaming(window: { messages: number; bytes: number }, latestWins = false) {
  const pair = new ConnectionPair().open();
  const sent = pair.client.startCall(callStart({ stream: true, credit: window }), 0);
  const call = pair.served();
  call.credited = true;
  call.latestWins = latestWins;
  return { pair, sent, call };
}

describe("greeting", () => {
  it("opens both ends, and tells each who the other is", () => {
    const pair = new ConnectionPair({ authorize: () => Role.VIEWER, schemaDigest: "0".repeat(64) }).carry();
    expect([pair.client.state, pair.server.state]).toEqual(["open", "open"]);
    expect(pair.client.peer).toMatchObject({ build: "server 1", session: "s1", epoch: 5n });
    expect(pair.server.peer).toMatchObject({ build: "client 1", label: "window", schemaDigest: "0".repeat(64) });
    expect([pair.client.role, pair.server.role]).toEqual([Role.VIEWER, Role.VIEWER]);
  });

  it("refuses another major version, naming both", () => {
    const pair = new ConnectionPair({ clientLimits: { major: 2 } }).carry();
    expect([pair.client.state, pair.server.state]).toEqual(["closed", "closed"]);
    const reason = pair.taken("client", "closed")[0]?.reason;
    expect(reason?.code).toBe(Code.FailedPrecondition);
    expect(reason?.findDetails(VersionMismatchSchema)[0]).toMatchObject({
      clientMajor: 2,
      clientBuild: "client 1",
      serverMajor: 1,
      serverBuild: "server 1",
    });
  });

  it("accepts another minor version", () => {
    expect(new ConnectionPair({ clientLimits: { minor: 9 } }).carry().client.state).toBe("open");
  });

  it("refuses whom the server does not authorize", () => {
    const authorize = () => {
      throw new ConnectError("bad token", Code.Unauthenticated);
    };
    const pair = new ConnectionPair({ authorize }).carry();
    expect(pair.taken("client", "closed")[0]?.reason.code).toBe(Code.Unauthenticated);
    expect(pair.taken("server", "opened")).toEqual([]);
  });

  it("wants a hello first, and in time", () => {
    const pair = new ConnectionPair();
    expect(pair.inject("server", { case: "ping", value: {} }).map(({ type }) => type)).toEqual(["closed"]);
    const silent = new ConnectionPair();
    expect(silent.server.nextTickAt).toBe(PROTOCOL.helloWithinMs);
    expect(silent.tick("server", PROTOCOL.helloWithinMs - 1)).toEqual([]);
    expect(silent.tick("server", PROTOCOL.helloWithinMs).map(({ type }) => type)).toEqual(["closed"]);
  });

  it("refuses a hello that breaks its rules", () => {
    const pair = new ConnectionPair({ schemaDigest: "not a digest" }).carry();
    expect(pair.server.state).toBe("closed");
    expect(pair.taken("client", "closed")[0]?.reason).toMatchObject({ code: Code.InvalidArgument });
  });
});

describe("unary calls", () => {
  it("carries a request on the lane of the call, and an answer on the lane that the server gives it", () => {
    const pair = new ConnectionPair().open();
    const start = callStart({ lane: Lane.STOP, timeoutMs: 50.2, metadata: { a: "b" }, tail: bytes(3) });
    const sent = pair.client.startCall(start, 0);
    const [opened] = pair.carry().taken("server", "call");
    expect(opened).toMatchObject({
      open: { method: "/a.B/C", timeoutMs: 51, metadata: { a: "b" }, halfClose: true },
      tail: bytes(3),
    });
    const { call: served } = opened as { call: Call };
    // What the client wrote into the frame's header does not count.
    expect(served.lane).toBe(Lane.COMMAND);
    served.lane = Lane.STATE;
    pair.server.sendMessage(served, bytes(2), undefined, true);
    const frames = pair.server.takeFrames();
    expect(frames.map(readLane)).toEqual([Lane.STATE]);
    const events = frames.flatMap((frame) => pair.client.receive(frame, 0));
    expect(events).toEqual([
      { type: "message", call: sent, message: bytes(2), tail: new Uint8Array(0), skipped: 0 },
      { type: "ended", call: sent, error: undefined },
    ]);
    expect([pair.client.openCalls, pair.server.openCalls]).toEqual([0, 0]);
  });

  it("ends a call at both ends when its deadline passes, once each", () => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart({ timeoutMs: 100 }), 0);
    pair.carry();
    expect(pair.client.nextTickAt).toBe(100);
    pair.tick("server", 100);
    pair.tick("client", 100);
    pair.carry();
    expect(pair.taken("client", "ended").map(({ error }) => error?.code)).toEqual([Code.DeadlineExceeded]);
    expect(pair.taken("server", "ended").map(({ error }) => error?.code)).toEqual([Code.DeadlineExceeded]);
  });

  it("tells the server of a cancelled call, and ignores what it still sends", () => {
    const pair = new ConnectionPair().open();
    const sent = pair.client.startCall(callStart(), 0);
    const call = pair.served();
    pair.server.sendMessage(call, bytes(1), undefined, true);
    pair.client.cancelCall(sent, "enough");
    pair.carry();
    expect(pair.events.client).toEqual([]);
    expect(pair.client.state).toBe("open");

    const second = pair.client.startCall(callStart(), 0);
    pair.carry();
    pair.client.cancelCall(second, "enough");
    pair.carry();
    expect(pair.taken("server", "ended")[0]?.error).toMatchObject({ code: Code.Canceled, rawMessage: "enough" });
  });

  it("limits open calls and request size, without losing the connection", () => {
    const limits = { maxOpenCalls: 2, maxRequestBytes: 300 };
    const pair = new ConnectionPair({ limits, clientLimits: PROTOCOL }).open();
    pair.client.startCall(callStart({ message: bytes(400) }), 0);
    pair.client.startCall(callStart(), 0);
    pair.client.startCall(callStart(), 0);
    pair.client.startCall(callStart(), 0);
    const errors = pair
      .carry()
      .taken("client", "ended")
      .map(({ error }) => [error?.code, error?.findDetails(LimitExceededSchema)[0]?.limit]);
    expect(errors).toEqual([
      [Code.ResourceExhausted, "max_request_bytes"],
      [Code.ResourceExhausted, "max_open_calls"],
    ]);
    expect(pair.client.state).toBe("open");
    const local = new ConnectionPair({ limits }).open();
    expect(() => local.client.startCall(callStart({ message: bytes(400) }), 0)).toThrow("The request is too large");
    expect(local.client.takeFrames()).toEqual([]);
  });

  it("refuses an answer that is too large to travel, and leaves the call open", () => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    const call = pair.served();
    expect(() => pair.server.sendMessage(call, bytes(1), bytes(PROTOCOL.maxFrameBytes), true)).toThrow("too large");
    expect(call.ended).toBe(false);
  });
});

describe("streams", () => {
  it("lets a reliable stream send only what was granted", () => {
    const { pair, sent, call } = streaming({ messages: 2, bytes: 1000 });
    expect(call.maySend).toBe(true);
    pair.server.sendMessage(call, bytes(10));
    pair.server.sendMessage(call, bytes(10));
    expect(call.maySend).toBe(false);
    expect(() => pair.server.sendMessage(call, bytes(10))).toThrow("without credit");
    expect(pair.carry().taken("server", "credit")).toEqual([]);
    pair.client.grantCredit(sent, { messages: 1, bytes: 10 });
    expect(pair.carry().taken("server", "credit")).toEqual([{ type: "credit", call }]);
    expect(call.maySend).toBe(true);
  });

  it("counts bytes, tails too; one message may overshoot", () => {
    const { pair, call } = streaming({ messages: 10, bytes: 100 });
    pair.server.sendMessage(call, bytes(10), bytes(500));
    expect([call.credit.messages, call.credit.bytes, call.maySend]).toEqual([9, -410, false]);
    pair.carry();
  });

  it("replaces the waiting message of a latest-wins stream, and counts", () => {
    const { pair, sent, call } = streaming({ messages: 1, bytes: 1000 }, true);
    for (const value of [1, 2, 3, 4]) {
      pair.server.sendMessage(call, Uint8Array.of(value));
    }
    const seen = () =>
      pair
        .carry()
        .taken("client", "message")
        .map(({ message, skipped }) => [message[0], skipped]);
    expect(seen()).toEqual([[1, 0]]);
    pair.client.grantCredit(sent, { messages: 2, bytes: 2 });
    expect(seen()).toEqual([[4, 2]]);
    pair.server.sendMessage(call, Uint8Array.of(5));
    expect(seen()).toEqual([[5, 2]]);
  });

  it("ends a latest-wins stream well only after the waiting message", () => {
    const { pair, sent, call } = streaming({ messages: 1, bytes: 1000 }, true);
    pair.server.sendMessage(call, Uint8Array.of(1));
    pair.server.sendMessage(call, Uint8Array.of(2));
    pair.server.endCall(call);
    pair.carry();
    expect(pair.taken("client", "ended")).toEqual([]);
    pair.client.grantCredit(sent, { messages: 1, bytes: 1 });
    pair.carry();
    expect(pair.taken("client", "message").map(({ message }) => message[0])).toEqual([1, 2]);
    expect(pair.taken("client", "ended").map(({ error }) => error)).toEqual([undefined]);
  });

  it("drops the waiting message when the stream ends with an error", () => {
    const { pair, call } = streaming({ messages: 1, bytes: 1000 }, true);
    pair.server.sendMessage(call, Uint8Array.of(1));
    pair.server.sendMessage(call, Uint8Array.of(2));
    pair.server.endCall(call, new ConnectError("gone", Code.Unavailable));
    pair.carry();
    expect(pair.taken("client", "message")).toHaveLength(1);
    expect(pair.taken("client", "ended")[0]?.error).toMatchObject({ code: Code.Unavailable, rawMessage: "gone" });
  });

  it("drops a server that sends more than was granted", () => {
    const { pair, sent } = streaming({ messages: 1, bytes: 1000 });
    const message = { case: "message", value: { call: sent.number } } as const;
    expect(pair.inject("client", message).map(({ type }) => type)).toEqual(["message"]);
    expect(pair.inject("client", message).map(({ type }) => type)).toEqual(["ended", "closed"]);
  });
});

describe("a peer that breaks the protocol", () => {
  const malformed = JSON.parse(
    readFileSync(new URL("../vectors/malformed.json", import.meta.url), "utf8"),
  ) as MalformedVector[];

  it.each(malformed)("is dropped with the reason: $name", ({ hex }) => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    const events = pair.client.receive(new Uint8Array(Buffer.from(hex, "hex")), 0);
    expect(events.map((event) => event.type)).toEqual(["ended", "closed"]);
    expect(events).toMatchObject([{ error: { code: Code.Internal } }, { reason: { code: Code.InvalidArgument } }]);
    pair.carry();
    expect(pair.taken("server", "closed")[0]?.reason.code).toBe(Code.InvalidArgument);
  });

  it.each([
    ["a call number used twice", { case: "open", value: { call: 1, method: "/a.B/C", halfClose: true } }],
    ["call number 0", { case: "open", value: { call: 0, method: "/a.B/C" } }],
    ["a call number far ahead", { case: "open", value: { call: 4_000_000_000, method: "/a.B/C" } }],
    ["a cancel for a call never opened", { case: "cancel", value: { call: 9 } }],
    ["credit for a call never opened", { case: "credit", value: { call: 9, messages: 1 } }],
    ["a message after half-close", { case: "message", value: { call: 1 } }],
    ["a status from a client", { case: "status", value: { call: 1 } }],
    ["a second hello", { case: "hello", value: {} }],
    ["an open that breaks a rule of the schema", { case: "open", value: { call: 2 } }],
    ["a reason that is too long", { case: "cancel", value: { call: 1, reason: "x".repeat(1001) } }],
  ] as const)("is dropped: %s", (_name, kind) => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    pair.carry();
    pair.inject("server", kind);
    expect(pair.server.state).toBe("closed");
  });

  it.each([
    ["an open from a server", { case: "open", value: { call: 1, method: "/a.B/C" } }],
    ["a message for a call never opened", { case: "message", value: { call: 2 } }],
    ["a cancel from a server", { case: "cancel", value: { call: 1 } }],
    ["a status with a code that nobody knows", { case: "status", value: { call: 1, code: UNKNOWN_CODE } }],
    ["credit from a server", { case: "credit", value: { call: 1, messages: 1 } }],
  ] as const)("is dropped: %s", (_name, kind) => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    pair.inject("client", kind);
    expect(pair.client.state).toBe("closed");
  });

  it("is dropped: an envelope that protobuf-es would read, though it has not the form of one", () => {
    const pair = new ConnectionPair().open();
    // A nested message that ends beyond what encloses it.
    pair.server.receive(new Uint8Array(Buffer.from("4d5301040100000008000000000000003a0612aa80a38d0a", "hex")), 0);
    expect(pair.server.state).toBe("closed");
  });

  it("lets a later call overtake an earlier one, as lanes do", () => {
    const pair = new ConnectionPair().open();
    pair.inject("server", { case: "open", value: { call: 2, method: "/a.B/C", halfClose: true } });
    pair.inject("server", { case: "open", value: { call: 1, method: "/a.B/C", halfClose: true } });
    expect([pair.server.state, pair.server.openCalls]).toEqual(["open", 2]);
  });
});

describe("liveness", () => {
  const { pingAfterIdleMs, lostAfterSilenceMs } = PROTOCOL;

  it("pings when idle, and measures the clocks", () => {
    const pair = new ConnectionPair().open();
    expect(pair.client.clockAt(0)).toMatchObject({ offsetNs: 0n, roundTripMs: 0 });
    expect(pair.client.nextTickAt).toBe(pingAfterIdleMs);
    pair.tick("client", pingAfterIdleMs);
    expect(pair.client.takeFrames()).toHaveLength(1);
  });

  it("measures at both ends from the beginning, and again at least every 2 s, whatever the traffic", () => {
    const pair = new ConnectionPair().open();
    const pingsAt: Record<"client" | "server", number[]> = { client: [], server: [] };
    for (let now = 100; now <= 6100; now += 100) {
      for (const side of ["client", "server"] as const) {
        pair.now = now;
        pair.inject(side, { case: "pong", value: {} });
        pair.tick(side, now);
        const pings = pair[side].takeFrames().filter((frame) => decodeEnvelope(decodeFrame(frame)).case === "ping");
        pingsAt[side].push(...pings.map(() => now));
      }
    }
    expect([pair.client.clockMeasurements > 0, pair.server.clockMeasurements > 0]).toEqual([true, true]);
    expect(pingsAt).toEqual({ client: [2000, 4000, 6000], server: [2000, 4000, 6000] });
  });

  it("calls the peer lost after the silence, and fails calls", () => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    for (let now = pingAfterIdleMs; now < lostAfterSilenceMs; now += pingAfterIdleMs) {
      expect(pair.tick("client", now)).toEqual([]);
    }
    pair.tick("client", lostAfterSilenceMs);
    expect(pair.taken("client", "ended")[0]?.error?.code).toBe(Code.Unavailable);
    expect(pair.taken("client", "closed")[0]?.reason.code).toBe(Code.Unavailable);
  });

  it("takes any traffic as a sign of life", () => {
    const pair = new ConnectionPair().open();
    for (let now = 900; now < 20_000; now += 900) {
      pair.now = now;
      pair.inject("client", { case: "ping", value: {} });
      pair.tick("client", now);
    }
    expect(pair.client.state).toBe("open");
  });

  it("does not take its own standstill for a dead peer", () => {
    const pair = new ConnectionPair().open();
    pair.tick("client", 60_000);
    expect(pair.client.state).toBe("open");
    expect(pair.client.takeFrames()).toHaveLength(1);
    pair.tick("client", 61_000);
    for (let now = 62_000; now <= 65_000; now += 1000) {
      pair.tick("client", now);
    }
    expect(pair.client.state).toBe("closed");
  });
});

describe("the end of a connection", () => {
  it("fails the calls of both ends when one closes it", () => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    pair.carry();
    const events = pair.server.close(new ConnectError("shutting down", Code.Unavailable));
    expect(events.map(({ type }) => type)).toEqual(["ended", "closed"]);
    pair.carry();
    expect(pair.taken("client", "ended")[0]?.error?.rawMessage).toBe("shutting down");
    expect(() => pair.client.startCall(callStart(), 0)).toThrow("takes no new calls");
    expect(pair.client.nextTickAt).toBe(Infinity);
  });

  it("drains: open calls finish, new ones are refused, then it closes", () => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart(), 0);
    const call = pair.served();
    pair.client.startCall(callStart(), 0);
    pair.server.drain();
    pair.carry();
    expect([pair.client.state, pair.server.state]).toEqual(["draining", "draining"]);
    expect(pair.taken("client", "ended").map(({ error }) => error?.code)).toEqual([Code.Unavailable]);
    pair.server.sendMessage(call, bytes(1), undefined, true);
    pair.carry();
    expect(pair.taken("client", "message")).toHaveLength(1);
    expect([pair.client.state, pair.server.state]).toEqual(["closed", "closed"]);
  });

  it("drains also when the last open call ends by its deadline", () => {
    const pair = new ConnectionPair().open();
    pair.client.startCall(callStart({ timeoutMs: 500 }), 0);
    pair.served();
    pair.server.drain();
    pair.carry();
    pair.tick("client", 500);
    pair.tick("server", 500);
    expect([pair.client.state, pair.server.state]).toEqual(["closed", "closed"]);
  });
});
