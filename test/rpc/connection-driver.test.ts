import { describe, expect, it } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createLinkPair, createServer, PROTOCOL } from "../../src/rpc";
import type { Link } from "../../src/rpc";
import { ConnectionDriver } from "../../src/rpc/connection-driver";
import { Outbox } from "../../src/rpc/outbox";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { FakeClock } from "./support/fake-clock";

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

const HELLO = { protocolMajor: PROTOCOL.major, schemaDigest: "0".repeat(64) };

/** Watches who closes a link. */
function closes(link: Link): { by: "this end" | "the other end" | undefined } {
  const seen: { by: "this end" | "the other end" | undefined } = { by: undefined };
  const close = link.close.bind(link);
  const onClose = link.onClose.bind(link);
  link.close = (reason) => {
    seen.by ??= "this end";
    close(reason);
  };
  link.onClose = (listener) =>
    onClose((reason) => {
      seen.by ??= "the other end";
      listener(reason);
    });
  return seen;
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

  it("leaves the link of a drained server to the client, so that no last answer is overtaken, but not for ever", async () => {
    const clock = new FakeClock();
    const ends = [createLinkPair(), createLinkPair()].map(([near, far]) => {
      const seen = closes(far);
      const server = new ConnectionDriver(
        far,
        clock,
        { side: "server", introduction: { build: "s" } },
        () => undefined,
      );
      server.start();
      return { near, far: seen, server };
    });
    const [polite, rude] = ends as [(typeof ends)[0], (typeof ends)[0]];
    const client = new ConnectionDriver(
      polite.near,
      clock,
      { side: "client", introduction: { build: "c" } },
      () => undefined,
    );
    client.start();
    rude.near.send(new Outbox().encode(Lane.COMMAND, { case: "hello", value: HELLO }));
    await clock.advance(0);
    polite.server.drain();
    rude.server.drain();
    await clock.advance(PROTOCOL.lostAfterSilenceMs - 1);
    expect([polite.far.by, rude.far.by]).toEqual(["the other end", undefined]);
    await clock.advance(1);
    expect(rude.far.by).toBe("this end");
    expect(clock.alarms).toBe(0);
  });
});
