import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import {
  acceptAuthentication,
  authenticate,
  createChannel,
  createClient,
  createLinkPair,
  createMultiplexer,
  createServer,
  readConnection,
  readLinkFrame,
  splice,
  writeLinkFrame,
} from "../../src/rpc";
import type { ConnectionRequest, Link, Multiplexer } from "../../src/rpc";
import { encodeFrame } from "../../src/rpc/frame";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { settle } from "./support/fake-clock";

const request: ConnectionRequest = { target: "worker", role: Role.OPERATOR, label: "window 1" };

/** A multiplexer at each end; what the dialled end accepts. */
function pair() {
  const [near, far] = createLinkPair();
  const accepted: { request: ConnectionRequest; link: Link }[] = [];
  const onClose = vi.fn();
  const dialled = createMultiplexer(far, { accept: (given, link) => accepted.push({ request: given, link }), onClose });
  return { dialler: createMultiplexer(near), dialled, accepted, near, far, onClose };
}

const frame = (connection: number) => encodeFrame(2, connection, Uint8Array.of(1, 2, 3));

function reasons(link: Link): ConnectError[] {
  const told: ConnectError[] = [];
  link.onClose((reason) => told.push(reason));
  return told;
}

describe("a multiplexer", () => {
  it("opens connections, numbered from 1, and carries frames of each apart", async () => {
    const { dialler, accepted } = pair();
    const first = dialler.open(request);
    const second = dialler.open({ ...request, label: "window 2" });
    await settle();
    expect(accepted.map((given) => given.request)).toEqual([request, { ...request, label: "window 2" }]);
    const got: [string, number][] = [];
    accepted[0]?.link.onFrame((bytes) => got.push(["first", readConnection(bytes)]));
    accepted[1]?.link.onFrame((bytes) => got.push(["second", readConnection(bytes)]));
    first.onFrame((bytes) => got.push(["back", readConnection(bytes)]));
    second.send(frame(1));
    first.send(frame(1));
    accepted[0]?.link.send(frame(1));
    await settle();
    expect(got).toEqual([
      ["second", 2],
      ["first", 1],
      ["back", 1],
    ]);
  });

  it("tells the other end why a connection was closed, and leaves the others", async () => {
    const { dialler, dialled, accepted } = pair();
    const first = dialler.open(request);
    const second = dialler.open(request);
    await settle();
    const told = reasons(accepted[0]?.link as Link);
    const untouched = reasons(second);
    first.close(new ConnectError("the window closed", Code.Aborted));
    await settle();
    expect(told).toMatchObject([{ code: Code.Aborted, rawMessage: "the window closed" }]);
    expect([untouched, dialler.connections, dialled.connections]).toEqual([[], 1, 1]);
  });

  it("closes all connections with the link below", async () => {
    const { dialler, accepted, onClose } = pair();
    const link = dialler.open(request);
    await settle();
    const told = [reasons(link), reasons(accepted[0]?.link as Link)];
    dialler.close("over");
    await settle();
    expect(told).toMatchObject([[{ rawMessage: "over" }], [{ rawMessage: "over" }]]);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("opens only closed connections once the link below has closed, with the reason", async () => {
    const { dialler, dialled } = pair();
    dialled.close("pulled out");
    await settle();
    expect(reasons(dialler.open(request))).toMatchObject([{ rawMessage: "pulled out" }]);
    expect(dialler.connections).toBe(0);
  });

  it("answers frames of an unknown connection with its close, and those of a closed one not at all", async () => {
    const [near, far] = createLinkPair();
    createMultiplexer(far, { accept: (_given, link) => link.close("no") });
    const answers: unknown[] = [];
    near.onFrame((bytes) => answers.push(readLinkFrame(bytes).kind));
    near.send(frame(7));
    near.send(writeLinkFrame({ case: "connectionOpen", value: { connection: 8 } }));
    near.send(frame(8));
    near.send(frame(8));
    await settle();
    expect(answers).toMatchObject([
      { case: "connectionClose", value: { connection: 7, code: Code.NotFound } },
      { case: "connectionClose", value: { connection: 8, message: "no" } },
    ]);
  });

  it("refuses connections where nobody accepts them", async () => {
    const [near, far] = createLinkPair();
    createMultiplexer(far);
    const told = reasons(createMultiplexer(near).open(request));
    await settle();
    expect(told).toMatchObject([{ code: Code.Unimplemented }]);
  });

  it.each([
    ["no frame", Uint8Array.of(1, 2, 3)],
    ["trailing bytes", Uint8Array.of(...frame(1), 0)],
    ["a link envelope without a kind", encodeFrame(2, 0, new Uint8Array(0))],
    ["a link envelope out of place", writeLinkFrame({ case: "authenticate", value: { token: "x".repeat(32) } })],
    [
      "a label that is too long",
      writeLinkFrame({ case: "connectionOpen", value: { connection: 1, label: "x".repeat(121) } }),
    ],
    ["connection 0 opened", writeLinkFrame({ case: "connectionOpen", value: { connection: 0 } })],
  ])("drops a link that breaks the framing: %s", async (_name, bytes) => {
    const { near, onClose } = pair();
    near.send(bytes);
    await settle();
    expect(onClose).toHaveBeenCalledWith(expect.objectContaining({ code: Code.InvalidArgument }));
  });
});

describe("a closed connection", () => {
  /** A link that says of which connections it was told to forget what waits. */
  function forgetful() {
    const [near, far] = createLinkPair();
    const forgotten: number[] = [];
    return {
      far,
      forgotten,
      near: Object.assign(near, { forget: (connection: number) => forgotten.push(connection) }),
    };
  }

  it("leaves nothing waiting in the link, whichever end closed it", async () => {
    const { near, far, forgotten } = forgetful();
    const accepted: Link[] = [];
    createMultiplexer(far, { accept: (_request, link) => accepted.push(link) });
    const multiplexer = createMultiplexer(near);
    multiplexer.open(request).close("enough here");
    multiplexer.open(request);
    await settle();
    accepted[1]?.close("enough there");
    await settle();
    expect(forgotten).toEqual([1, 2]);
  });

  it.each([
    ["64 frames", 64, 0],
    ["16 MiB", 15, 1024 * 1024],
  ])("is one that sends more than %s before anybody listens", async (_name, times, tailBytes) => {
    const [near, far] = createLinkPair();
    createMultiplexer(far, { accept: () => undefined });
    const link = createMultiplexer(near).open(request);
    const told = reasons(link);
    const send = () => link.send(encodeFrame(4, 1, new Uint8Array(0), new Uint8Array(tailBytes)));
    for (let sent = 0; sent < times; sent++) {
      send();
    }
    await settle();
    expect(told).toEqual([]);
    send();
    await settle();
    expect(told).toMatchObject([{ code: Code.ResourceExhausted }]);
  });
});

describe("splice", () => {
  it("joins a window's connection to a worker's, so that calls pass through", async () => {
    const [windowEnd, hostToWindow] = createLinkPair();
    const [hostToWorker, workerEnd] = createLinkPair();
    const server = createServer({ build: "worker", session: "w", epoch: 1n });
    server.register(DiagnosticsService, diagnosticsService());
    createMultiplexer(workerEnd, { accept: ({ role, label }, link) => void server.accept(link, { role, label }) });
    const worker = createMultiplexer(hostToWorker);
    // Another connection first, so that the numbers differ at both sides of the switch.
    worker.open(request);
    createMultiplexer(hostToWindow, {
      accept: (given, link) => splice(link, worker.open({ ...given, role: Role.VIEWER })),
    });
    const window: Multiplexer = createMultiplexer(windowEnd);
    const channel = createChannel({ dial: () => window.open(request), label: "w", role: Role.OPERATOR, build: "c" });
    const client = createClient(DiagnosticsService, channel.transport);
    expect((await client.echo({ payload: Uint8Array.of(9) })).payload).toEqual(Uint8Array.of(9));
    expect(channel.state.server).toMatchObject({ build: "worker", role: Role.VIEWER });
    worker.close("the worker died");
    await settle();
    expect(channel.state).toMatchObject({ phase: "lost", reason: "the worker died" });
    channel.close();
  });

  it("gives a frame's buffer back once the other side has copied it", () => {
    const recycled: Uint8Array[] = [];
    let deliver: (bytes: Uint8Array) => void = () => undefined;
    const from: Link = {
      send: () => undefined,
      onFrame: (listener) => (deliver = listener),
      onClose: () => undefined,
      close: () => undefined,
      recycle: (bytes) => recycled.push(bytes),
    };
    const sent: Uint8Array[] = [];
    const to = {
      ...from,
      copiesOnSend: true,
      send: (bytes: Uint8Array) => void sent.push(bytes),
      onFrame: () => undefined,
    };
    splice(from, to);
    const bytes = frame(1);
    deliver(bytes);
    expect([sent[0] === bytes, recycled[0] === bytes]).toEqual([true, true]);
  });
});

describe("authentication of a link", () => {
  const token = "k".repeat(43);

  it("lets a good token pass, and tells who answered", async () => {
    const [near, far] = createLinkPair();
    const accepted = acceptAuthentication(far, token, { pid: 7, epoch: 3n });
    expect(await authenticate(near, token)).toMatchObject({ pid: 7, epoch: 3n });
    await accepted;
    createMultiplexer(far, { accept: (_given, link) => link.close("works") });
    const told = reasons(createMultiplexer(near).open(request));
    await settle();
    expect(told).toMatchObject([{ rawMessage: "works" }]);
  });

  it("does not take a medium that breaks for a worker that refuses", async () => {
    const [near] = createLinkPair();
    const refused = authenticate(near, token);
    const cause = new Error("connect ECONNREFUSED");
    near.close(new ConnectError("The stream broke.", Code.Unavailable, undefined, undefined, cause));
    await expect(refused).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "The stream broke." });
  });

  it("hangs up on a bad one", async () => {
    const [near, far] = createLinkPair();
    const accepted = acceptAuthentication(far, token, { pid: 7, epoch: 3n });
    const refused = authenticate(near, "j".repeat(43));
    await expect(accepted).rejects.toMatchObject({ code: Code.Unauthenticated });
    await expect(refused).rejects.toMatchObject({ code: Code.Unauthenticated });
  });

  it("hangs up on whoever says something else first", async () => {
    const [near, far] = createLinkPair();
    const accepted = acceptAuthentication(far, token, { pid: 7, epoch: 3n });
    near.send(Uint8Array.of(71, 69, 84));
    await expect(accepted).rejects.toMatchObject({ code: Code.Unauthenticated });
  });
});
