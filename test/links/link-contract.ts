/** What every link keeps to. Each kind of link calls `describeLinkContract` in its own tests. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createServer, encodeFrame } from "../../src/rpc";
import type { Link } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";

/** Makes the two ends of a link. What they leave behind besides the links, `cleanUp` ends. */
export interface LinkMaker {
  readonly make: () => Promise<readonly [Link, Link]> | readonly [Link, Link];
  readonly cleanUp?: () => Promise<void> | void;
}

const frameOf = (bytes: number, mark: number) =>
  encodeFrame(Lane.COMMAND, 1, Uint8Array.of(mark), new Uint8Array(bytes).fill(mark));

/** Compared as memory: a matcher that goes through millions of numbers takes seconds. */
const same = (got: readonly Uint8Array[], sent: readonly Uint8Array[]): boolean =>
  got.length === sent.length && got.every((frame, index) => Buffer.compare(frame, sent[index] as Uint8Array) === 0);

function collect(link: Link): Uint8Array[] {
  const got: Uint8Array[] = [];
  link.onFrame((frame) => got.push(frame));
  return got;
}

/** Tests over pairs of links made by `maker`. */
export function describeLinkContract(name: string, { make, cleanUp }: LinkMaker): void {
  describe(`${name} as a link`, () => {
    const made: Link[] = [];
    const pair = async () => {
      const ends = await make();
      made.push(...ends);
      return ends;
    };
    afterEach(async () => {
      for (const link of made.splice(0)) link.close("The test is over.");
      await cleanUp?.();
    });

    it("carries frames of one lane whole and in order, both ways", async () => {
      const [near, far] = await pair();
      const sizes = [0, 1, 15, 16, 70_000, 3_000_000, 5];
      const [here, there] = [collect(near), collect(far)];
      sizes.forEach((bytes, mark) => {
        near.send(frameOf(bytes, mark));
        far.send(frameOf(bytes, mark + 100));
      });
      await vi.waitFor(() => expect([here.length, there.length]).toEqual([sizes.length, sizes.length]));
      expect(same(there, sizes.map(frameOf))).toBe(true);
      expect(
        same(
          here,
          sizes.map((bytes, mark) => frameOf(bytes, mark + 100)),
        ),
      ).toBe(true);
    });

    it("keeps frames until somebody listens", async () => {
      const [near, far] = await pair();
      near.send(frameOf(3, 1));
      near.send(frameOf(3, 2));
      // As long as it takes for something to come the other way.
      const here = collect(near);
      far.send(frameOf(3, 3));
      await vi.waitFor(() => expect(here).toHaveLength(1));
      const there = collect(far);
      await vi.waitFor(() => expect(there).toEqual([frameOf(3, 1), frameOf(3, 2)]));
    });

    it("delivers what was sent before it closed, and tells both ends once", async () => {
      const [near, far] = await pair();
      const there = collect(far);
      const [nearClosed, farClosed] = [vi.fn(), vi.fn()];
      near.onClose(nearClosed);
      far.onClose(farClosed);
      // More than a medium takes at once.
      const sent = [1, 2, 3, 4, 5].map((mark) => frameOf(2_000_000, mark));
      for (const frame of sent) near.send(frame.slice());
      near.close("enough");
      near.close("again");
      near.send(frameOf(1, 2));
      await vi.waitFor(() => expect(farClosed).toHaveBeenCalled());
      expect(there).toHaveLength(sent.length);
      expect(same(there, sent)).toBe(true);
      expect(nearClosed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ rawMessage: "enough" }));
      far.close("too late");
      expect(farClosed).toHaveBeenCalledOnce();
    });

    it("tells a late listener that it is closed", async () => {
      const [near] = await pair();
      near.close("over");
      const onClose = vi.fn();
      near.onClose(onClose);
      expect(onClose).toHaveBeenCalledOnce();
    });

    it("carries calls, and streams that are longer than what may wait", async () => {
      const [near, far] = await pair();
      const server = createServer({ build: "server", session: "1", epoch: 1n });
      server.register(DiagnosticsService, diagnosticsService());
      server.accept(far, { role: Role.OPERATOR, label: "contract" });
      const channel = createChannel({ dial: () => near, label: "", role: Role.OPERATOR, build: "client" });
      const client = createClient(DiagnosticsService, channel.transport);
      expect((await client.echo({ payload: Uint8Array.of(5) })).payload).toEqual(Uint8Array.of(5));
      let received = 0;
      for await (const { block } of client.flood({ messageBytes: 1 << 20, messages: 20 })) received += block.length;
      expect(received).toBe(20 << 20);
      channel.close();
      server.close("over");
    });
  });
}
