import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { HandlerContext, Interceptor } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService, EchoRequestSchema } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import {
  InvalidFieldsSchema,
  LimitExceededSchema,
  RoleNeededSchema,
  UnknownMethodSchema,
} from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createClient, createLinkPair, createServer, decodeFrame, PROTOCOL, protovalidator } from "../../src/rpc";
import { decodeEnvelope } from "../../src/rpc/envelope";
import type { EnvelopeKind, EnvelopeKindInit } from "../../src/rpc/envelope";
import { Outbox } from "../../src/rpc/outbox";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { FakeClock, settle } from "./support/fake-clock";
import { deferred, diagnostics, failure, servedPair } from "./support/served-pair";
import type { Diagnostics } from "./support/served-pair";

const payload = Uint8Array.of(1, 2, 3);

describe("unary calls", () => {
  it("answers", async () => {
    const { client } = diagnostics();
    expect((await client.echo({ payload })).payload).toEqual(payload);
  });

  it("runs many at a time, each with its own answer", async () => {
    const { client } = diagnostics({ echo: async ({ payload: given }) => (await settle(), { payload: given }) });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => client.echo({ payload: Uint8Array.of(i) })),
    );
    expect(answers.map((answer) => answer.payload[0])).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it("passes headers, the time left, and no more", async () => {
    const seen: unknown[] = [];
    const clock = new FakeClock();
    const { client } = diagnostics(
      {
        echo: (_request, { requestHeader, timeoutMs, signal, method }) => {
          seen.push(requestHeader.get("x-reason"), timeoutMs(), signal.aborted, method.name);
          return {};
        },
      },
      { server: { clock }, channel: { clock } },
    );
    await client.echo({}, { headers: { "x-reason": "test" }, timeoutMs: 1234 });
    await client.echo({});
    expect(seen).toEqual(["test", 1234, false, "Echo", null, 5000, false, "Echo"]);
  });

  it("tells a handler's error as it is, when it is meant for the peer", async () => {
    const thrown = new ConnectError("the stage is locked", Code.FailedPrecondition, { "x-a": "b" }, [
      { desc: LimitExceededSchema, value: { limit: "travel", allowed: 1n } },
    ]);
    const { client } = diagnostics({ echo: () => Promise.reject(thrown) });
    const error = await failure(client.echo({}));
    expect(error).toMatchObject({ code: Code.FailedPrecondition, rawMessage: "the stage is locked" });
    expect(error.metadata.get("x-a")).toBe("b");
    expect(error.findDetails(LimitExceededSchema)[0]).toMatchObject({ limit: "travel", allowed: 1n });
  });

  it("does not tell the peer what a bug in a handler says, but the log", async () => {
    const onHandlerError = vi.fn();
    const bug = new TypeError("secret path /home/x");
    const { client } = diagnostics(
      {
        echo: () => {
          throw bug;
        },
      },
      { server: { onHandlerError } },
    );
    const error = await failure(client.echo({}));
    expect(error.code).toBe(Code.Internal);
    expect(error.message).not.toContain("secret");
    expect(onHandlerError).toHaveBeenCalledWith(bug, "/macroscope.diagnostics.v1.DiagnosticsService/Echo");
  });
});

