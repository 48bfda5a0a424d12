import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { PORT_ANSWER, PORT_LOST, PORT_REQUEST } from "../../src/links/port-messages";

const { ipcMain } = vi.hoisted(() => ({ ipcMain: { current: undefined as EventEmitter | undefined } }));
vi.mock("electron", () => ({
  ipcMain: {
    on: (channel: string, listener: (...args: unknown[]) => void) => ipcMain.current?.on(channel, listener),
  },
  MessageChannelMain: class {
    readonly port1 = {};
    readonly port2 = {};
  },
}));

const { MOST_PORTS_PER_WINDOW, PortBroker } = await import("../../src/main/port-broker");

class Contents extends EventEmitter {
  readonly postMessage = vi.fn();
  readonly isDestroyed = (): boolean => false;
  constructor(readonly id: number) {
    super();
  }
  get answers(): number {
    return this.postMessage.mock.calls.filter(([channel]) => channel === PORT_ANSWER).length;
  }
  ask(data: unknown = { ask: 7 }): void {
    ipcMain.current?.emit(PORT_REQUEST, { sender: this, senderFrame: { url: "ours", parent: null } }, data);
  }
}

let errors: { mock: { calls: unknown[][] } };
const operator = { role: Role.OPERATOR, label: "operator window 1" };
let taken: { identity: unknown; onClosed: () => void }[] = [];
let loseAll: () => void = () => undefined;
let broker: InstanceType<typeof PortBroker>;
const admit = (contents: Contents) => {
  broker.admit(contents as unknown as Parameters<typeof broker.admit>[0], operator);
};

beforeEach(() => {
  errors = vi.spyOn(console, "error").mockReturnValue(undefined);
  ipcMain.current = new EventEmitter();
  taken = [];
  broker = new PortBroker(
    {
      takePort: (_port, identity, onClosed) => taken.push({ identity, onClosed }),
      onPortsLost: (listener) => {
        loseAll = listener;
      },
    },
    (url) => url === "ours",
  );
});
afterEach(() => {
  ipcMain.current = undefined;
});

test("gives an admitted window a port, and the host what main knows of the window", () => {
  const contents = new Contents(1);
  admit(contents);
  for (const rubbish of [null, "7", { ask: "7" }, { ask: -1 }]) contents.ask(rubbish);
  expect(contents.answers).toBe(0);
  contents.ask();
  expect(contents.answers).toBe(1);
  expect(contents.postMessage).toHaveBeenCalledWith(PORT_ANSWER, { ask: 7 }, [{}]);
  expect(taken.map(({ identity }) => identity)).toEqual([operator]);
});

test("a window that was not admitted, or is gone, gets none", () => {
  const stranger = new Contents(2);
  stranger.ask();
  const gone = new Contents(3);
  admit(gone);
  gone.emit("destroyed");
  gone.ask();
  expect([stranger.answers, gone.answers, taken.length]).toEqual([0, 0, 0]);
});

test("a page has so many ports at a time and no more; it is told in the log, not a thousand times", () => {
  const greedy = new Contents(1);
  const other = new Contents(2);
  admit(greedy);
  admit(other);
  for (let ask = 0; ask < 1000; ask += 1) greedy.ask();
  expect(greedy.answers).toBe(MOST_PORTS_PER_WINDOW);
  expect(errors.mock.calls.length).toBeGreaterThan(0);
  expect(errors.mock.calls.length).toBeLessThanOrEqual(10);
  expect(String(errors.mock.calls[0])).toContain("operator window 1");
  // Another window does not pay for it.
  other.ask();
  expect(other.answers).toBe(1);
});

test("a port that has closed makes room for another", () => {
  const contents = new Contents(1);
  admit(contents);
  for (let ask = 0; ask <= MOST_PORTS_PER_WINDOW; ask += 1) contents.ask();
  taken[0]?.onClosed();
  contents.ask();
  contents.ask();
  expect(contents.answers).toBe(MOST_PORTS_PER_WINDOW + 1);
});

test("a request that came while there was no room is answered as soon as there is: the page need not sit out its time", () => {
  const contents = new Contents(1);
  admit(contents);
  for (let ask = 1; ask <= MOST_PORTS_PER_WINDOW + 2; ask += 1) contents.ask({ ask });
  expect(contents.answers).toBe(MOST_PORTS_PER_WINDOW);
  taken[0]?.onClosed();
  taken[1]?.onClosed();
  // The newest one: whoever asked before has asked again.
  expect(contents.answers).toBe(MOST_PORTS_PER_WINDOW + 1);
  expect(contents.postMessage).toHaveBeenLastCalledWith(PORT_ANSWER, { ask: MOST_PORTS_PER_WINDOW + 2 }, [{}]);
});

test("a window that is gone is answered nothing when one of its ports closes", () => {
  const contents = new Contents(1);
  admit(contents);
  for (let ask = 0; ask <= MOST_PORTS_PER_WINDOW; ask += 1) contents.ask();
  contents.emit("destroyed");
  taken[0]?.onClosed();
  expect(contents.answers).toBe(MOST_PORTS_PER_WINDOW);
});

test("tells every window when all ports are dead", () => {
  const contents = new Contents(1);
  admit(contents);
  loseAll();
  expect(contents.postMessage).toHaveBeenCalledWith(PORT_LOST, null);
});

test("tells the others too when a page has ended and cannot be told", () => {
  const [ended, contents] = [new Contents(1), new Contents(2)];
  admit(ended);
  admit(contents);
  ended.postMessage.mockImplementation(() => {
    throw new Error("Render frame was disposed before WebFrameMain could be accessed");
  });
  loseAll();
  expect(contents.postMessage).toHaveBeenCalledWith(PORT_LOST, null);
});
