import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Call } from "../../src/rpc/call";
import { ConnectionPair, callStart } from "./support/connection-pair";
import { bytes, exhausted, giveBack, leaving, limits, serving, told, wide } from "./support/served-calls";

describe("the connection's credit", () => {
  it("counts whole frames of messages, parts and statuses, and nothing else", () => {
    const { pair, calls } = serving([Lane.STATE, Lane.FRAME, Lane.COMMAND]);
    pair.server.sendMessage(calls[0], bytes(10), bytes(100));
    pair.server.sendMessage(calls[1], bytes(1900), bytes(500));
    pair.server.endCall(calls[2]);
    pair.server.ping(1);
    const frames = leaving(pair);
    expect(frames.map(({ kind }) => kind.case)).toEqual(["message", "part", "part", "part", "status", "ping"]);
    const counted = frames.filter(({ kind }) => kind.case !== "ping").reduce((sum, { length }) => sum + length, 0);
    expect(pair.server.bytesInFlight).toBe(counted);
    giveBack(pair, counted - 10);
    expect(pair.server.bytesInFlight).toBe(10);
    giveBack(pair, 4_000_000_000);
    expect(pair.server.bytesInFlight).toBe(0);
  });

  it("makes state and frame lanes wait, in that order, but neither stop nor command", () => {
    const { pair, calls } = exhausted([Lane.FRAME, Lane.STATE]);
    expect(calls.map(({ maySend }) => maySend)).toEqual([false, false, true]);
    pair.server.sendMessage(calls[0], bytes(1));
    pair.server.sendMessage(calls[1], bytes(1));
    pair.server.sendMessage(calls[2], bytes(1));
    expect(told(pair)).toEqual(["message 3"]);
    giveBack(pair, 3000);
    expect(told(pair)).toEqual(["message 2", "message 1"]);
  });

  it("is given back by the client for what arrives, whether anybody takes it or not", () => {
    const { pair, calls } = serving([Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(600));
    pair.carry();
    expect(pair.server.bytesInFlight).toBeGreaterThan(600);
    pair.server.sendMessage(calls[0], bytes(600));
    pair.carry();
    expect(pair.server.bytesInFlight).toBe(0);
    // Also for a call that has ended at the client.
    const [mine] = pair.taken("client", "message").map(({ call }) => call);
    pair.server.sendMessage(calls[0], bytes(1200));
    const [late] = pair.server.takeFrames();
    pair.client.cancelCall(mine as Call, "enough");
    pair.client.receive(late as Uint8Array, 0);
    pair.carry();
    expect(pair.server.bytesInFlight).toBeLessThan(limits.partBytes);
  });

  it("lets waiting calls of a lane go in turn, one message each", () => {
    const { pair, calls } = exhausted([Lane.FRAME, Lane.FRAME], { latestWins: true });
    pair.server.sendMessage(calls[0], bytes(1900));
    pair.server.sendMessage(calls[1], bytes(1900));
    const order: string[] = [];
    for (let round = 0; round < 6; round++) {
      giveBack(pair, 1900);
      order.push(...told(pair));
      pair.server.sendMessage(calls[0], bytes(1900));
      pair.server.sendMessage(calls[1], bytes(1900));
    }
    expect(order).toEqual(["message 1", "message 2", "message 1", "message 2", "message 1", "message 2"]);
  });

  it("tells reliable streams in turn when they may go on, also beside others that never rest", () => {
    const { pair, calls } = exhausted([Lane.FRAME, Lane.FRAME, Lane.FRAME]);
    calls[0].latestWins = true;
    const order: number[] = [];
    pair.server.sendMessage(calls[0], bytes(1900));
    pair.server.awaitCredit(calls[1]);
    pair.server.awaitCredit(calls[2]);
    for (let round = 0; round < 12; round++) {
      giveBack(pair, 1950);
      order.push(...leaving(pair).flatMap(({ kind }) => (kind.case === "message" ? [kind.value.call] : [])));
      for (const { call } of pair.taken("server", "credit")) {
        pair.server.sendMessage(call, bytes(1900));
        pair.server.awaitCredit(call);
      }
      pair.server.sendMessage(calls[0], bytes(1900));
    }
    const times = [1, 2, 3].map((number) => order.filter((call) => call === number).length);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(3);
  });

  it("does not forget a reliable stream that waits for word while its message waits, when its own credit comes", () => {
    const { pair, calls } = exhausted([Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(10));
    pair.server.awaitCredit(calls[0]);
    pair.inject("server", { case: "credit", value: { call: 1, messages: 1, bytes: 10 } });
    expect(pair.taken("server", "credit")).toEqual([]);
    giveBack(pair, 3000);
    expect(told(pair)).toEqual(["message 1"]);
    expect(pair.taken("server", "credit")).toMatchObject([{ call: calls[0] }]);
  });

  it("keeps the slot of a latest-wins stream open to newer messages until it can really leave", () => {
    const { pair, calls } = exhausted([Lane.FRAME], { latestWins: true });
    for (const value of [1, 2, 3]) {
      pair.server.sendMessage(calls[0], Uint8Array.of(value));
    }
    giveBack(pair, 3000);
    expect(leaving(pair)[0]?.kind).toMatchObject({
      case: "message",
      value: { message: Uint8Array.of(3), skipped: 2n },
    });
  });

  it("never lets an end overtake the messages of its call", () => {
    const { pair, calls } = exhausted([Lane.FRAME, Lane.STATE, Lane.STATE]);
    pair.server.sendMessage(calls[0], bytes(1));
    pair.server.endCall(calls[0]);
    pair.server.endCall(calls[1]);
    pair.server.endCall(calls[2], new ConnectError("no", Code.Aborted));
    expect(told(pair)).toEqual([]);
    expect([calls[0].ended, calls[1].ended, calls[2].ended]).toEqual([false, false, true]);
    giveBack(pair, 3000);
    expect(told(pair)).toEqual(["status 2 0", `status 3 ${Code.Aborted}`, "message 1 last"]);
    expect([...pair.ends.values()]).toEqual([1, 1, 1]);
  });

  it("makes answers of unary calls wait too, which may still be cancelled or come too late", () => {
    const { pair, calls } = exhausted([Lane.STATE, Lane.STATE, Lane.STATE], { stream: false });
    calls.slice(0, 3).forEach((call) => pair.server.sendMessage(call, bytes(5), undefined, true));
    pair.inject("server", { case: "cancel", value: { call: 2 } });
    giveBack(pair, 3000);
    expect(told(pair)).toEqual(["message 1 last", "message 3 last", `status 2 ${Code.Canceled}`]);
  });

  it("ends a draining connection only after what waits", () => {
    const { pair, calls } = serving([Lane.STATE]);
    pair.server.sendMessage(calls[0], bytes(1500));
    pair.server.sendMessage(calls[0], bytes(1500));
    pair.server.endCall(calls[0], new ConnectError("no", Code.Aborted));
    pair.server.drain();
    expect([pair.server.openCalls, pair.server.state]).toEqual([0, "draining"]);
    giveBack(pair, 3000);
    expect(pair.server.state).toBe("closed");
    expect(told(pair).at(-1)).toBe(`status 1 ${Code.Aborted}`);
  });

  it("refuses new calls, then messages, and then ends the connection, when urgent answers are not read", () => {
    const { pair, calls } = exhausted([Lane.COMMAND, Lane.COMMAND]);
    const { connectionCreditBytes, maxPendingBytes } = limits;
    const excess = () => pair.server.bytesInFlight - connectionCreditBytes;
    const send = () => pair.server.sendMessage(calls[0], bytes(1900));
    let number = 10;
    /** The status that a new call ends with at once; undefined when it is taken. */
    const open = () => {
      const value = { call: ++number, method: "/a.B/C", hasMessage: true, halfClose: true };
      pair.events.server.push(...pair.inject("server", { case: "open", value }));
      const statuses = leaving(pair).flatMap(({ lane, kind }) =>
        kind.case === "status" ? [{ lane, ...kind.value }] : [],
      );
      return statuses[0];
    };
    while (excess() <= maxPendingBytes) {
      expect(open()).toBeUndefined();
      send();
    }
    expect(open()).toMatchObject({ lane: Lane.COMMAND, code: Code.ResourceExhausted });
    while (excess() + 2100 <= 2 * maxPendingBytes) {
      send();
    }
    expect(send).toThrow("pending");
    // Its call may still say why it ends, and the connection stays.
    pair.server.endCall(calls[0], new ConnectError("too much", Code.ResourceExhausted));
    expect([told(pair).at(-1), pair.server.state]).toEqual([`status 1 ${Code.ResourceExhausted}`, "open"]);
    while (excess() <= 3 * maxPendingBytes) {
      expect(pair.server.state).toBe("open");
      open();
    }
    expect(pair.server.state).toBe("closed");
    const [closed] = pair.taken("server", "closed");
    expect(closed?.reason.findDetails(LimitExceededSchema)[0]).toMatchObject({
      limit: "max_pending_bytes",
      allowed: BigInt(3 * maxPendingBytes),
    });
  });

  it("ends the call whose waiting message would go too far, when its own credit comes", () => {
    const { pair, calls } = serving([Lane.COMMAND, Lane.COMMAND]);
    Object.assign(calls[0], { latestWins: true });
    calls[0].credit.spend(1_000_000);
    pair.server.sendMessage(calls[0], bytes(1900));
    while (pair.server.bytesInFlight + 2100 <= limits.connectionCreditBytes + 2 * limits.maxPendingBytes) {
      pair.server.sendMessage(calls[1], bytes(1900));
    }
    leaving(pair);
    pair.inject("server", { case: "credit", value: { call: 1, messages: 1, bytes: 10 } });
    expect(told(pair)).toEqual([`status 1 ${Code.ResourceExhausted}`]);
    expect([pair.server.state, pair.ends.get(calls[0])]).toEqual(["open", 1]);
  });

  it("bounds the statuses and answers that wait", () => {
    const { pair } = exhausted([]);
    let refusedAfter = 0;
    for (let number = 2; number < 200 && refusedAfter === 0; number++) {
      const value = { call: number, method: "/a.B/C", hasMessage: true, halfClose: true };
      const [event] = pair.inject("server", { case: "open", value });
      if (event?.type === "call") {
        event.call.lane = Lane.FRAME;
        pair.inject("server", { case: "cancel", value: { call: number } });
      } else {
        refusedAfter = number;
      }
    }
    expect(refusedAfter).toBeGreaterThan(10);
    const { pair: second, calls } = exhausted([Lane.STATE, Lane.STATE, Lane.STATE], { stream: false });
    const answer = (index: 0 | 1 | 2) => () =>
      second.server.sendMessage(calls[index], bytes(limits.maxPendingBytes), undefined, true);
    answer(0)();
    answer(1)();
    expect(answer(2)).toThrow("pending");
    expect(calls[2].ended).toBe(false);
  });

  it("does not exist for a peer of 1.0, to which frames travel whole", () => {
    const pair = new ConnectionPair({ limits, clientLimits: { minor: 0 } }).open();
    pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    const call = pair.served();
    Object.assign(call, { lane: Lane.FRAME, credited: true });
    for (let message = 0; message < 5; message++) {
      pair.server.sendMessage(call, bytes(10), bytes(5000));
    }
    expect(told(pair)).toEqual(Array<string>(5).fill("message 1"));
    expect(pair.server.bytesInFlight).toBe(0);
    giveBack(pair, 1);
    expect(pair.server.state).toBe("closed");
  });

  it("is not given back to a server of 1.0, whose parts would be a breach", () => {
    const pair = new ConnectionPair({ limits: { ...limits, minor: 0 }, clientLimits: { minor: 1 } }).open();
    pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    pair.served();
    pair.inject("client", { case: "message", value: { call: 1, message: bytes(5000) } });
    expect(pair.client.takeFrames()).toEqual([]);
    pair.inject("client", { case: "part", value: { call: 1, frameBytes: 5000 } }, bytes(10));
    expect(pair.client.state).toBe("closed");
  });
});

describe("the limits of a new call", () => {
  it("are looked at in order: the length of the request, the open calls, the pending bytes", () => {
    const few = { maxRequestBytes: 100, maxOpenCalls: 1, maxPendingBytes: 150 };
    const pair = new ConnectionPair({ limits: few }).open();
    const refusal = (length: number) => {
      try {
        pair.client.startCall(callStart({ message: bytes(length) }), 0);
      } catch (error) {
        return ConnectError.from(error).findDetails(LimitExceededSchema)[0]?.limit;
      }
      return undefined;
    };
    expect([refusal(50), refusal(200), refusal(50)]).toEqual([undefined, "max_request_bytes", "max_open_calls"]);
  });
});

describe("the pending bytes of requests", () => {
  it("are bounded at both ends, over all open calls", () => {
    const small = { maxPendingBytes: 1000 };
    const pair = new ConnectionPair({ limits: small, clientLimits: { maxPendingBytes: 100_000 } }).open();
    pair.client.startCall(callStart({ message: bytes(600) }), 0);
    const [first] = pair.carry().taken("server", "call");
    pair.client.startCall(callStart({ message: bytes(600) }), 0);
    const [refused] = pair.carry().taken("client", "ended");
    expect(refused?.error?.findDetails(LimitExceededSchema)[0]).toMatchObject({
      limit: "max_pending_bytes",
      allowed: 1000n,
    });
    pair.server.sendMessage(first?.call as Call, bytes(1), undefined, true);
    pair.client.startCall(callStart({ message: bytes(600) }), 0);
    expect(pair.carry().taken("server", "call")).toHaveLength(1);

    const local = new ConnectionPair({ limits: small }).open();
    local.client.startCall(callStart({ message: bytes(600) }), 0);
    expect(() => local.client.startCall(callStart({ message: bytes(600) }), 0)).toThrow("pending");
    expect(local.client.openCalls).toBe(1);
  });
});
