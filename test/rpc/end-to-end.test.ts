import { describe, expect, it } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createLinkPair, createServer } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";

describe("first light", () => {
  it("unary and stream", async () => {
    const server = createServer({ build: "s", session: "1", epoch: 1n }).register(
      DiagnosticsService,
      diagnosticsService(),
    );
    const channel = createChannel({
      dial: () => {
        const [a, b] = createLinkPair();
        server.accept(b, { role: Role.OPERATOR, label: "t" });
        return a;
      },
      label: "t",
      role: Role.OPERATOR,
      build: "c",
    });
    const client = createClient(DiagnosticsService, channel.transport);
    const { payload } = await client.echo({ payload: Uint8Array.of(1, 2, 3) });
    expect([...payload]).toEqual([1, 2, 3]);
    let got = 0;
    for await (const message of client.flood({ messageBytes: 100_000, messages: 50 })) {
      expect(message.index).toBe(got++);
      expect(message.block.length).toBe(100_000);
      expect(message.block.byteOffset % 16).toBe(0);
    }
    expect(got).toBe(50);
    channel.close();
  });
});
