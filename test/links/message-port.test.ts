import { Code } from "@connectrpc/connect";
import { EventEmitter } from "node:events";
import { MessageChannel as NodeMessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { messagePortLink } from "../../src/links";
import type { AnyPort } from "../../src/links";
import { createChannel, createClient, createServer, encodeFrame, PROTOCOL } from "../../src/rpc";
import type { Channel } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";

/** A port as Electron's main and utility processes have it: an emitter, silent until started. */
class EmitterPort extends EventEmitter {
  peer: EmitterPort | undefined;
  readonly posted: unknown[] = [];
  #started = false;
  #waiting: unknown[] = [];

  postMessage(message: unknown): void {
    this.posted.push(message);
    const data: unknown = structuredClone(message);
    queueMicrotask(() => this.peer?.arrive(data));
  }
  arrive(data: unknown): void {
    if (this.#started) {
      this.emit("message", { data });
    } else {
      this.#waiting.push(data);
    }
  }
  start(): void {
    this.#started = true;
    this.#waiting.splice(0).forEach((data) => this.emit("message", { data }));
  }
  close(): void {
    queueMicrotask(() => {
      this.emit("close", {});
      this.peer?.emit("close", {});
    });
  }
}

function emitterPair(): [EmitterPort, EmitterPort] {
  const [a, b] = [new EmitterPort(), new EmitterPort()];
  a.peer = b;
  b.peer = a;
  return [a, b];
}

const kinds: [string, () => [AnyPort, AnyPort]][] = [
  [
    "the ports of the browser's kind",
    () => {
      const { port1, port2 } = new MessageChannel();
      return [port1, port2] as unknown as [AnyPort, AnyPort];
    },
  ],
  [
    "ports of Node's worker threads",
    () => {
      const { port1, port2 } = new NodeMessageChannel();
      return [port1, port2] as unknown as [AnyPort, AnyPort];
    },
  ],
  ["emitters, as in Electron's main process", emitterPair],
];

describe.each(kinds)("messagePortLink over %s", (_name, makePair) => {
  let channel: Channel | undefined;
  afterEach(() => channel?.close());

  it("carries calls and streams, and the close of the other end", async () => {
    const [near, far] = makePair();
    const server = createServer({ build: "s", session: "1", epoch: 1n });
    server.register(DiagnosticsService, diagnosticsService());
    server.accept(messagePortLink(far), { role: Role.OPERATOR, label: "port" });
    channel = createChannel({ dial: () => messagePortLink(near), label: "", role: Role.OPERATOR, build: "" });
    const client = createClient(DiagnosticsService, channel.transport);
    expect((await client.echo({ payload: Uint8Array.of(5) })).payload).toEqual(Uint8Array.of(5));
    const blocks: number[] = [];
    for await (const { block } of client.flood({ messageBytes: 100_000, messages: 10 })) {
      expect(block.byteOffset % 16).toBe(0);
      expect(block.every((byte) => byte === 0)).toBe(true);
      blocks.push(block.length);
    }
    expect(blocks).toEqual(Array.from({ length: 10 }, () => 100_000));
    const lost = new Promise((resolve) => channel?.subscribe(({ phase }) => phase === "lost" && resolve(phase)));
    far.close();
    expect(await lost).toBe("lost");
  });

  it.each([
    ["a string", "hello"],
    ["an object", { data: 1 }],
    ["other numbers", new Uint16Array(8)],
  ])("closes on a message that is no Uint8Array: %s", async (_what, message) => {
    const [near, far] = makePair();
    const closed = new Promise((resolve) => messagePortLinkClosed(far, resolve));
    near.postMessage(message as unknown as Uint8Array);
    expect(await closed).toMatchObject({ code: Code.InvalidArgument });
    near.close();
  });
});

function messagePortLinkClosed(port: AnyPort, told: (reason: unknown) => void): void {
  const link = messagePortLink(port);
  link.onFrame(() => undefined);
  link.onClose(told);
}

describe("messagePortLink", () => {
  it("hands over plain Uint8Arrays, without a copy", () => {
    const [near] = emitterPair();
    const got: Uint8Array[] = [];
    messagePortLink(near).onFrame((frame) => got.push(frame));
    const buffer = Buffer.from(encodeFrame(1, 1, Uint8Array.of(1)));
    near.emit("message", { data: buffer });
    expect(got[0]?.constructor).toBe(Uint8Array);
    expect(got[0]?.buffer).toBe(buffer.buffer);
  });

  it("closes on a frame over the limit", () => {
    const [near] = emitterPair();
    const link = messagePortLink(near);
    const onClose = vi.fn();
    link.onFrame(() => undefined);
    link.onClose(onClose);
    near.emit("message", { data: new Uint8Array(PROTOCOL.maxFrameBytes + 1) });
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("closes on a small view of a buffer over the limit", () => {
    const [near] = emitterPair();
    const link = messagePortLink(near);
    const onClose = vi.fn();
    link.onFrame(() => undefined);
    link.onClose(onClose);
    near.emit("message", { data: new Uint8Array(PROTOCOL.maxFrameBytes + 1).subarray(0, 16) });
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("closes, and throws nothing, when its port takes no more", async () => {
    const [near] = emitterPair();
    const link = messagePortLink(near);
    const onClose = vi.fn();
    link.onClose(onClose);
    near.postMessage = () => {
      throw new Error("out of memory");
    };
    link.send(new Uint8Array(1));
    link.send(new Uint8Array(1));
    await Promise.resolve();
    expect(onClose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: Code.Unavailable }));
  });

  it("posts nothing after it was closed", () => {
    const [near] = emitterPair();
    const link = messagePortLink(near);
    link.close("done");
    link.send(new Uint8Array(1));
    expect(near.posted).toEqual([]);
  });
});
