import { Code } from "@connectrpc/connect";
import type { ConnectError } from "@connectrpc/connect";
import { createServer as createSocketServer, connect } from "node:net";
import type { Socket } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { byteStreamLink } from "../../src/links";
import type { ByteDuplex } from "../../src/links";
import {
  createChannel,
  createClient,
  createServer,
  encodeFrame,
  MOST_WAITING_BYTES,
  readConnection,
  readLane,
} from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";

/** A stream that takes so many bytes and then wants none until it is drained. */
class FakeDuplex implements ByteDuplex {
  readonly written: Uint8Array[] = [];
  full = false;
  destroyed = false;
  drain: () => void = () => undefined;
  data: (chunk: Uint8Array) => void = () => undefined;
  closed: (error?: Error) => void = () => undefined;

  write(chunk: Uint8Array): boolean {
    this.written.push(chunk);
    return !this.full;
  }
  onDrain(listener: () => void): void {
    this.drain = listener;
  }
  onData(listener: (chunk: Uint8Array) => void): void {
    this.data = listener;
  }
  onClose(listener: (error?: Error) => void): void {
    this.closed = listener;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

const frame = (lane: Lane, tailBytes = 0) => encodeFrame(lane, 1, Uint8Array.of(1), new Uint8Array(tailBytes));

describe("byteStreamLink", () => {
  it("lets a stop overtake pictures that wait", () => {
    const stream = new FakeDuplex();
    const link = byteStreamLink(stream);
    stream.full = true;
    link.send(frame(Lane.FRAME, 50));
    link.send(frame(Lane.FRAME, 60));
    link.send(frame(Lane.COMMAND));
    link.send(frame(Lane.STOP));
    expect(stream.written).toHaveLength(1);
    stream.drain();
    expect(stream.written.map(readLane)).toEqual([Lane.FRAME, Lane.STOP]);
    stream.full = false;
    stream.drain();
    expect(stream.written.map(readLane)).toEqual([Lane.FRAME, Lane.STOP, Lane.COMMAND, Lane.FRAME]);
  });

  it("forgets what waits of a closed connection, and of no other", () => {
    const stream = new FakeDuplex();
    const link = byteStreamLink(stream);
    stream.full = true;
    link.send(frame(Lane.COMMAND));
    for (const connection of [1, 2, 1]) {
      link.send(encodeFrame(Lane.FRAME, connection, new Uint8Array(0)));
    }
    link.forget(1);
    expect(link.waitingBytes?.(1)).toBe(0);
    stream.full = false;
    stream.drain();
    expect(stream.written.slice(1).map(readConnection)).toEqual([2]);
  });

  it("closes itself, with the reason, when the other end does not read", async () => {
    const stream = new FakeDuplex();
    const link = byteStreamLink(stream);
    const reasons: ConnectError[] = [];
    link.onClose((reason) => reasons.push(reason));
    stream.full = true;
    link.send(frame(Lane.COMMAND));
    const mebibytes = MOST_WAITING_BYTES / 1024 / 1024;
    for (let sent = 0; sent < mebibytes; sent++) {
      link.send(frame(Lane.FRAME, 1024 * 1024 - 64));
    }
    link.send(frame(Lane.STOP));
    await Promise.resolve();
    expect([reasons.length, stream.destroyed]).toEqual([0, false]);
    link.send(frame(Lane.FRAME, 1024 * 1024));
    link.send(frame(Lane.STOP));
    await Promise.resolve();
    expect(reasons).toMatchObject([{ code: Code.ResourceExhausted }]);
    expect([stream.destroyed, stream.written.length, link.waitingBytes?.(1)]).toEqual([true, 1, 0]);
  });

  it("delivers frames, and what came before anybody listened", () => {
    const stream = new FakeDuplex();
    const link = byteStreamLink(stream);
    stream.data(frame(Lane.STATE));
    const got: number[] = [];
    link.onFrame((bytes) => got.push(readLane(bytes)));
    stream.data(frame(Lane.COMMAND));
    expect(got).toEqual([Lane.STATE, Lane.COMMAND]);
  });

  it("closes on bytes that are no frame, with the reason, and reads no further", () => {
    const stream = new FakeDuplex();
    const link = byteStreamLink(stream);
    const onFrame = vi.fn();
    const onClose = vi.fn();
    link.onFrame(onFrame);
    link.onClose(onClose);
    stream.data(new Uint8Array(64));
    stream.data(frame(Lane.STATE));
    expect(onFrame).not.toHaveBeenCalled();
    expect(stream.destroyed).toBe(true);
    expect(onClose).toHaveBeenCalledWith(expect.objectContaining({ code: Code.InvalidArgument }));
  });

  it("lets what was sent go out when it is closed", () => {
    const stream = new FakeDuplex();
    const link = byteStreamLink(stream);
    stream.full = true;
    link.send(frame(Lane.FRAME, 50));
    link.send(frame(Lane.COMMAND));
    link.close("done");
    link.send(frame(Lane.COMMAND));
    expect(stream.written).toHaveLength(2);
  });

  it("tells once why the stream ended", () => {
    const stream = new FakeDuplex();
    const onClose = vi.fn();
    const link = byteStreamLink(stream);
    link.onClose(onClose);
    stream.closed(new Error("ECONNRESET"));
    stream.closed();
    link.close("again");
    expect(onClose).toHaveBeenCalledOnce();
    expect(onClose).toHaveBeenCalledWith(expect.objectContaining({ code: Code.Unavailable }));
  });
});

describe("over a real local socket", () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      await cleanup();
    }
  });

  const duplex = (socket: Socket): ByteDuplex => ({
    write: (chunk) => socket.write(chunk),
    onDrain: (listener) => socket.on("drain", listener),
    onData: (listener) => socket.on("data", listener),
    onClose: (listener) => {
      let cause: Error | undefined;
      socket.on("error", (error) => (cause = error));
      socket.on("close", () => listener(cause));
    },
    destroy: (afterWrites) => (afterWrites === true ? socket.destroySoon() : socket.destroy()),
  });

  it("carries calls, streams with big tails, and the loss of the other end", async () => {
    const folder = await mkdtemp(join(tmpdir(), "link-"));
    cleanups.push(() => rm(folder, { recursive: true }));
    const path = join(folder, "socket");
    const server = createServer({ build: "s", session: "1", epoch: 1n });
    server.register(DiagnosticsService, diagnosticsService());
    const sockets = createSocketServer((socket) => {
      server.accept(byteStreamLink(duplex(socket)), { role: Role.OPERATOR, label: "socket" });
    });
    await new Promise<void>((resolve) => sockets.listen(path, resolve));
    cleanups.push(() => new Promise((resolve) => sockets.close(resolve)));
    const channel = createChannel({
      dial: () =>
        new Promise((resolve, reject) => {
          const socket = connect({ path });
          socket.once("error", reject);
          socket.once("connect", () => resolve(byteStreamLink(duplex(socket))));
        }),
      label: "socket",
      role: Role.OPERATOR,
      build: "c",
    });
    cleanups.push(() => channel.close());
    const client = createClient(DiagnosticsService, channel.transport);
    expect((await client.echo({ payload: Uint8Array.of(5) })).payload).toEqual(Uint8Array.of(5));
    let received = 0;
    for await (const { block } of client.flood({ messageBytes: 1 << 20, messages: 20 })) {
      expect(block.byteOffset % 16).toBe(0);
      received += block.length;
    }
    expect(received).toBe(20 << 20);
    const lost = new Promise<string | undefined>((resolve) =>
      channel.subscribe(({ phase, reason }) => phase === "lost" && resolve(reason)),
    );
    server.close("the worker ends");
    expect(await lost).toBe("the worker ends");
  });
});
