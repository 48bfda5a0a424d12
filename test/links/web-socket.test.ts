import { Code } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { dialWebSocket, webSocketLink } from "../../src/links";
import type { AnyWebSocket } from "../../src/links";
import { encodeFrame, PROTOCOL, readConnection, readLinkFrame, writeLinkFrame } from "../../src/rpc";

type Listener = Parameters<AnyWebSocket["addEventListener"]>[1];

/** A WebSocket whose other end is the test. */
class FakeWebSocket implements AnyWebSocket {
  binaryType = "blob";
  readyState = 0;
  bufferedAmount = 0;
  /** Whether what is sent stays in the socket. */
  stuck = false;
  readonly sent: Uint8Array[] = [];
  readonly #listeners: Record<string, Listener[]> = {};
  closedHere = 0;

  send(data: Uint8Array): void {
    if (this.stuck) this.bufferedAmount += data.byteLength;
    this.sent.push(data.slice());
  }

  close(): void {
    this.closedHere += 1;
    this.readyState = 2;
  }

  addEventListener(type: string, listener: Listener): void {
    (this.#listeners[type] ??= []).push(listener);
  }

  tell(type: string, event: Parameters<Listener>[0] = {}): void {
    if (type === "open") this.readyState = 1;
    if (type === "close") this.readyState = 3;
    for (const listener of this.#listeners[type] ?? []) listener(event);
  }

  arrive(bytes: Uint8Array): void {
    this.tell("message", { data: bytes.slice().buffer });
  }
}

function openSocket(): FakeWebSocket {
  const socket = new FakeWebSocket();
  socket.tell("open");
  return socket;
}

const frameOf = (lane: Lane, bytes: number, connection = 1) => encodeFrame(lane, connection, new Uint8Array(bytes));

function linked() {
  const socket = openSocket();
  const link = webSocketLink(socket);
  const onFrame = vi.fn<(frame: Uint8Array) => void>();
  const onClose = vi.fn();
  link.onFrame(onFrame);
  link.onClose(onClose);
  return { socket, link, onFrame, onClose };
}

describe("webSocketLink", () => {
  it("carries frames both ways, as buffers of their own", () => {
    const { socket, link, onFrame } = linked();
    expect(socket.binaryType).toBe("arraybuffer");
    const frame = frameOf(Lane.COMMAND, 5);
    link.send(frame);
    expect(socket.sent).toEqual([frame]);
    socket.arrive(frame);
    expect(onFrame).toHaveBeenCalledExactlyOnceWith(frame);
    expect(onFrame.mock.calls[0]?.[0].byteOffset).toBe(0);
  });

  it("keeps frames back while the socket has enough, and sends the urgent ones first", () => {
    vi.useFakeTimers();
    const { socket, link } = linked();
    socket.stuck = true;
    link.send(frameOf(Lane.STATE, 70_000));
    link.send(frameOf(Lane.STATE, 100, 3));
    link.send(frameOf(Lane.STOP, 10, 2));
    expect(socket.sent).toHaveLength(1);
    expect([link.waitingBytes?.(3), link.waitingBytes?.(2)]).toEqual([116, 26]);
    vi.advanceTimersByTime(50);
    expect(socket.sent).toHaveLength(1);
    socket.bufferedAmount = 0;
    socket.stuck = false;
    vi.advanceTimersByTime(50);
    expect(socket.sent.map((frame) => frame[3])).toEqual([Lane.STATE, Lane.STOP, Lane.STATE]);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("forgets what waits of a closed connection, and of no other", () => {
    vi.useFakeTimers();
    const { socket, link } = linked();
    socket.stuck = true;
    link.send(frameOf(Lane.STATE, 70_000));
    for (const connection of [1, 2, 1]) link.send(frameOf(Lane.COMMAND, 100, connection));
    link.forget?.(1);
    expect([link.waitingBytes?.(1), link.waitingBytes?.(2)]).toEqual([0, 116]);
    socket.bufferedAmount = 0;
    vi.advanceTimersByTime(50);
    expect(socket.sent.slice(1).map(readConnection)).toEqual([2]);
    vi.useRealTimers();
  });

  it("closes when too much waits, after whoever sends is done", async () => {
    const { socket, link, onClose } = linked();
    socket.stuck = true;
    for (let count = 0; count < 30; count += 1) link.send(frameOf(Lane.STATE, 1_000_000));
    expect(onClose).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(onClose).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ rawMessage: "The other end does not read." }),
    );
  });

  it("lets what waits out before it closes", () => {
    const { socket, link, onClose } = linked();
    socket.stuck = true;
    link.send(frameOf(Lane.STATE, 70_000));
    link.send(frameOf(Lane.COMMAND, 3));
    link.close("done");
    link.close("again");
    link.send(frameOf(Lane.COMMAND, 4));
    expect(socket.sent).toHaveLength(2);
    expect(socket.closedHere).toBe(1);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it.each([
    ["text", "MS"],
    ["a blob", new Blob([])],
    ["too much", new ArrayBuffer(PROTOCOL.maxFrameBytes + 1)],
  ])("closes on a message that is no frame: %s", (_what, data) => {
    const { socket, onFrame, onClose } = linked();
    socket.tell("message", { data });
    expect(onClose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: Code.InvalidArgument }));
    expect(socket.closedHere).toBe(1);
    socket.arrive(frameOf(Lane.COMMAND, 1));
    expect(onFrame).not.toHaveBeenCalled();
  });

  it("says what the other end said, when it closes", () => {
    const { socket, link, onClose } = linked();
    socket.tell("close", { code: 1002, reason: "The other side breaks framing." });
    expect(onClose).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: Code.Unavailable, rawMessage: "The other side breaks framing." }),
    );
    expect(link.closeCode).toBe(1002);
  });
});

