import { describe, expect, it } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createLinkPair, createServer } from "../../src/rpc";
import type { Link } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";

/** A link that copies, as a port does, and remembers the buffers that it was given. */
function copying(link: Link, buffers: ArrayBufferLike[]): Link {
  return {
    copiesOnSend: true,
    send: (frame) => {
      buffers.push(frame.buffer);
      link.send(frame.slice());
    },
    onFrame: (listener) => link.onFrame(listener),
    onClose: (listener) => link.onClose(listener),
    close: (reason) => link.close(reason),
  };
}

describe("ConnectionDriver", () => {
  it("uses the buffers of large frames again where the link copies them", async () => {
    const buffers: ArrayBufferLike[] = [];
    const server = createServer({ build: "s", session: "1", epoch: 1n });
    server.register(DiagnosticsService, diagnosticsService());
    const [near, far] = createLinkPair();
    server.accept(copying(far, buffers), { role: Role.VIEWER, label: "" });
    const channel = createChannel({ dial: () => near, label: "", role: Role.VIEWER, build: "" });
    const client = createClient(DiagnosticsService, channel.transport);
    let bytes = 0;
    for await (const { block } of client.flood({ messageBytes: 200_000, messages: 30 })) {
      expect(block.every((byte) => byte === 0)).toBe(true);
      bytes += block.length;
    }
    expect(bytes).toBe(6_000_000);
    const large = buffers.filter((buffer) => buffer.byteLength > 200_000);
    // The lengths differ by the bytes of the message's number, so there are a few sizes, but not a buffer for each message.
    expect(large).toHaveLength(30);
    expect(new Set(large).size).toBeLessThan(6);
    channel.close();
  });
});
