import { Code } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { VersionMismatchSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createLinkPair, decodeFrame, PROTOCOL } from "../../src/rpc";
import type { Link } from "../../src/rpc";
import { decodeEnvelope } from "../../src/rpc/envelope";
import { ChannelBench, codeOf } from "./support/channel-bench";
import { settle } from "./support/fake-clock";

const { pingAfterIdleMs, lostAfterSilenceMs } = PROTOCOL;

describe("a channel", () => {
  it("goes live, and says what it is connected to", async () => {
    const bench = new ChannelBench();
    expect(bench.channel.state).toEqual({ phase: "connecting", attempt: 1 });
    await settle();
    expect(bench.channel.state).toMatchObject({
      phase: "live",
      attempt: 0,
      server: { build: "server 1", session: "s1", epoch: 1n, schemaDiffers: false, role: Role.OPERATOR },
      roundTripMs: 0,
      clock: { offsetNs: 0n },
    });
    bench.channel.close();
  });

  it("stays live while idle, by pings", async () => {
    const bench = new ChannelBench();
    await bench.clock.advance(60_000);
    expect(new Set(bench.phases)).toEqual(new Set(["live"]));
    expect(bench.dials).toBe(1);
  });

  it("measures again at least every 2 s under constant traffic, and states the newest figure", async () => {
    const bench = new ChannelBench();
    await settle();
    const pingsAt: number[] = [];
    bench.onFrame = (frame, from) => {
      if (from === 0 && decodeEnvelope(decodeFrame(frame)).case === "ping") {
        pingsAt.push(bench.clock.now());
      }
    };
    const since = bench.clock.now();
    const alarmsBefore = bench.clock.alarms;
    const talk = async (forMs: number) => {
      for (let ms = 0; ms < forMs; ms += 100) {
        const answer = bench.client.echo({});
        await bench.clock.advance(100);
        await answer;
      }
    };
    await talk(6000);
    expect(pingsAt.map((at) => at - since)).toEqual([2000, 4000, 6000]);
    bench.delayMs = 20;
    await talk(2200);
    // One way takes 20 ms now, and so does the other; the best clock is still an older one.
    expect(bench.channel.state.roundTripMs).toBe(40);
    expect(bench.channel.state.clock).toMatchObject({ offsetNs: 0n, roundTripMs: 40 });
    expect(bench.channel.state.clock?.errorNs).toBeLessThan(1_000_000n);
    expect(bench.clock.alarms).toBe(alarmsBefore);
    bench.channel.close();
  });

  it("turns stale in silence and live again with the first sign of life", async () => {
    const bench = new ChannelBench();
    await bench.clock.advance(500);
    bench.passing = false;
    await bench.clock.advance(2 * pingAfterIdleMs + 500);
    expect(bench.channel.state.phase).toBe("stale");
    bench.passing = true;
    await bench.clock.advance(pingAfterIdleMs);
    expect(bench.channel.state.phase).toBe("live");
    expect(bench.dials).toBe(1);
  });

  it("is lost after a long silence, dials again, and knows the new epoch", async () => {
    const bench = new ChannelBench();
    await bench.clock.advance(500);
    bench.passing = false;
    await bench.clock.advance(lostAfterSilenceMs + 600);
    expect(bench.phases).toContain("lost");
    bench.passing = true;
    bench.epoch = 2n;
    await bench.clock.advance(2 * PROTOCOL.helloWithinMs);
    expect(bench.channel.state).toMatchObject({ phase: "live", server: { epoch: 2n, session: "s2" } });
  });

  it("does not take its own standstill for a loss", async () => {
    const bench = new ChannelBench();
    await bench.clock.advance(500);
    await bench.clock.stall(60_000);
    await bench.clock.advance(3000);
    expect(bench.dials).toBe(1);
    expect(bench.channel.state.phase).toBe("live");
  });

  it("dials again with growing pauses", async () => {
    const bench = new ChannelBench({}, { dialFails: new Error("nobody listens") });
    await settle();
    expect(bench.channel.state).toMatchObject({
      phase: "lost",
      attempt: 1,
      reason: "nobody listens",
      code: Code.Unavailable,
    });
    const dialsAfter: number[] = [];
    for (const waitMs of [99, 1, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      await bench.clock.advance(waitMs);
      dialsAfter.push(bench.dials);
    }
    expect(dialsAfter).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    bench.dialFails = undefined;
    await bench.clock.advance(5000);
    expect(bench.channel.state).toMatchObject({ phase: "live", attempt: 0 });
  });

  it("stays closed when whoever hears of the loss closes it", async () => {
    const bench = new ChannelBench();
    await bench.clock.advance(500);
    bench.channel.subscribe(({ phase }) => {
      if (phase === "lost") bench.channel.close();
    });
    bench.cut();
    await bench.clock.advance(20_000);
    expect([bench.dials, bench.channel.state.phase]).toEqual([1, "lost"]);
  });

  it("is dialled once when whoever hears of the loss dials at once", async () => {
    const bench = new ChannelBench();
    await bench.clock.advance(500);
    bench.channel.subscribe(({ phase }) => {
      if (phase === "lost") bench.channel.redial();
    });
    bench.near[0]?.close("pulled out");
    await bench.clock.advance(20_000);
    expect([bench.dials, bench.channel.state.phase]).toEqual([2, "live"]);
    bench.channel.close();
  });

  it("is not dialled at full speed when the server greets and then drops it", async () => {
    const bench = new ChannelBench();
    bench.onFrame = (frame, from) => {
      if (from === 1 && decodeEnvelope(decodeFrame(frame)).case === "ping") {
        queueMicrotask(() => bench.cut());
      }
    };
    await bench.clock.advance(20_000);
    // After pauses of 100, 200, 400, 800, 1600, 3200, 5000 and 5000 ms.
    expect([bench.dials, bench.phases.filter((phase) => phase === "lost").length]).toEqual([9, 9]);
    // A call that was answered, or some time without a loss, makes it a server to come back to at once.
    bench.onFrame = () => undefined;
    await bench.clock.advance(5000);
    await bench.client.echo({});
    bench.cut();
    await bench.clock.advance(100);
    expect(bench.dials).toBe(11);
    await bench.clock.advance(5000);
    bench.cut();
    await bench.clock.advance(100);
    expect(bench.dials).toBe(12);
    bench.channel.close();
  });

  it("is refused by another major version, with both named, and not tried again until told", async () => {
    const bench = new ChannelBench({}, { serverLimits: { ...PROTOCOL, major: 2 } });
    await settle();
    const { phase, code, reason, error } = bench.channel.state;
    expect([phase, code]).toEqual(["refused", Code.FailedPrecondition]);
    expect(reason).toContain("Install the same release");
    expect(error?.findDetails(VersionMismatchSchema)[0]).toMatchObject({ clientMajor: 1, serverMajor: 2 });
    expect(await codeOf(bench.client.echo({}))).toBe(Code.FailedPrecondition);
    await bench.clock.advance(60_000);
    expect(bench.dials).toBe(1);
    bench.serverLimits = PROTOCOL;
    bench.channel.redial();
    await settle();
    expect(bench.channel.state.phase).toBe("live");
  });

  it("makes the connection anew when told, while live", async () => {
    const bench = new ChannelBench();
    await settle();
    bench.channel.redial();
    await settle();
    expect([bench.dials, bench.phases]).toEqual([2, ["live", "live", "connecting", "live", "live"]]);
  });

  it("closes the link of a dial that comes too late", async () => {
    const [near, far] = createLinkPair();
    const { promise, resolve } = Promise.withResolvers<Link>();
    const channel = createChannel({ dial: () => promise, label: "", role: Role.VIEWER, build: "" });
    channel.close();
    const onClose = vi.fn();
    far.onClose(onClose);
    resolve(near);
    await settle();
    expect(onClose).toHaveBeenCalledOnce();
    expect(channel.state).toMatchObject({ phase: "lost", reason: "The channel was closed here." });
  });

  it("sets no timer for a call", async () => {
    const bench = new ChannelBench();
    await settle();
    const before = bench.clock.alarms;
    const pending = bench.client.echo({});
    expect(bench.clock.alarms).toBe(before);
    await pending;
    expect(bench.clock.alarms).toBe(before);
    bench.channel.close();
    await settle();
    expect(bench.clock.alarms).toBe(0);
  });

  it("tells listeners until they leave", async () => {
    const bench = new ChannelBench();
    const listener = vi.fn();
    bench.channel.subscribe(listener)();
    await settle();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe("calls of a channel that is not live", () => {
  it("wait while it connects", async () => {
    const bench = new ChannelBench();
    expect(bench.channel.state.phase).toBe("connecting");
    expect(await codeOf(bench.client.echo({}))).toBe("ok");
  });

  it("wait no longer than their deadline, or their signal", async () => {
    const bench = new ChannelBench({ dial: () => new Promise(() => undefined) });
    const late = codeOf(bench.client.echo({}, { timeoutMs: 200 }));
    const controller = new AbortController();
    const given = codeOf(bench.client.echo({}, { signal: controller.signal, timeoutMs: 0 }));
    controller.abort();
    const never = codeOf(bench.client.echo({}, { signal: controller.signal, timeoutMs: 0 }));
    await bench.clock.advance(200);
    expect([await late, await given, await never]).toEqual([Code.DeadlineExceeded, Code.Canceled, Code.Canceled]);
    expect(bench.clock.alarms).toBe(0);
  });

  it("fail when the dial they wait for does", async () => {
    const { promise, reject } = Promise.withResolvers<Link>();
    const bench = new ChannelBench({ dial: () => promise });
    const outcome = codeOf(bench.client.echo({}));
    reject(new Error("nobody listens"));
    expect(await outcome).toBe(Code.Unavailable);
  });

  it("fail at once when it is lost, or closed", async () => {
    const bench = new ChannelBench();
    await settle();
    bench.cut();
    await settle();
    expect(bench.channel.state.phase).toBe("lost");
    expect(await codeOf(bench.client.echo({}))).toBe(Code.Unavailable);
    const stream = bench.client.flood({ messageBytes: 1, messages: 1 })[Symbol.asyncIterator]();
    expect(await codeOf(stream.next())).toBe(Code.Unavailable);
    bench.channel.close();
    expect(await codeOf(bench.client.echo({}))).toBe(Code.Canceled);
  });
});
