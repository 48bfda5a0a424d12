import type { DescMethodBiDiStreaming } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { Interceptor } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { InvalidFieldsSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { createClient } from "../../src/rpc";
import type { Validator } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { settle } from "./support/fake-clock";
import { failure, servedPair } from "./support/served-pair";

const payload = Uint8Array.of(1, 2, 3);

function client(interceptors: Interceptor[], implementation = diagnosticsService()) {
  const { channel } = servedPair(DiagnosticsService, implementation, { channel: { interceptors } });
  return createClient(DiagnosticsService, channel.transport);
}

describe("a transport with interceptors", () => {
  it("runs them around unary and streaming calls, and lets them set headers", async () => {
    const log: string[] = [];
    const seen: (string | null)[] = [];
    const named =
      (name: string): Interceptor =>
      (next) =>
      async (request) => {
        log.push(`${name} ${request.url.split("/")[2]}`);
        request.header.set("x-from", name);
        return next(request);
      };
    const calls = client([named("a"), named("b")], {
      ...diagnosticsService(),
      echo: (request, { requestHeader }) => (seen.push(requestHeader.get("x-from")), { payload: request.payload }),
    });
    expect((await calls.echo({ payload })).payload).toEqual(payload);
    for await (const { index } of calls.flood({ messageBytes: 1, messages: 2 })) {
      expect(index).toBeLessThan(2);
    }
    expect(log).toEqual(["a Echo", "b Echo", "a Flood", "b Flood"]);
    expect(seen).toEqual(["b"]);
  });

  it("still cancels, and fails with the codes", async () => {
    const passing: Interceptor = (next) => (request) => next(request);
    const calls = client([passing], { ...diagnosticsService(), echo: () => new Promise(() => undefined) });
    const controller = new AbortController();
    const given = failure(calls.echo({}, { signal: controller.signal }));
    controller.abort();
    expect((await given).code).toBe(Code.Canceled);
    expect((await failure(calls.echo({}, { timeoutMs: 20 }))).code).toBe(Code.DeadlineExceeded);
  });
});

describe("a transport", () => {
  it("does not do streams from the client", async () => {
    const { channel } = servedPair(DiagnosticsService, diagnosticsService());
    const method = {
      ...DiagnosticsService.method.flood,
      methodKind: "bidi_streaming",
    } as unknown as DescMethodBiDiStreaming;
    const none = async function* () {
      yield {};
    };
    const answer = channel.transport.stream(method, undefined, undefined, undefined, none());
    expect((await failure(answer)).code).toBe(Code.Unimplemented);
  });

  it("checks answers with a validator, of unary calls and of streams", async () => {
    const validator: Validator = (desc) => [{ field: "index", rule: "test.rule", message: `bad ${desc.name}` }];
    const { channel } = servedPair(DiagnosticsService, diagnosticsService(), { channel: { validator } });
    const calls = createClient(DiagnosticsService, channel.transport);
    const unary = await failure(calls.echo({}));
    expect([unary.code, unary.findDetails(InvalidFieldsSchema)[0]?.violations[0]?.rule]).toEqual([
      Code.Internal,
      "test.rule",
    ]);
    const stream = calls.flood({ messageBytes: 1, messages: 100 })[Symbol.asyncIterator]();
    expect((await failure(stream.next())).rawMessage).toContain("bad FloodResponse");
  });

  it("lets a stream be left by the iterator of the transport itself", async () => {
    const finished = vi.fn();
    const { channel } = servedPair(DiagnosticsService, {
      async *flood() {
        try {
          for (let index = 0; ; index++) {
            yield { index };
          }
        } finally {
          finished();
        }
      },
    });
    const input = async function* () {
      yield {};
    };
    const { flood } = DiagnosticsService.method;
    const answer = await channel.transport.stream(flood, undefined, undefined, undefined, input());
    for await (const { index } of answer.message) {
      if (index === 2) {
        break;
      }
    }
    await settle();
    expect(finished).toHaveBeenCalledOnce();
  });

  it("does not hold on to a long-lived signal after calls have ended", async () => {
    const { channel } = servedPair(DiagnosticsService, diagnosticsService());
    const calls = createClient(DiagnosticsService, channel.transport);
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = AbortSignal.prototype;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, args);
    };
    await calls.echo({ payload }, { signal });
    for await (const { index } of calls.flood({ messageBytes: 1, messages: 3 }, { signal })) {
      expect(index).toBeLessThan(3);
    }
    await calls.flood({ messageBytes: 1, messages: 300 }, { signal })[Symbol.asyncIterator]().return?.();
    expect(listeners).toBe(0);
  });
});
