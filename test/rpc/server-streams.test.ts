import { Code, ConnectError, createClient as createPlainClient, createContextValues } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { createClient, newStreamStats, PROTOCOL, streamCredit, streamStats } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { settle } from "./support/fake-clock";
import { deferred, diagnostics, failure, servedPair } from "./support/served-pair";

describe("streams of a server", () => {
  it("delivers every message of a reliable stream, in order, its tail aligned", async () => {
    const { client } = diagnostics();
    let index = 0;
    for await (const message of client.flood({ messageBytes: 100_000, messages: 60 })) {
      expect([message.index, message.block.length, message.block.byteOffset % 16]).toEqual([index++, 100_000, 0]);
    }
    expect(index).toBe(60);
  });

  it("delivers messages far larger than any part, and small answers between their pieces", async () => {
    const { client } = diagnostics();
    let answered = 0;
    for await (const { index, block } of client.flood({ messageBytes: 8 * 1024 * 1024, messages: 4 })) {
      expect([index, block.length, block.byteOffset % 16]).toEqual([answered++, 8 * 1024 * 1024, 0]);
      await client.probeStop({});
    }
    expect(answered).toBe(4);
  });

  it("shares the connection's credit among its streams, none of which is left out", async () => {
    const limits = { ...PROTOCOL, connectionCreditBytes: 150_000, partBytes: 60_000, maxWholeFrameBytes: 120_000 };
    const { client, channel } = diagnostics(diagnosticsService(), { server: { limits }, channel: { limits } });
    const order: number[] = [];
    const run = async (stream: number, messageBytes: number) => {
      for await (const { block } of client.flood({ messageBytes, messages: 30 })) {
        expect(block.length).toBe(messageBytes);
        order.push(stream);
      }
    };
    await Promise.all([run(0, 100_000), run(1, 100_000), run(2, 200_000)]);
    const last = (stream: number) => order.lastIndexOf(stream);
    expect(order).toHaveLength(90);
    // The two of equal size ended about together.
    expect(Math.abs(last(0) - last(1))).toBeLessThan(6);
    channel.close();
  });

  it("holds a reliable source back until the receiver has taken what came", async () => {
    let yielded = 0;
    const { client } = diagnostics({
      async *flood() {
        for (;;) {
          yield { index: yielded++ };
        }
      },
    });
    const stream = client.flood({ messageBytes: 1, messages: 1 })[Symbol.asyncIterator]();
    await stream.next();
    await settle();
    await settle();
    const most = 1 + 2 * PROTOCOL.initialCreditMessages;
    expect(yielded).toBeLessThanOrEqual(most);
    for (let taken = 1; taken < 50; taken++) {
      expect(await stream.next()).toMatchObject({ value: { index: taken } });
    }
    await settle();
    expect(yielded).toBeLessThanOrEqual(50 + most);
    await stream.return?.();
  });

  it("lets others in while a source that never waits has credit without end", async () => {
    let yielded = 0;
    const { client } = diagnostics({
      echo: () => ({}),
      async *flood() {
        // Ends by itself, so that a server that lets nobody in fails the test instead of hanging it.
        for (; yielded < 20_000; yielded++) {
          yield { index: yielded };
        }
      },
    });
    const contextValues = createContextValues().set(streamCredit, { messages: 1_000_000, bytes: 1_000_000_000 });
    const stream = client.flood({ messageBytes: 1, messages: 1 }, { contextValues })[Symbol.asyncIterator]();
    await stream.next();
    await settle();
    expect(yielded).toBeLessThan(1000);
    await stream.return?.();
  });

  it.each([
    [
      "break",
      async (stream: AsyncIterable<unknown>) => {
        for await (const _ of stream) {
          break;
        }
      },
    ],
    [
      "return",
      async (stream: AsyncIterable<unknown>) => {
        const iterator = stream[Symbol.asyncIterator]();
        await iterator.next();
        await iterator.return?.();
      },
    ],
  ])("runs the generator's finally when the receiver leaves by %s", async (_name, leave) => {
    const finished = deferred<boolean>();
    const { client, channel } = diagnostics({
      async *flood(_request, { signal }) {
        try {
          for (let index = 0; ; index++) {
            yield { index };
          }
        } finally {
          finished.resolve(signal.aborted);
        }
      },
    });
    await leave(client.flood({ messageBytes: 1, messages: 1 }));
    expect(await finished.promise).toBe(true);
    expect(channel.state.phase).toBe("live");
  });

  it("delivers nothing after an abort, with Connect's own client too", async () => {
    const { channel } = diagnostics();
    const controller = new AbortController();
    const client = createPlainClient(DiagnosticsService, channel.transport);
    const stream = client.flood({ messageBytes: 10, messages: 1000 }, { signal: controller.signal });
    let received = 0;
    const error = await failure(
      (async () => {
        for await (const _ of stream) {
          received += 1;
          if (received === 3) {
            controller.abort();
          }
        }
      })(),
    );
    expect([error.code, received]).toEqual([Code.Canceled, 3]);
  });

  it("tells how many messages of a latest-wins stream were replaced", async () => {
    const steps: (() => void)[] = [];
    const step = () => new Promise<void>((resolve) => steps.push(resolve));
    const { channel } = servedPair(CameraService, {
      async *watchPreview() {
        for (let id = 1n; id <= 20n; id++) {
          await step();
          yield { frame: { frameId: id, pixels: new Uint8Array(16) } };
        }
      },
    });
    const stats = newStreamStats();
    const contextValues = createContextValues().set(streamStats, stats).set(streamCredit, { messages: 1, bytes: 1e6 });
    const request = { maxWidthPx: 64, maxHeightPx: 64, maxRateHz: 30 };
    const pictures = createClient(CameraService, channel.transport).watchPreview(request, { contextValues });
    const stream = pictures[Symbol.asyncIterator]();
    const first = stream.next();
    for (let id = 1; id <= 10; id++) {
      while (steps.length === 0) {
        await settle();
      }
      steps.shift()?.();
      await settle();
    }
    expect(await first).toMatchObject({ value: { frame: { frameId: 1n } } });
    // Taking the first granted one more: 2 came, and 3 to 10 fought for the one slot.
    expect(await stream.next()).toMatchObject({ value: { frame: { frameId: 2n } } });
    expect(await stream.next()).toMatchObject({ value: { frame: { frameId: 10n } } });
    expect(stats).toMatchObject({ received: 3, skipped: 7 });
    expect(stats.receivedBytes).toBeGreaterThanOrEqual(48);
    await stream.return?.();
  });

  it("ends with the handler's error, after the messages before it", async () => {
    const { client } = diagnostics({
      async *flood() {
        yield { index: 1 };
        throw new ConnectError("the camera is gone", Code.Unavailable);
      },
    });
    const got: number[] = [];
    const error = await failure(
      (async () => {
        for await (const { index } of client.flood({ messageBytes: 1, messages: 1 })) {
          got.push(index);
        }
      })(),
    );
    expect([got, error.code, error.rawMessage]).toEqual([[1], Code.Unavailable, "the camera is gone"]);
  });

  it("fails, and stops the handlers, when the link is lost", async () => {
    const finished = deferred();
    const { client, links } = diagnostics({
      async *flood(_request, { signal }) {
        try {
          yield { index: 0 };
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        } finally {
          finished.resolve();
        }
      },
    });
    const stream = client.flood({ messageBytes: 1, messages: 1 })[Symbol.asyncIterator]();
    await stream.next();
    const outcome = failure(stream.next());
    links[0]?.close("the cable is out");
    expect((await outcome).code).toBe(Code.Unavailable);
    await finished.promise;
  });
});
