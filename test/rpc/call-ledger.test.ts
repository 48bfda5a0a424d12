import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { createClient } from "../../src/rpc";
import type { CallRecord } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { FakeClock, settle } from "./support/fake-clock";
import { diagnostics, failure } from "./support/served-pair";

const method = "/macroscope.diagnostics.v1.DiagnosticsService/Echo";

/** A pair whose ends both write down each call. */
function logged(implementation: Parameters<typeof diagnostics>[0] = diagnosticsService()) {
  const near: CallRecord[] = [];
  const far: CallRecord[] = [];
  const clock = new FakeClock();
  const pair = diagnostics(implementation, {
    server: { clock, onCall: (record) => far.push(record) },
    channel: { clock, onCall: (record) => near.push(record) },
  });
  return { ...pair, near, far, clock };
}

describe("onCall", () => {
  it("is told of each call once, at both ends, with who was at the other", async () => {
    const { client, near, far } = logged();
    await client.echo({ payload: new Uint8Array(10) });
    for await (const { index } of client.flood({ messageBytes: 1, messages: 3 })) {
      expect(index).toBeLessThan(3);
    }
    await settle();
    expect(near).toMatchObject([
      { side: "client", method, peer: "server 1", code: 0, messagesSent: 1, messagesReceived: 1, skipped: 0 },
      { side: "client", code: 0, messagesSent: 1, messagesReceived: 3 },
    ]);
    expect(far).toMatchObject([
      { side: "server", method, peer: "test", code: 0, messagesSent: 1, messagesReceived: 1, bytesReceived: 12 },
      { side: "server", code: 0, messagesSent: 3, messagesReceived: 1 },
    ]);
  });

  it("tells how calls ended, and after which time", async () => {
    const { client, channel, near, far, clock } = logged({
      echo: async () => {
        await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 120));
        throw new ConnectError("no", Code.Aborted);
      },
    });
    const outcome = failure(client.echo({}));
    await clock.advance(120);
    await outcome;
    await failure(createClient(CameraService, channel.transport).configureCamera({}));
    const codes = [Code.Aborted, Code.Unimplemented];
    expect(near.map(({ code }) => code)).toEqual(codes);
    expect(far.map(({ code }) => code)).toEqual(codes);
    expect([near[0]?.durationMs, far[0]?.durationMs]).toEqual([120, 120]);
    // Also of what nobody serves, though it is not counted.
    expect(far[1]?.method).toBe("/macroscope.camera.v1.CameraService/ConfigureCamera");
    channel.close();
  });

  it("may throw without harm", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { client } = diagnostics(diagnosticsService(), {
      server: {
        onCall: () => {
          throw new Error("the log is full");
        },
      },
    });
    await client.echo({});
    await client.echo({});
    expect(report).toHaveBeenCalledTimes(2);
    report.mockRestore();
  });
});
