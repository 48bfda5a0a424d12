import { afterEach, describe, expect, it, vi } from "vitest";
import { ConnectError, Code } from "@connectrpc/connect";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchWindows } from "../../src/mirror/watch-windows";
import { fakeServer } from "../renderer/support/fake-channel";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

function watched() {
  const { instrument, store } = makeMirror();
  const { window } = instrument.clients;
  if (!window) throw new Error("no windows");
  stream = watchWindows(store, window, instrument.channels.main);
  return { instrument, store };
}

describe("watchWindows", () => {
  it("mirrors windows and displays, and every change", async () => {
    const { instrument, store } = watched();
    const first = await whenMirrored(store, (state) => state.windows.current);
    expect(first.state.displays.map(({ label }) => label)).toEqual(["Built-in display", "DELL P2419H"]);
    instrument.windows.change({ guarded: true });
    await whenMirrored(store, (state) => state.windows.current?.state.guarded);
  });

  it("takes a lower revision of another main, which is one of its own epoch", async () => {
    const { instrument, store } = watched();
    instrument.windows.change({ guarded: true });
    await whenMirrored(store, (state) => state.windows.current?.state.revision === 2);
    instrument.windows.states.fail(new ConnectError("The host has ended.", Code.Unavailable));
    await vi.waitFor(() => {
      expect(instrument.windows.states.watchers).toBe(0);
    });
    instrument.channels.main.set({ server: fakeServer(9n) });
    instrument.windows.states.push({ ...instrument.windows.states.current, revision: 1n, guarded: false });
    stream?.wake();
    const after = await whenMirrored(store, ({ windows }) => windows.current?.epoch === "9" && windows.current);
    expect(after.state).toMatchObject({ revision: 1, guarded: false });
  });
});