describe("requests that are refused", () => {
  it("is an unknown method, with what there is", async () => {
    const { channel } = diagnostics({ echo: diagnosticsService().echo });
    const unknown = await failure(createClient(CameraService, channel.transport).listCameras({}));
    expect(unknown.code).toBe(Code.Unimplemented);
    expect(unknown.findDetails(UnknownMethodSchema)[0]).toMatchObject({
      method: "/macroscope.camera.v1.CameraService/ListCameras",
      known: ["macroscope.diagnostics.v1.DiagnosticsService"],
    });
    const stream = createClient(DiagnosticsService, channel.transport).flood({ messageBytes: 1, messages: 1 });
    const missing = await failure(stream[Symbol.asyncIterator]().next());
    expect(missing.findDetails(UnknownMethodSchema)[0]?.known).toEqual([
      "/macroscope.diagnostics.v1.DiagnosticsService/Echo",
    ]);
  });

  it("is an invalid field, named", async () => {
    const { client } = diagnostics(diagnosticsService(), { server: { validator: protovalidator() } });
    const stream = client.flood({ messageBytes: 0, messages: 2_000_000 })[Symbol.asyncIterator]();
    const error = await failure(stream.next());
    expect(error.code).toBe(Code.InvalidArgument);
    const [detail] = error.findDetails(InvalidFieldsSchema);
    expect(detail?.messageType).toBe("macroscope.diagnostics.v1.FloodRequest");
    expect(detail?.violations.map(({ field, rule }) => [field, rule])).toEqual([
      ["message_bytes", "uint32.gte_lte"],
      ["messages", "uint32.gte_lte"],
    ]);
  });

  it("is a role too low, named", async () => {
    const handler = vi.fn(() => ({}));
    const { channel } = servedPair(CameraService, { configureCamera: handler }, { role: Role.VIEWER });
    const error = await failure(createClient(CameraService, channel.transport).configureCamera({}));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(error.findDetails(RoleNeededSchema)[0]).toMatchObject({ needed: Role.OPERATOR, given: Role.VIEWER });
    expect(handler).not.toHaveBeenCalled();
    expect(channel.state.server?.role).toBe(Role.VIEWER);
  });

  it("is too large a request, and too large an answer", async () => {
    const { client } = diagnostics({ echo: () => ({ payload: new Uint8Array(PROTOCOL.maxFrameBytes) }) });
    const request = await failure(client.echo({ payload: new Uint8Array(PROTOCOL.maxRequestBytes) }));
    expect(request.code).toBe(Code.ResourceExhausted);
    expect(request.findDetails(LimitExceededSchema)[0]?.limit).toBe("max_request_bytes");
    const answer = await failure(client.echo({}));
    expect(answer.findDetails(LimitExceededSchema)[0]?.limit).toBe("max_frame_bytes");
  });

  it("is a wrong token", async () => {
    const token = "t".repeat(43);
    const wrong = diagnostics(diagnosticsService(), { token, channel: { token: "u".repeat(43) } });
    expect((await failure(wrong.client.echo({}))).code).toBe(Code.Unauthenticated);
    expect(wrong.channel.state.phase).toBe("refused");
    const right = diagnostics(diagnosticsService(), { token, channel: { token } });
    expect((await right.client.echo({ payload })).payload).toEqual(payload);
  });
});

describe("a request that does not come with its opening", () => {
  const path = "/macroscope.diagnostics.v1.DiagnosticsService/Echo";
  const slowPath = "/macroscope.diagnostics.v1.DiagnosticsService/ProbeStop";
  const message = toBinary(EchoRequestSchema, create(EchoRequestSchema, { payload }));

  /** Says these things to a server by hand; gives back what it answers, and how often the handler ran. */
  async function said(...kinds: EnvelopeKindInit[]) {
    const echo = vi.fn(({ payload: given }: { payload: Uint8Array }) => ({ payload: given }));
    const [near, far] = createLinkPair();
    let aborted = 0;
    const probeStop = (_request: unknown, { signal }: HandlerContext) => {
      signal.addEventListener("abort", () => (aborted += 1));
      return new Promise<never>(() => undefined);
    };
    const handlers = { echo, probeStop };
    const server = createServer({ build: "s", session: "s", epoch: 1n }).register(DiagnosticsService, handlers);
    server.accept(far, { role: Role.OPERATOR, label: "" });
    const answers: EnvelopeKind[] = [];
    near.onFrame((frame) => answers.push(decodeEnvelope(decodeFrame(frame))));
    const outbox = new Outbox();
    const hello = { protocolMajor: PROTOCOL.major, protocolMinor: PROTOCOL.minor, schemaDigest: "0".repeat(64) };
    for (const kind of [{ case: "hello", value: hello } as const, ...kinds]) {
      near.send(outbox.encode(Lane.COMMAND, kind));
      await settle();
    }
    const ofCalls = answers.filter(({ case: kind }) => kind !== "hello" && kind !== "ping");
    return { answers: ofCalls, runs: echo.mock.calls.length, aborted };
  }

  const open = (more: object = {}) => ({ case: "open", value: { call: 1, method: path, ...more } }) as const;
  const request = { case: "message", value: { call: 1, message } } as const;
  const halfClose = { case: "halfClose", value: { call: 1 } } as const;

  it("is served as soon as it is there", async () => {
    const answer = [{ case: "message", value: { call: 1, last: true } }];
    expect(await said(open())).toEqual({ answers: [], runs: 0, aborted: 0 });
    expect(await said(open(), request)).toMatchObject({ answers: answer, runs: 1 });
    expect(await said(open(), request, halfClose)).toMatchObject({ answers: answer, runs: 1 });
    expect(await said(open({ hasMessage: true, message }))).toMatchObject({ answers: answer, runs: 1 });
    expect(await said(open({ hasMessage: true, message }), halfClose)).toMatchObject({ answers: answer, runs: 1 });
  });

  it("is refused when there is none, or it cannot be read", async () => {
    const refusal = [{ case: "status", value: { call: 1, code: Code.InvalidArgument } }];
    for (const kinds of [
      [open({ halfClose: true })],
      [open(), halfClose],
      [open(), { case: "message", value: { call: 1, message: Uint8Array.of(255) } }, halfClose],
    ] as const) {
      expect(await said(...kinds)).toMatchObject({ answers: refusal, runs: 0 });
    }
  });

  it("is the only one", async () => {
    const slow = { case: "open", value: { call: 1, method: slowPath, hasMessage: true } } as const;
    const refusal = [{ case: "status", value: { call: 1, code: Code.Unimplemented } }];
    expect(await said(slow, { case: "message", value: { call: 1 } })).toMatchObject({ answers: refusal, aborted: 1 });
  });

  it("is no longer waited for when the call was given up", async () => {
    const cancel = { case: "cancel", value: { call: 1 } } as const;
    const canceled = [{ case: "status", value: { call: 1, code: Code.Canceled } }];
    expect(await said(open(), cancel, request, halfClose)).toMatchObject({ answers: canceled, runs: 0 });
  });
});

