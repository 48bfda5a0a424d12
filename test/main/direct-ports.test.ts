import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import {
  DIRECT_ANSWER,
  DIRECT_END,
  DIRECT_LISTEN,
  DIRECT_OFFER,
  DIRECT_REFUSAL,
  DIRECT_REQUEST,
} from "../../src/links/port-messages";
import type { WindowName } from "../../src/main/window-kinds";

const { ipcMain } = vi.hoisted(() => ({ ipcMain: { current: undefined as EventEmitter | undefined } }));
vi.mock("electron", () => ({
  ipcMain: {
    on: (channel: string, listener: (...args: unknown[]) => void) => ipcMain.current?.on(channel, listener),
  },
  MessageChannelMain: class {
    readonly port1 = "asker's end";
    readonly port2 = "target's end";
  },
}));

const { DirectPorts, MOST_DIRECT_PORTS } = await import("../../src/main/direct-ports");

class Contents extends EventEmitter {
  readonly told: [channel: string, message: Record<string, unknown>, ports?: unknown[]][] = [];
  destroyed = false;
  /** Its page has ended unasked. */
  ended = false;
  constructor(readonly id: number) {
    super();
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  postMessage(channel: string, message: Record<string, unknown>, ports?: unknown[]): void {
    if (this.destroyed) throw new Error("Object has been destroyed");
    if (this.ended) throw new Error("Render frame was disposed before WebFrameMain could be accessed");
    this.told.push(ports?.length ? [channel, message, ports] : [channel, message]);
  }
  send(channel: string, data?: unknown, url = "ours"): void {
    ipcMain.current?.emit(channel, { sender: this, senderFrame: { url, parent: null } }, data);
  }
  ask(to: string, ask = 1): void {
    this.send(DIRECT_REQUEST, { to, ask });
  }
  take(): Contents["told"] {
    return this.told.splice(0);
  }
}

let ports: InstanceType<typeof DirectPorts>;
let lastId = 0;
beforeEach(() => {
  ipcMain.current = new EventEmitter();
  lastId = 0;
  ports = new DirectPorts((url) => url === "ours");
});
afterEach(() => {
  ipcMain.current = undefined;
});

function admit(name: WindowName, role = Role.OPERATOR): Contents {
  lastId += 1;
  const contents = new Contents(lastId);
  const identity = { name, role, label: `${name} window ${String(lastId)}` };
  ports.admit(contents as unknown as Parameters<typeof ports.admit>[0], identity);
  return contents;
}

function joined(): { asker: Contents; target: Contents } {
  const [asker, target] = [admit("preview", Role.VIEWER), admit("operator")];
  target.send(DIRECT_LISTEN);
  asker.ask("operator");
  return { asker, target };
}

describe("DirectPorts", () => {
  test("gives one end to who asks and offers the other with what main knows of them", () => {
    const { asker, target } = joined();
    expect(asker.take()).toEqual([[DIRECT_ANSWER, { ask: 1, port: 1 }, ["asker's end"]]]);
    const offer = { port: 1, role: Role.VIEWER, label: "preview window 1" };
    expect(target.take()).toEqual([[DIRECT_OFFER, offer, ["target's end"]]]);
  });

  test("says that there is no such window, or that its page takes none yet", () => {
    const asker = admit("operator");
    asker.ask("stimulus", 7);
    // Nobody is given a port to themselves.
    asker.send(DIRECT_LISTEN);
    asker.ask("operator", 8);
    const target = admit("stimulus");
    asker.ask("stimulus", 9);
    expect(asker.take()).toEqual([
      [DIRECT_REFUSAL, { ask: 7, reason: "There is no stimulus window." }],
      [DIRECT_REFUSAL, { ask: 8, reason: "There is no operator window." }],
      [DIRECT_REFUSAL, { ask: 9, reason: "The page of the stimulus window does not take ports yet." }],
    ]);
    expect(target.told).toEqual([]);
  });

  test.each(["destroyed", "render-process-gone", "did-navigate"])(
    "tells the other end when a page ends: %s",
    (event) => {
      const { asker, target } = joined();
      asker.take();
      target.take();
      target.destroyed = event === "destroyed";
      target.emit(event);
      expect(asker.take()).toEqual([[DIRECT_END, { port: 1 }]]);
      // Whatever was told once is not told again.
      asker.emit("did-navigate");
      expect([asker.told, target.told]).toEqual([[], []]);
      // The next page has to say that it takes ports.
      asker.ask("operator");
      expect(asker.take()[0]?.[0]).toBe(DIRECT_REFUSAL);
    },
  );

  test("tells the target when the asker's page ends", () => {
    const { asker, target } = joined();
    target.take();
    asker.emit("render-process-gone");
    expect(target.take()).toEqual([[DIRECT_END, { port: 1 }]]);
  });

  test("ends a page's oldest port for one too many, and no other page's", () => {
    const { asker, target } = joined();
    const other = admit("preview");
    other.ask("operator");
    for (let ask = 2; ask <= MOST_DIRECT_PORTS; ask += 1) asker.ask("operator", ask);
    const ends = (contents: Contents) => contents.take().filter(([channel]) => channel === DIRECT_END);
    expect([ends(asker), ends(target), ends(other)]).toEqual([[], [], []]);
    for (let ask = 0; ask < 1000; ask += 1) asker.ask("operator", ask);
    const ended = ends(asker).map(([, { port }]) => port);
    expect(ended).toHaveLength(1000);
    expect(ended.slice(0, 2)).toEqual([1, 3]);
    expect(ends(other)).toEqual([]);
  });

  test.each([
    ["rubbish", "rubbish"],
    ["nothing", undefined],
    ["a kind that may not be asked", { to: "preview", ask: 1 }],
    ["a kind that there is not", { to: "__proto__", ask: 1 }],
    ["no number", { to: "operator", ask: "1" }],
    ["a number that is none", { to: "operator", ask: Number.NaN }],
  ])("does not hear %s", (_name, data) => {
    const { asker, target } = joined();
    asker.take();
    target.take();
    asker.send(DIRECT_REQUEST, data);
    expect([asker.told, target.told]).toEqual([[], []]);
  });

  test("does not hear a page of others, or a window that was not admitted", () => {
    const { asker, target } = joined();
    asker.take();
    target.take();
    asker.send(DIRECT_REQUEST, { to: "operator", ask: 2 }, "https://example.org/");
    const stranger = new Contents(99);
    stranger.send(DIRECT_LISTEN);
    stranger.ask("operator");
    expect([asker.told, target.told, stranger.told]).toEqual([[], [], []]);
  });

  test("lets nothing out of hand when both pages end at once, of which one is told first", () => {
    const { asker, target } = joined();
    asker.ended = true;
    target.emit("render-process-gone");
    target.ended = true;
    expect(() => asker.emit("render-process-gone")).not.toThrow();
    asker.ended = false;
    target.ended = false;
    target.send(DIRECT_LISTEN);
    target.ended = true;
    asker.take();
    asker.ask("operator", 5);
    expect(asker.take()).toEqual([[DIRECT_ANSWER, { ask: 5, port: 2 }, ["asker's end"]]]);
    target.emit("render-process-gone");
    expect(asker.take()).toEqual([[DIRECT_END, { port: 2 }]]);
  });
});
