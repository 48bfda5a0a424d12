import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import type { WatchCameraResponse } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { createClient } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { FakeClock, settle } from "./support/fake-clock";
import { deferred, diagnostics, failure, servedPair } from "./support/served-pair";

const payload = new Uint8Array(100);
const echo = "/macroscope.diagnostics.v1.DiagnosticsService/Echo";
const flood = "/macroscope.diagnostics.v1.DiagnosticsService/Flood";

describe("Traffic", () => {
  it("counts calls, messages and bytes at both ends, by method", async () => {
    const { client, channel, server } = diagnostics();
    await client.echo({ payload });
    await client.echo({ payload });
    for await (const { index } of client.flood({ messageBytes: 1000, messages: 5 })) {
      expect(index).toBeLessThan(5);
    }
    await settle();
    const near = channel.traffic.snapshot();
    const far = server.traffic.snapshot();
    expect(near.map(({ method, side, calls, openCalls }) => [method, side, calls, openCalls])).toEqual([
      [echo, "client", 2, 0],
      [flood, "client", 1, 0],
    ]);
    expect(far.map(({ method, side, calls, openCalls }) => [method, side, calls, openCalls])).toEqual([
      [echo, "server", 2, 0],
      [flood, "server", 1, 0],
    ]);
    // What one end sent, the other got.
    for (const [index, sent] of near.entries()) {
      const got = far[index];
      expect([sent.messagesSent, sent.bytesSent]).toEqual([got?.messagesReceived, got?.bytesReceived]);
      expect([sent.messagesReceived, sent.bytesReceived]).toEqual([got?.messagesSent, got?.bytesSent]);
    }
    expect(near[0]).toMatchObject({ messagesSent: 2, messagesReceived: 2, errors: [], latency: { count: 2 } });
    expect(near[0]?.bytesSent).toBeGreaterThan(200);
    expect(near[1]?.messagesReceived).toBe(5);
    expect(near[1]?.bytesReceived).toBeGreaterThan(5000);
  });

  it("counts a stream while it runs, and what was skipped of it", async () => {
    const { server, channel } = servedPair(CameraService, {
      watchCamera: async function* () {
        for (let revision = 1n; revision <= 20n; revision++) {
          yield { state: { revision } };
        }
        await new Promise(() => undefined);
      },
    });
    const watch = createClient(CameraService, channel.transport).watchCamera({})[Symbol.asyncIterator]();
    await watch.next();
    await settle();
    const [open] = server.traffic.snapshot();
    expect(open).toMatchObject({ calls: 1, openCalls: 1, latency: { count: 0 } });
    expect(open?.messagesSent).toBeLessThan(20);
    let revision: bigint | undefined;
    while (revision !== 20n) {
      const next = (await watch.next()) as IteratorYieldResult<WatchCameraResponse>;
      revision = next.value.state?.revision;
    }
    await watch.return?.();
    await settle();
    const [near] = channel.traffic.snapshot();
    const [far] = server.traffic.snapshot();
    expect((near?.messagesReceived ?? 0) + (near?.skipped ?? 0)).toBe(20);
    expect(near?.skipped).toBe(far?.skipped);
    expect([near, far]).toMatchObject([
      { openCalls: 0, errors: [{ code: Code.Canceled, calls: 1 }] },
      { openCalls: 0, errors: [{ code: Code.Canceled, calls: 1 }] },
    ]);
  });

  it("counts errors by code, with the time that calls took", async () => {
    const clock = new FakeClock();
    const { client, channel, server } = diagnostics(
      {
        ...diagnosticsService(),
        echo: ({ payload: given }) => {
          throw new ConnectError("no", given.length === 0 ? Code.Aborted : Code.NotFound);
        },
        probeStop: () => new Promise(() => undefined),
      },
      { server: { clock }, channel: { clock } },
    );
    await failure(client.echo({}));
    await failure(client.echo({ payload }));
    await failure(client.echo({ payload }));
    const late = failure(client.probeStop({}, { timeoutMs: 250 }));
    await clock.advance(250);
    await late;
    const [echoed, probed] = channel.traffic.snapshot();
    expect(echoed?.errors).toEqual([
      { code: Code.NotFound, calls: 2 },
      { code: Code.Aborted, calls: 1 },
    ]);
    expect(probed).toMatchObject({ errors: [{ code: Code.DeadlineExceeded, calls: 1 }], latency: { maxMs: 250 } });
    expect(server.traffic.snapshot().map(({ openCalls }) => openCalls)).toEqual([0, 0]);
    expect(channel.traffic.countedMs).toBe(250);
    channel.close();
  });

  it("does not grow with methods that nobody serves", async () => {
    const { server, channel } = diagnostics();
    await failure(createClient(CameraService, channel.transport).listCameras({}));
    expect(server.traffic.snapshot()).toEqual([]);
  });

  it("counts each call that a lost connection ends", async () => {
    const entered = deferred();
    const { client, channel, server, links } = diagnostics({
      ...diagnosticsService(),
      echo: () => (entered.resolve(), new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const outcome = failure(client.echo({}, { signal: controller.signal }));
    await entered.promise;
    links[0]?.close("pulled out");
    await settle();
    controller.abort();
    await outcome;
    for (const [counts] of [channel.traffic.snapshot(), server.traffic.snapshot()]) {
      expect(counts).toMatchObject({ calls: 1, openCalls: 0, errors: [{ code: Code.Unavailable, calls: 1 }] });
    }
    channel.close();
  });
});
