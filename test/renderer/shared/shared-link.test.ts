import { describe, expect, it, vi } from "vitest";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { SharedLink } from "../../../src/renderer/shared/shared-link";
import { createLinkPair, createMultiplexer, PROTOCOL } from "../../../src/rpc";
import type { Link } from "../../../src/rpc";
import { ManualClock } from "../../support/manual-clock";

const REQUEST = { target: "", role: Role.OPERATOR, label: "test" };

/** Links to somebody who takes connections, and answers on them when asked to. */
function program(clock = new ManualClock()) {
  const links: Link[] = [];
  const accepted: Link[] = [];
  const onClose = vi.fn();
  const openLink = vi.fn(() => {
    const [near, far] = createLinkPair();
    links.push(near);
    createMultiplexer(far, { accept: (_, link) => accepted.push(link), onClose });
    return Promise.resolve(near);
  });
  return { clock, links, accepted, onClose, openLink, shared: new SharedLink(openLink, clock) };
}

describe("SharedLink", () => {
  it("makes one link for all connections, also for those that are asked for at once", async () => {
    const { shared, openLink } = program();
    await Promise.all([shared.connect(REQUEST), shared.connect(REQUEST)]);
    await shared.connect(REQUEST);
    expect(openLink).toHaveBeenCalledOnce();
  });

  it("makes a new one when the old one has closed, or could not be made", async () => {
    const { shared, links, openLink } = program();
    openLink.mockRejectedValueOnce(new Error("nobody there"));
    await expect(shared.connect(REQUEST)).rejects.toThrow("nobody there");
    await shared.connect(REQUEST);
    links[0]?.close("gone");
    await shared.connect(REQUEST);
    expect(openLink).toHaveBeenCalledTimes(3);
  });

  it("lets the link forget what waits of a closed connection", async () => {
    const forget = vi.fn();
    const [near, far] = createLinkPair();
    createMultiplexer(far, { accept: () => undefined });
    const shared = new SharedLink(() => Promise.resolve(Object.assign(near, { forget })), new ManualClock());
    const connection = await shared.connect(REQUEST);
    connection.close("done");
    expect(forget).toHaveBeenCalledExactlyOnceWith(1);
  });

  it("drops a link on which nothing was heard all the time that a connection waited", async () => {
    const { shared, clock, openLink } = program();
    const connection = await shared.connect(REQUEST);
    clock.advance(PROTOCOL.helloWithinMs);
    connection.close("No hello came.");
    await shared.connect(REQUEST);
    expect(openLink).toHaveBeenCalledTimes(2);
  });

  it("keeps one that is alive on another connection: only that one's other end is silent", async () => {
    const { shared, clock, accepted, openLink } = program();
    const [talking, silent] = [await shared.connect(REQUEST), await shared.connect(REQUEST)];
    const onFrame = vi.fn();
    talking.onFrame(onFrame);
    clock.advance(PROTOCOL.helloWithinMs - 1000);
    await vi.waitFor(() => {
      expect(accepted).toHaveLength(2);
    });
    accepted[0]?.send(new Uint8Array([0x4d, 0x53, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    await vi.waitFor(() => {
      expect(onFrame).toHaveBeenCalledOnce();
    });
    clock.advance(1000);
    silent.close("No hello came.");
    await shared.connect(REQUEST);
    expect(openLink).toHaveBeenCalledOnce();
  });

  it("keeps one whose connection is only made anew", async () => {
    const { shared, clock, openLink } = program();
    const connection = await shared.connect(REQUEST);
    clock.advance(100);
    connection.close("The connection is made anew.");
    await shared.connect(REQUEST);
    expect(openLink).toHaveBeenCalledOnce();
  });

  it("closes the link, and needs none to be there", async () => {
    const { shared, onClose, openLink } = program();
    shared.close("done");
    await shared.connect(REQUEST);
    shared.close("done");
    await vi.waitFor(() => {
      expect(onClose).toHaveBeenCalledOnce();
    });
    openLink.mockRejectedValueOnce(new Error("nobody there"));
    const failing = shared.connect(REQUEST);
    shared.close("done");
    await expect(failing).rejects.toThrow("nobody there");
  });
});
