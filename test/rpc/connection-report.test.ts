import { describe, expect, it } from "vitest";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { FakeClock } from "./support/fake-clock";
import { diagnostics, failure } from "./support/served-pair";

describe("the reports of a connection", () => {
  it("tell at each end who is at the other and how the connection stands", async () => {
    const clock = new FakeClock();
    const { client, channel, server } = diagnostics(
      { ...diagnosticsService(), probeStop: () => new Promise(() => undefined) },
      { server: { clock }, channel: { clock } },
    );
    expect(channel.connectionReport()).toBeUndefined();
    await clock.advance(500);
    const pending = failure(client.probeStop({}));
    await client.echo({ payload: new Uint8Array(100) });
    await clock.advance(50);
    const both = { role: Role.OPERATOR, state: "open", openCalls: 1, connectedMs: 550, silenceMs: 50 };
    const atRest = { offsetNs: 0n, residualNs: 0n, roundTripNs: 0n };
    expect(channel.connectionReport()).toMatchObject({
      ...both,
      ...{ side: "client", label: "server 1", build: "server 1", bytesInFlight: 0, clock: atRest },
    });
    const [report] = server.connectionReports();
    expect(report).toMatchObject({ ...both, side: "server", label: "test", build: "client 1", clock: atRest });
    // The echo's answer is not given back yet: the client gathers.
    expect(report?.bytesInFlight).toBeGreaterThan(100);
    // Grown by 50 ppm since the ping at the beginning.
    expect(report?.clock?.errorNs).toBe(1n + 27_500n);
    channel.close();
    await pending;
    await clock.advance(0);
    expect([channel.connectionReport(), server.connectionReports()]).toEqual([undefined, []]);
  });
});