const TOKEN = "t".repeat(64);

async function dialling() {
  const socket = new FakeWebSocket();
  const dialled = dialWebSocket(() => socket, TOKEN);
  dialled.catch(() => undefined);
  socket.tell("open");
  await vi.waitFor(() => {
    expect(socket.sent).toHaveLength(1);
  });
  return { socket, dialled };
}

describe("dialWebSocket", () => {
  it("shows the token as the first frame, and gives the link when it was taken", async () => {
    const { socket, dialled } = await dialling();
    const { kind } = readLinkFrame(socket.sent[0]!);
    expect(kind).toMatchObject({ case: "authenticate", value: { token: TOKEN } });
    socket.arrive(writeLinkFrame({ case: "authenticated", value: { pid: 7, epoch: 1n } }));
    const link = await dialled;
    const onFrame = vi.fn();
    link.onFrame(onFrame);
    socket.arrive(frameOf(Lane.COMMAND, 1));
    expect(onFrame).toHaveBeenCalledOnce();
  });

  it("tells a token that is not taken from a worker that ends", async () => {
    const refused = await dialling();
    refused.socket.tell("close", { code: 1008, reason: "The token is wrong." });
    await expect(refused.dialled).rejects.toMatchObject({ code: Code.Unauthenticated });
    const ended = await dialling();
    ended.socket.tell("close", { code: 1006, reason: "" });
    await expect(ended.dialled).rejects.toMatchObject({ code: Code.Unavailable });
  });

  it.each([
    ["nobody listens", ["error", "close"]],
    ["the page's policy forbids it", ["error"]],
    ["it closes before it opens", ["close"]],
  ])("fails when %s", async (_why, told) => {
    const socket = new FakeWebSocket();
    const dialled = dialWebSocket(() => socket, TOKEN);
    for (const type of told) socket.tell(type, { code: 1006 });
    await expect(dialled).rejects.toMatchObject({ code: Code.Unavailable });
  });

  it("gives up on one that neither opens nor fails", async () => {
    vi.useFakeTimers();
    const socket = new FakeWebSocket();
    const dialled = dialWebSocket(() => socket, TOKEN);
    const failed = expect(dialled).rejects.toMatchObject({
      code: Code.Unavailable,
      rawMessage: "The worker does not answer.",
    });
    await vi.advanceTimersByTimeAsync(PROTOCOL.helloWithinMs);
    await failed;
    expect(socket.closedHere).toBe(1);
    vi.useRealTimers();
  });
});