describe("deadlines and cancellation", () => {
  it("ends a call at its deadline, at both ends", async () => {
    const clock = new FakeClock();
    let context: HandlerContext | undefined;
    const never: Diagnostics = { echo: (_request, given) => ((context = given), new Promise(() => undefined)) };
    const { client } = diagnostics(never, { server: { clock }, channel: { clock } });
    const outcome = failure(client.echo({}, { timeoutMs: 300 }));
    await clock.advance(299);
    expect(context?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect((await outcome).code).toBe(Code.DeadlineExceeded);
    // Whichever end's timer rings first: the server's own, or the client's, which cancels.
    expect(ConnectError.from(context?.signal.reason).rawMessage).toContain("did not end before its deadline");
  });

  it("uses the method's own deadline when the caller names none", async () => {
    const clock = new FakeClock();
    const never: Diagnostics = { echo: () => new Promise(() => undefined) };
    const { client } = diagnostics(never, { server: { clock }, channel: { clock } });
    const outcome = failure(client.echo({}));
    let ended = false;
    void outcome.then(() => (ended = true));
    await clock.advance(4900);
    expect(ended).toBe(false);
    await clock.advance(200);
    expect((await outcome).code).toBe(Code.DeadlineExceeded);
  });

  it("reaches the handler when the caller gives up", async () => {
    const aborted = deferred<unknown>();
    const entered = deferred();
    const { client } = diagnostics({
      echo: (_request, { signal }) => {
        signal.addEventListener("abort", () => aborted.resolve(signal.reason));
        entered.resolve();
        return new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const outcome = failure(client.echo({}, { signal: controller.signal }));
    await entered.promise;
    controller.abort();
    expect((await outcome).code).toBe(Code.Canceled);
    expect(ConnectError.from(await aborted.promise).code).toBe(Code.Canceled);
  });

  it("does not begin a call whose signal is aborted already", async () => {
    const echo = vi.fn(() => ({}));
    const { client } = diagnostics({ echo });
    expect((await failure(client.echo({}, { signal: AbortSignal.abort() }))).code).toBe(Code.Canceled);
    await settle();
    expect(echo).not.toHaveBeenCalled();
  });
});

describe("interceptors of a server", () => {
  it("wrap unary and streaming calls, the first outermost", async () => {
    const log: string[] = [];
    const named =
      (name: string): Interceptor =>
      (next) =>
      async (request) => {
        log.push(`${name} ${request.method.name} ${request.stream ? "stream" : "unary"}`);
        return next(request);
      };
    const { client } = diagnostics(diagnosticsService(), { server: { interceptors: [named("a"), named("b")] } });
    expect((await client.echo({ payload })).payload).toEqual(payload);
    for await (const { index } of client.flood({ messageBytes: 1, messages: 1 })) {
      expect(index).toBe(0);
    }
    expect(log).toEqual(["a Echo unary", "b Echo unary", "a Flood stream", "b Flood stream"]);
  });
});

describe("a server", () => {
  it("knows its connections, and ends them all", async () => {
    const { server, channel, client } = diagnostics();
    await client.echo({});
    expect([...server.connections].map(({ label, role }) => [label, role])).toEqual([["test", Role.OPERATOR]]);
    const [connection] = server.connections;
    server.close("shutting down");
    expect((await connection?.closed)?.rawMessage).toBe("shutting down");
    await settle();
    expect([server.connections.size, channel.state.phase, channel.state.reason]).toEqual([0, "lost", "shutting down"]);
    channel.close();
  });

  it("takes a service only once", () => {
    const { server } = diagnostics();
    expect(() => server.register(DiagnosticsService, {})).toThrow("registered already");
  });
});
