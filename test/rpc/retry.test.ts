import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { WorkerAbsentSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createLinkPair, createServer, errorWithDetail, PROTOCOL } from "../../src/rpc";
import { ChannelBench, codeOf } from "./support/channel-bench";
import { FakeClock } from "./support/fake-clock";

const { maxAttempts, retryAfterMs } = PROTOCOL;

/** A server whose echo fails so often with a code before it answers. */
function failing(times: number, code = Code.Unavailable) {
  const at: number[] = [];
  const bench: ChannelBench = new ChannelBench(
    { random: () => 1 },
    {
      handlers: {
        echo: () => {
          at.push(bench.clock.now());
          if (at.length <= times) {
            throw new ConnectError("not now", code);
          }
          return { payload: Uint8Array.of(1) };
        },
      },
    },
  );
  return {
    bench,
    pausesMs: () => at.slice(1).map((time, index) => time - (at[index] ?? 0)),
    attempts: () => at.length,
  };
}

describe("an idempotent call that ended with UNAVAILABLE", () => {
  it("is made again after pauses that double, up to so many times in all", async () => {
    const { bench, pausesMs, attempts } = failing(100);
    const outcome = codeOf(bench.client.echo({}));
    await bench.clock.advance(4900);
    expect(await outcome).toBe(Code.Unavailable);
    expect(attempts()).toBe(maxAttempts);
    expect(pausesMs()).toEqual([retryAfterMs, 2 * retryAfterMs, 4 * retryAfterMs]);
    // Each attempt is a call of its own to whoever counts.
    expect(bench.channel.traffic.snapshot()).toMatchObject([
      { side: "client", calls: maxAttempts, openCalls: 0, errors: [{ code: Code.Unavailable, calls: maxAttempts }] },
    ]);
    bench.channel.close();
  });

  it("waits between half and all of the pause, by chance", async () => {
    const { bench, pausesMs } = failing(1);
    const half = new ChannelBench({ random: () => 0 }, { handlers: bench.handlers, clock: bench.clock });
    const outcome = codeOf(half.client.echo({}));
    await bench.clock.advance(1000);
    expect([await outcome, ...pausesMs()]).toEqual(["ok", retryAfterMs / 2]);
    half.channel.close();
    bench.channel.close();
  });

  it("stays within the deadline of the first attempt, and does not wait in vain", async () => {
    const { bench, attempts } = failing(100);
    const since = bench.clock.now();
    const outcome = codeOf(bench.client.echo({}, { timeoutMs: retryAfterMs + 100 }));
    await bench.clock.advance(retryAfterMs);
    expect([await outcome, attempts(), bench.clock.now() - since]).toEqual([Code.Unavailable, 2, retryAfterMs]);
    bench.channel.close();
  });

  it("gets only the time that is left", async () => {
    const timeoutsMs: (number | undefined)[] = [];
    const bench = new ChannelBench(
      { random: () => 1 },
      {
        handlers: {
          echo: (_request, context) => {
            timeoutsMs.push(context.timeoutMs());
            throw new ConnectError("not now", Code.Unavailable);
          },
        },
      },
    );
    const outcome = codeOf(bench.client.echo({}, { timeoutMs: 1000 }));
    await bench.clock.advance(1000);
    await outcome;
    expect(timeoutsMs).toEqual([1000, 800, 400]);
    bench.channel.close();
  });

  it("is not made again for another code, nor after the caller gave up", async () => {
    for (const code of [Code.Aborted, Code.Internal, Code.ResourceExhausted, Code.DeadlineExceeded]) {
      const { bench, attempts } = failing(100, code);
      const outcome = codeOf(bench.client.echo({}));
      await bench.clock.advance(1000);
      expect([await outcome, attempts()]).toEqual([code, 1]);
      bench.channel.close();
    }
    const { bench, attempts } = failing(100);
    const controller = new AbortController();
    const outcome = codeOf(bench.client.echo({}, { signal: controller.signal }));
    await bench.clock.advance(retryAfterMs / 2);
    controller.abort();
    const alarms = bench.clock.alarms;
    expect(await outcome).toBe(Code.Canceled);
    await bench.clock.advance(5000);
    expect(attempts()).toBe(1);
    expect(bench.clock.alarms).toBeLessThanOrEqual(alarms);
    bench.channel.close();
  });

  it("is not made again when the service said so with details; a lost connection may have details", async () => {
    let calls = 0;
    const absent = errorWithDetail(Code.Unavailable, "The worker is gone.", WorkerAbsentSchema, {});
    const handlers = {
      echo: () => {
        calls += 1;
        if (calls === 1) {
          throw absent;
        }
        return calls === 2 ? new Promise<never>(() => undefined) : {};
      },
    };
    const bench = new ChannelBench({ random: () => 1 }, { handlers });
    const refused = codeOf(bench.client.echo({}));
    await bench.clock.advance(3000);
    expect([await refused, calls]).toEqual([Code.Unavailable, 1]);
    const again = codeOf(bench.client.echo({}));
    await bench.clock.advance(0);
    bench.near.at(-1)?.close(absent);
    await bench.clock.advance(1000);
    expect([await again, calls]).toEqual(["ok", 3]);
    bench.channel.close();
  });

  it("under way when the connection is lost, is made again once it is live", async () => {
    let calls = 0;
    const bench = new ChannelBench(
      { random: () => 1 },
      {
        handlers: {
          echo: () => {
            calls += 1;
            return calls === 1 ? new Promise(() => undefined) : { payload: Uint8Array.of(7) };
          },
        },
      },
    );
    await bench.clock.advance(0);
    const answer = bench.client.echo({});
    await bench.clock.advance(0);
    bench.dialFails = new Error("nobody listens");
    bench.cut();
    await bench.clock.advance(1500);
    expect([calls, bench.channel.state.phase]).toEqual([1, "lost"]);
    // One that begins meanwhile fails at once.
    expect(await codeOf(bench.client.echo({}))).toBe(Code.Unavailable);
    bench.dialFails = undefined;
    await bench.clock.advance(2000);
    expect((await answer).payload).toEqual(Uint8Array.of(7));
    bench.channel.close();
  });

  it("waits no longer than its deadline for the connection, and not at all for one that refuses, or is closed", async () => {
    const hang = { echo: () => new Promise<never>(() => undefined) };
    const lost = new ChannelBench({ random: () => 1 }, { handlers: hang });
    await lost.clock.advance(0);
    const late = codeOf(lost.client.echo({}, { timeoutMs: 1000 }));
    lost.dialFails = new Error("nobody listens");
    lost.cut();
    await lost.clock.advance(999);
    const closed = codeOf(lost.client.echo({}));
    await lost.clock.advance(1);
    expect([await late, await closed]).toEqual([Code.DeadlineExceeded, Code.Unavailable]);
    lost.channel.close();

    const refusing = new ChannelBench({ random: () => 1 }, { handlers: hang });
    await refusing.clock.advance(0);
    const refused = codeOf(refusing.client.echo({}));
    refusing.serverLimits = { ...PROTOCOL, major: 2 };
    refusing.cut();
    await refusing.clock.advance(1000);
    expect(await refused).toBe(Code.FailedPrecondition);

    const closing = new ChannelBench({ random: () => 1 }, { handlers: hang });
    await closing.clock.advance(0);
    const ended = codeOf(closing.client.echo({}));
    closing.dialFails = new Error("nobody listens");
    closing.cut();
    await closing.clock.advance(500);
    closing.channel.close();
    expect(await ended).toBe(Code.Canceled);
  });
});

