import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { createClient } from "../../src/rpc";
import type { Receiver } from "../../src/rpc";
import { Receivers } from "../../src/rpc/receivers";
import { FakeClock, settle } from "./support/fake-clock";
import { deferred, failure, servedPair } from "./support/served-pair";

/** A camera whose state a test sets, and a window that watches it and takes a state when the test says so. */
function watched(onBehind?: (receiver: Receiver) => void) {
  const clock = new FakeClock();
  let revision = 0n;
  let wake = deferred();
  const pair = servedPair(
    CameraService,
    {
      watchCamera: async function* () {
        for (let sent = 0n; ; sent = revision) {
          if (sent === revision) {
            await wake.promise;
            wake = deferred();
          }
          if (revision < 0n) {
            throw new ConnectError("The camera is gone.", Code.Aborted);
          }
          yield { state: { revision } };
        }
      },
    },
    { server: { clock, onBehind }, channel: { clock } },
  );
  const states = createClient(CameraService, pair.channel.transport).watchCamera({})[Symbol.asyncIterator]();
  const set = async (next: bigint) => {
    revision = next;
    wake.resolve();
    await settle();
  };
  return { ...pair, clock, states, set };
}

const method = "/macroscope.camera.v1.CameraService/WatchCamera";

describe("the receivers of a broadcast", () => {
  it("are listed with what was sent and what they have acknowledged", async () => {
    const { server, channel, clock, states, set } = watched();
    const first = states.next();
    await settle();
    expect(server.receivers()).toMatchObject([{ label: "test", method, sentRevision: 0n, behindMs: 0, ended: false }]);
    await set(1n);
    await first;
    await settle();
    expect(server.receivers()).toMatchObject([{ sentRevision: 1n, acknowledgedRevision: 1n, behindMs: 0 }]);
    await set(2n);
    await clock.advance(300);
    await set(3n);
    expect(server.receivers()).toMatchObject([{ sentRevision: 3n, acknowledgedRevision: 1n, behindMs: 300 }]);
    await states.next();
    await settle();
    expect(server.receivers()).toMatchObject([{ acknowledgedRevision: 2n, behindMs: 0 }]);
    await states.next();
    await settle();
    expect(server.receivers()).toMatchObject([{ acknowledgedRevision: 3n, behindMs: 0 }]);
    channel.close();
  });

  it("are told of once each time that they fall behind", async () => {
    const onBehind = vi.fn<(receiver: Receiver) => void>();
    const { channel, clock, states, set } = watched(onBehind);
    const first = states.next();
    await settle();
    await set(1n);
    await first;
    await settle();
    await clock.advance(5000);
    expect(onBehind).not.toHaveBeenCalled();
    await set(2n);
    await clock.advance(999);
    expect(onBehind).not.toHaveBeenCalled();
    await clock.advance(1);
    await set(3n);
    await clock.advance(5000);
    expect(onBehind.mock.calls.map(([{ label, sentRevision, behindMs }]) => [label, sentRevision, behindMs])).toEqual([
      ["test", 2n, 1000],
    ]);
    await states.next();
    await settle();
    // It has not caught up wholly, so there is nothing new to tell.
    await clock.advance(5000);
    expect(onBehind).toHaveBeenCalledOnce();
    await states.next();
    await settle();
    await clock.advance(5000);
    await set(4n);
    await clock.advance(1000);
    expect(onBehind).toHaveBeenCalledTimes(2);
    channel.close();
  });

  it("stay listed with the reason when they are gone", async () => {
    const { server, channel, clock, states, set } = watched(() => undefined);
    const first = states.next();
    await settle();
    await set(1n);
    await first;
    await set(2n);
    channel.close();
    await settle();
    expect(server.receivers()).toMatchObject([
      { sentRevision: 2n, acknowledgedRevision: 1n, ended: true, reason: "The channel was closed here." },
    ]);
    expect(clock.alarms).toBe(0);

    const failing = watched();
    const outcome = failure(Promise.resolve(failing.states.next()));
    await settle();
    await failing.set(-1n);
    expect((await outcome).rawMessage).toBe("The camera is gone.");
    expect(failing.server.receivers()).toMatchObject([{ ended: true, reason: "The camera is gone." }]);
    failing.channel.close();
  });
});

describe("Receivers", () => {
  it("forget all but the last that ended", () => {
    const receivers = new Receivers(new FakeClock(), undefined);
    for (let number = 0; number < 40; number++) {
      receivers.began(`window ${number}`, method).end("closed");
    }
    const listed = receivers.report();
    expect([listed.length, listed[0]?.label, listed.at(-1)?.label]).toEqual([32, "window 8", "window 39"]);
  });

  it("remember a bounded number of unacknowledged revisions, however many are sent", () => {
    const clock = new FakeClock();
    const receivers = new Receivers(clock, undefined);
    const track = receivers.began("window", method);
    for (let revision = 1n; revision <= 1000n; revision++) {
      track.sent(revision, 0);
    }
    track.acknowledged(300);
    expect(track.report(clock.now())).toMatchObject({ sentRevision: 1000n, acknowledgedRevision: 255n });
    track.acknowledged(700);
    expect(track.report(clock.now())).toMatchObject({ acknowledgedRevision: 1000n, behindMs: 0 });
  });

  it("survive a listener that throws", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const clock = new FakeClock();
    const receivers = new Receivers(clock, () => {
      throw new Error("nobody listens");
    });
    receivers.began("window", method).sent(1n, 0);
    await clock.advance(1000);
    expect(report).toHaveBeenCalledOnce();
    report.mockRestore();
  });
});
