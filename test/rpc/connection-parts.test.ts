import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { PROTOCOL } from "../../src/rpc";
import { Outbox } from "../../src/rpc/outbox";
import { ConnectionPair, callStart } from "./support/connection-pair";
import { bytes, giveBack, leaving, limits, serving, told, wide } from "./support/served-calls";

describe("parts on a connection", () => {
  it("carry a long message, its tail aligned, and count as one message", () => {
    const { pair, calls } = serving([Lane.FRAME]);
    const tail = Uint8Array.from({ length: 2900 }, (_value, index) => index);
    pair.server.sendMessage(calls[0], bytes(5), tail);
    pair.carry();
    pair.server.sendMessage(calls[0], bytes(5), undefined, true);
    pair.carry();
    const messages = pair.taken("client", "message");
    expect(messages.map(({ message, tail: got }) => [message.length, got.length])).toEqual([
      [5, 2900],
      [5, 0],
    ]);
    expect(messages[0]?.tail).toEqual(tail);
    expect((messages[0]?.tail.byteOffset ?? 1) % 16).toBe(0);
    expect(pair.taken("client", "ended").map(({ error }) => error)).toEqual([undefined]);
  });

  it("wait for credit one by one, and urgent frames pass between them", () => {
    const { pair, calls } = serving([Lane.FRAME, Lane.STOP]);
    pair.server.sendMessage(calls[0], bytes(5), bytes(9000));
    const first = told(pair);
    expect(first).toEqual(Array<string>(first.length).fill("part 1"));
    expect(pair.server.bytesInFlight).toBeLessThan(limits.connectionCreditBytes + limits.partBytes + 100);
    pair.server.sendMessage(calls[1], bytes(5), undefined, true);
    expect(told(pair)).toEqual(["message 2 last"]);
    giveBack(pair, 1200);
    expect(told(pair)).toEqual(["part 1"]);
  });

  it("of two messages of a lane are not mixed, but those of two lanes, and short messages between them, are", () => {
    const { pair, calls } = serving([Lane.FRAME, Lane.FRAME, Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(5), bytes(4500));
    pair.server.sendMessage(calls[1], bytes(5), bytes(4500));
    pair.server.sendMessage(calls[2], bytes(5));
    const order = told(pair);
    for (let round = 0; round < 6; round++) {
      giveBack(pair, 3000);
      order.push(...told(pair));
    }
    const inOrder = order.map((line) => line.at(-1)).join("");
    // The short one has its turn between two pieces of the first long one, the second waits for the end of the first.
    expect(inOrder.replaceAll("3", "")).toBe("1".repeat(6) + "2".repeat(6));
    expect(inOrder.indexOf("3")).toBeLessThan(6);
  });

  it("give way to the next long message when their call has ended", () => {
    const { pair, calls } = serving([Lane.FRAME, Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(5), bytes(9000));
    pair.server.sendMessage(calls[1], bytes(5), bytes(4500));
    pair.inject("server", { case: "cancel", value: { call: 1 } });
    told(pair);
    giveBack(pair, 3000);
    expect(told(pair).filter((line) => line === "part 2").length).toBeGreaterThan(1);
  });

  it("are dropped when their call is cancelled, here and there", () => {
    const { pair, calls } = serving([Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(5), bytes(9000));
    pair.inject("server", { case: "cancel", value: { call: 1 } });
    leaving(pair);
    giveBack(pair, 3000);
    expect(told(pair)).toEqual([`status 1 ${Code.Canceled}`]);
    giveBack(pair, 3000);
    expect(told(pair)).toEqual([]);
  });

  it("of the next message wait for the status of the call that ended between its own", () => {
    const { pair, calls } = serving([Lane.FRAME, Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(5), bytes(9000));
    pair.server.sendMessage(calls[1], bytes(5), bytes(4500));
    told(pair);
    pair.server.endCall(calls[0], new ConnectError("broke", Code.DataLoss));
    giveBack(pair, 3000);
    const [first, second] = told(pair);
    expect([first, second]).toEqual([`status 1 ${Code.DataLoss}`, "part 2"]);
  });

  it("may end with a status between them", () => {
    const { pair, calls } = serving([Lane.FRAME]);
    pair.server.sendMessage(calls[0], bytes(5), bytes(9000));
    pair.server.endCall(calls[0], new ConnectError("broke", Code.DataLoss));
    for (let round = 0; round < 5; round++) {
      pair.carry();
    }
    expect(pair.taken("client", "message")).toEqual([]);
    expect(pair.taken("client", "ended")[0]?.error).toMatchObject({ code: Code.DataLoss, rawMessage: "broke" });
    expect(pair.client.state).toBe("open");
  });

  it.each([
    ["that does not begin at 0", [{ offset: 1 }]],
    ["that leaves a gap", [{ offset: 0 }, { offset: 11 }]],
    ["of another length of the whole", [{ offset: 0 }, { offset: 10, frameBytes: 99 }]],
    ["that announces too much", [{ offset: 0, frameBytes: PROTOCOL.maxFrameBytes + 1 }]],
    ["of a call never opened", [{ call: 2 }]],
    ["beyond the credit", [{ call: 1 }], { messages: 0, bytes: 0 }],
    [
      "of what is no frame",
      [
        { offset: 0, frameBytes: 20 },
        { offset: 10, frameBytes: 20 },
      ],
    ],
  ] as const)("drop the connection: one %s", (_name, parts, credit: { messages: number; bytes: number } = wide) => {
    const pair = new ConnectionPair({ limits }).open();
    pair.client.startCall(callStart({ stream: true, credit }), 0);
    for (const value of parts) {
      expect(pair.client.state).toBe("open");
      pair.inject("client", { case: "part", value: { call: 1, frameBytes: 100, ...value } }, bytes(10));
    }
    expect(pair.client.state).toBe("closed");
  });

  it("drop the connection when a message comes between them, or a client sends one", () => {
    const pair = new ConnectionPair({ limits }).open();
    pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    pair.inject("client", { case: "part", value: { call: 1, frameBytes: 100 } }, bytes(10));
    pair.inject("client", { case: "message", value: { call: 1 } });
    expect(pair.client.state).toBe("closed");
    const second = new ConnectionPair({ limits }).open();
    second.client.startCall(callStart(), 0);
    second.carry();
    second.inject("server", { case: "part", value: { call: 1, frameBytes: 100 } }, bytes(10));
    expect(second.server.state).toBe("closed");
  });

  it("of a call that has ended are passed over", () => {
    const pair = new ConnectionPair({ limits }).open();
    const call = pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    pair.inject("client", { case: "part", value: { call: 1, frameBytes: 100 } }, bytes(10));
    pair.client.cancelCall(call, "enough");
    pair.inject("client", { case: "part", value: { call: 1, frameBytes: 100, offset: 10 } }, bytes(10));
    expect([pair.client.state, call.parts]).toEqual(["open", undefined]);
  });

  it("must hold a message of their call", () => {
    const inner = new Outbox().encode(Lane.COMMAND, { case: "message", value: { call: 1, message: bytes(20) } });
    const whole = (call: number, frame: Uint8Array) => {
      const pair = new ConnectionPair({ limits }).open();
      pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
      pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
      return pair.inject("client", { case: "part", value: { call, frameBytes: frame.length } }, frame);
    };
    expect(whole(1, inner).map(({ type }) => type)).toEqual(["message"]);
    expect(whole(2, inner).map(({ type }) => type)).toEqual(["ended", "ended", "closed"]);
    const status = new Outbox().encode(Lane.COMMAND, { case: "status", value: { call: 1 } });
    expect(whole(1, status).at(-1)?.type).toBe("closed");
    const wrong = new Outbox().encode(Lane.STATE, { case: "message", value: { call: 1, message: bytes(20) } });
    expect(whole(1, wrong).at(-1)?.type).toBe("closed");
  });

  it("of one lane belong to one message at a time", () => {
    const pair = new ConnectionPair({ limits }).open();
    const first = pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    pair.client.startCall(callStart({ stream: true, credit: wide }), 0);
    const part = (call: number) => pair.inject("client", { case: "part", value: { call, frameBytes: 100 } }, bytes(10));
    part(1);
    pair.client.cancelCall(first, "enough");
    part(2);
    expect(pair.client.state).toBe("open");
    part(3);
    expect(pair.client.state).toBe("closed");
  });
});