describe("an idempotent call that changes something", () => {
  /** A worker whose stops fail so often before they are heard; recordings start at once. */
  function stopping(failures: number) {
    const clock = new FakeClock();
    const heard: string[] = [];
    const [near, far] = createLinkPair();
    createServer({ build: "s", session: "s", epoch: 1n, clock })
      .register(AcquisitionService, {
        startRecording: () => (heard.push("start"), {}),
        stopRecording: () => {
          heard.push("stop");
          if (heard.filter((call) => call === "stop").length <= failures) {
            throw new ConnectError("not now", Code.Unavailable);
          }
          return {};
        },
      })
      .accept(far, { role: Role.OPERATOR, label: "w" });
    const channel = createChannel({ dial: () => near, label: "w", role: Role.OPERATOR, build: "c", clock });
    return { clock, heard, channel, client: createClient(AcquisitionService, channel.transport) };
  }

  it("is made again as long as nothing newer was asked for", async () => {
    const { clock, heard, channel, client } = stopping(1);
    const outcome = codeOf(client.stopRecording({}));
    await clock.advance(2000);
    expect([await outcome, ...heard]).toEqual(["ok", "stop", "stop"]);
    channel.close();
  });

  it("is not made again after a newer one, which it would undo", async () => {
    const { clock, heard, channel, client } = stopping(1);
    const stopped = codeOf(client.stopRecording({}));
    await clock.advance(10);
    const started = codeOf(client.startRecording({}));
    await clock.advance(2000);
    expect([await stopped, await started, ...heard]).toEqual([Code.Unavailable, "ok", "stop", "start"]);
    channel.close();
  });
});

describe("a call that is not idempotent", () => {
  it("is never made again", async () => {
    const clock = new FakeClock();
    let calls = 0;
    const [near, far] = createLinkPair();
    createServer({ build: "s", session: "s", epoch: 1n, clock })
      .register(AcquisitionService, {
        startRecording: () => {
          calls += 1;
          throw new ConnectError("not now", Code.Unavailable);
        },
      })
      .accept(far, { role: Role.OPERATOR, label: "w" });
    const channel = createChannel({ dial: () => near, label: "w", role: Role.OPERATOR, build: "c", clock });
    const outcome = codeOf(createClient(AcquisitionService, channel.transport).startRecording({}));
    await clock.advance(10_000);
    expect([await outcome, calls]).toEqual([Code.Unavailable, 1]);
    channel.close();
  });
});
