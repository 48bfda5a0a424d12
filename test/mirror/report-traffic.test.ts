import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { reportTraffic, windowTraffic } from "../../src/mirror";
import { REPORT_EVERY_MS } from "../../src/mirror/report-traffic";
import { FakeChannel } from "../renderer/support/fake-channel";
import { FakeInstrument } from "../renderer/support/fake-instrument";

const report = (label: string) => ({
  label,
  build: "",
  side: "client" as const,
  role: Role.OPERATOR,
  state: "open" as const,
  connectedMs: 1000,
  openCalls: 0,
  bytesInFlight: 0,
  silenceMs: 0,
  clock: undefined,
});

class CountedChannel extends FakeChannel {
  readonly traffic = { countedMs: 3000, snapshot: () => [] };
  constructor(private readonly label: string) {
    super(1n);
  }
  connectionReport() {
    return this.state.phase === "live" ? report(this.label) : undefined;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const channels = { host: new CountedChannel("host"), worker: new CountedChannel("worker") };

function instrumentWith(hostThere: boolean) {
  const { clients } = new FakeInstrument();
  const told: Record<"host" | "worker", string[][]> = { host: [], worker: [] };
  const client = (name: "host" | "worker") => ({
    ...clients.diagnostics.worker,
    reportTraffic: vi.fn((request: unknown) => {
      const { process } = request as { process: { process: string; connections: { label: string }[] } };
      told[name].push([process.process, ...process.connections.map(({ label }) => label)]);
      return Promise.reject(new ConnectError("No matter.", Code.Unavailable));
    }),
  });
  const diagnostics = { host: hostThere ? client("host") : undefined, worker: client("worker") };
  const instrument = {
    channels: { host: hostThere ? channels.host : undefined, worker: channels.worker, main: undefined },
    clients: { ...clients, diagnostics },
  };
  return { instrument, told };
}

describe("windowTraffic", () => {
  it("tells of all channels that count", () => {
    const message = windowTraffic("operator window", { ...channels, main: undefined });
    expect(message).toMatchObject({ process: "operator window", countedS: 3 });
    expect(message.connections.map(({ label }) => label)).toEqual(["host", "worker"]);
    const withMain = windowTraffic("operator window", { ...channels, main: channels.host });
    expect(withMain.connections).toHaveLength(3);
    expect(
      windowTraffic("page", { host: undefined, worker: new FakeChannel(1n), main: undefined }).connections,
    ).toEqual([]);
  });
});

describe("reportTraffic", () => {
  it("tells the host every few seconds while it is there, whatever becomes of a report, until stopped", async () => {
    const { instrument, told } = instrumentWith(true);
    const stop = reportTraffic("operator window", instrument);
    await vi.advanceTimersByTimeAsync(REPORT_EVERY_MS);
    expect(told.host).toEqual([["operator window", "host", "worker"]]);
    channels.host.set({ phase: "lost" });
    await vi.advanceTimersByTimeAsync(2 * REPORT_EVERY_MS);
    expect(told.host).toHaveLength(1);
    channels.host.set({ phase: "live" });
    await vi.advanceTimersByTimeAsync(REPORT_EVERY_MS);
    expect(told.host).toHaveLength(2);
    stop();
    await vi.advanceTimersByTimeAsync(10 * REPORT_EVERY_MS);
    expect(told.host).toHaveLength(2);
    expect(told.worker).toEqual([]);
  });

  it("tells the worker where there is no host", async () => {
    const { instrument, told } = instrumentWith(false);
    const stop = reportTraffic("browser page", instrument);
    await vi.advanceTimersByTimeAsync(REPORT_EVERY_MS);
    expect(told.worker).toEqual([["browser page", "worker"]]);
    stop();
  });
});
