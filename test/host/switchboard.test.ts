import { create } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, test } from "vitest";
import {
  WorkerAbsentSchema,
  WorkerPhase,
  WorkerProcessSchema,
} from "../../gen/ts/macroscope/application/v1/application_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { MOST_CONNECTIONS_PER_WINDOW, Switchboard } from "../../src/host/switchboard";
import { byteStreamLink } from "../../src/links";
import {
  type Channel,
  createChannel,
  createClient,
  createLinkPair,
  createMultiplexer,
  createServer,
  encodeFrame,
  type Multiplexer,
  type Server,
} from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";

const open: Channel[] = [];
afterEach(() => {
  for (const channel of open.splice(0)) channel.close();
});

function makeServer(build: string): Server {
  return createServer({ build, session: build, epoch: 1n }).register(DiagnosticsService, diagnosticsService());
}

/** A worker made of the TypeScript server; what the switch passes on is the same bytes whoever answers. */
function makeWorker(switchboard: Switchboard, build = "worker"): { server: Server; roles: Role[]; end: () => void } {
  const [near, far] = createLinkPair();
  const server = makeServer(build);
  const roles: Role[] = [];
  createMultiplexer(far, {
    accept: ({ role, label }, link) => {
      roles.push(role);
      server.accept(link, { role, label });
    },
  });
  switchboard.attachWorker(near);
  return { server, roles, end: () => far.close("The worker is gone.") };
}

function makeSwitchboard(): Switchboard {
  const absent = create(WorkerProcessSchema, {
    phase: WorkerPhase.RESTARTING,
    reason: "The worker was ended by SIGKILL.",
  });
  return new Switchboard(makeServer("host"), () => absent);
}

function makeWindow(
  switchboard: Switchboard,
  role = Role.OPERATOR,
): { ports: Multiplexer; channel: (target: string) => Channel } {
  const [near, far] = createLinkPair();
  switchboard.attachWindow(far, { role, label: "window" });
  const ports = createMultiplexer(near);
  return {
    ports,
    channel: (target) => {
      const channel = createChannel({
        dial: () => ports.open({ target, role: Role.HOST, label: "says it is the host" }),
        label: "test",
        role: Role.HOST,
        build: "test",
      });
      open.push(channel);
      return channel;
    },
  };
}

async function echo(channel: Channel, text: string): Promise<string> {
  const client = createClient(DiagnosticsService, channel.transport);
  const { payload } = await client.echo({ payload: new TextEncoder().encode(text) });
  return new TextDecoder().decode(payload);
}

function reached(channel: Channel, phase: string): Promise<void> {
  return new Promise((resolve) => {
    if (channel.state.phase === phase) resolve();
    else {
      const stop = channel.subscribe((state) => {
        if (state.phase !== phase) return;
        stop();
        resolve();
      });
    }
  });
}

describe("Switchboard", () => {
  test("connects a window to the worker and to the host over one port", async () => {
    const switchboard = makeSwitchboard();
    makeWorker(switchboard);
    const { channel } = makeWindow(switchboard);
    const [worker, host] = [channel("worker"), channel("host")];
    expect(await echo(worker, "to the worker")).toBe("to the worker");
    expect(await echo(host, "to the host")).toBe("to the host");
    expect(worker.state.server?.build).toBe("worker");
    expect(host.state.server?.build).toBe("host");
  });

  test("keeps windows apart", async () => {
    const switchboard = makeSwitchboard();
    const { server } = makeWorker(switchboard);
    const channels = [makeWindow(switchboard), makeWindow(switchboard), makeWindow(switchboard)].map((window) =>
      window.channel("worker"),
    );
    expect(await Promise.all(channels.map((channel, i) => echo(channel, `window ${String(i)}`)))).toEqual([
      "window 0",
      "window 1",
      "window 2",
    ]);
    expect(server.connections.size).toBe(3);
  });

  test("gives connections the role that main said, not the one a window claims", async () => {
    const switchboard = makeSwitchboard();
    const { roles } = makeWorker(switchboard);
    const { channel } = makeWindow(switchboard, Role.VIEWER);
    const worker = channel("worker");
    await echo(worker, "x");
    expect(roles).toEqual([Role.VIEWER]);
    expect(worker.state.server?.role).toBe(Role.VIEWER);
  });

  test("says why there is no worker, with its state", async () => {
    const { channel } = makeWindow(makeSwitchboard());
    const worker = channel("worker");
    await reached(worker, "lost");
    expect(worker.state.code).toBe(Code.Unavailable);
    expect(worker.state.reason).toBe("The worker was ended by SIGKILL.");
    const [detail] = (worker.state.error as ConnectError).findDetails(WorkerAbsentSchema);
    expect(detail?.worker?.phase).toBe(WorkerPhase.RESTARTING);
  });

  test("a lost worker fails the open calls, and the next worker is found over the same port", async () => {
    const switchboard = makeSwitchboard();
    makeWorker(switchboard);
    const { channel } = makeWindow(switchboard);
    const [worker, host] = [channel("worker"), channel("host")];
    await reached(worker, "live");
    const client = createClient(DiagnosticsService, worker.transport);
    const flood = client.flood({ messageBytes: 1000, messages: 1_000_000 })[Symbol.asyncIterator]();
    await flood.next();
    switchboard.detachWorker();
    const drained = (async () => {
      while (!(await flood.next()).done);
    })();
    await expect(drained).rejects.toMatchObject({ code: Code.Unavailable });
    expect(await echo(host, "the host goes on")).toBe("the host goes on");

    makeWorker(switchboard, "second worker");
    worker.redial();
    await reached(worker, "live");
    expect(worker.state.server?.build).toBe("second worker");
  });

  test("connects a window to main, with the role that main itself said, and says so when main is not there", async () => {
    const switchboard = makeSwitchboard();
    const { channel } = makeWindow(switchboard, Role.VIEWER);
    const early = channel("main");
    await reached(early, "lost");
    expect(early.state.reason).toBe("The program's main process is not reached.");

    const [near, far] = createLinkPair();
    const main = makeServer("main");
    const accepted: unknown[] = [];
    createMultiplexer(far, {
      accept: ({ target, role, label }, link) => {
        accepted.push({ target, role, label });
        main.accept(link, { role, label });
      },
    });
    switchboard.attachMain(near);
    early.redial();
    expect(await echo(early, "to main")).toBe("to main");
    expect(accepted).toEqual([{ target: "", role: Role.VIEWER, label: "window" }]);
    // What becomes of the worker is nothing to main's connections.
    makeWorker(switchboard);
    switchboard.detachWorker();
    expect(await echo(early, "goes on")).toBe("goes on");
  });

  test("refuses a target that does not exist", async () => {
    const { channel } = makeWindow(makeSwitchboard());
    const nowhere = channel("elsewhere");
    await reached(nowhere, "lost");
    expect(nowhere.state.code).toBe(Code.NotFound);
  });

  test("limits the connections of one window, and leaves those that it has and other windows alone", async () => {
    const switchboard = makeSwitchboard();
    const { server } = makeWorker(switchboard);
    const { ports, channel } = makeWindow(switchboard);
    const kept = channel("worker");
    await reached(kept, "live");
    const request = { target: "worker", role: Role.OPERATOR, label: "" };
    const held = Array.from({ length: MOST_CONNECTIONS_PER_WINDOW - 1 }, () => ports.open(request));
    const refused = await new Promise<ConnectError>((resolve) => {
      ports.open(request).onClose(resolve);
    });
    expect(refused.code).toBe(Code.ResourceExhausted);
    expect(refused.findDetails(LimitExceededSchema)).toMatchObject([
      { limit: "max_connections", allowed: 16n, found: 17n },
    ]);
    expect(server.connections.size).toBe(MOST_CONNECTIONS_PER_WINDOW);
    expect(await echo(kept, "goes on")).toBe("goes on");
    expect(await echo(makeWindow(switchboard).channel("worker"), "fine")).toBe("fine");
    held[0]?.close("It is no longer needed.");
    expect(await echo(channel("worker"), "there is room again")).toBe("there is room again");
  });

  test("says at once that the worker's link has closed, before the supervisor has told of the loss", async () => {
    const switchboard = makeSwitchboard();
    const { end } = makeWorker(switchboard);
    const { channel } = makeWindow(switchboard);
    const before = channel("worker");
    await reached(before, "live");
    end();
    await reached(before, "lost");
    const after = channel("worker");
    await reached(after, "lost");
    expect(after.state.reason).toBe("The worker is gone.");
  });

  test("a window that sends more than the worker takes loses that connection; others keep theirs", async () => {
    const switchboard = makeSwitchboard();
    // A worker that stands still: its socket takes nothing.
    const stuck = {
      write: (): boolean => false,
      onDrain: (): void => undefined,
      onData: (): void => undefined,
      onClose: (): void => undefined,
      destroy: (): void => undefined,
    };
    switchboard.attachWorker(byteStreamLink(stuck));
    const request = { target: "worker", role: Role.OPERATOR, label: "" };
    const [wild, quiet] = [makeWindow(switchboard).ports.open(request), makeWindow(switchboard).ports.open(request)];
    const ended: ConnectError[] = [];
    wild.onClose((reason) => ended.push(reason));
    quiet.onClose((reason) => ended.push(reason));
    for (let index = 0; index < 30; index += 1) wild.send(encodeFrame(1, 1, new Uint8Array(1_048_576)));
    for (let index = 0; index < 10; index += 1) quiet.send(encodeFrame(1, 1, new Uint8Array(100)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toMatchObject([{ code: Code.ResourceExhausted }]);
  });

  test("a closed window ends its connections at the worker", async () => {
    const switchboard = makeSwitchboard();
    const { server } = makeWorker(switchboard);
    const { ports, channel } = makeWindow(switchboard);
    await echo(channel("worker"), "x");
    const [connection] = server.connections;
    ports.close("The window was closed.");
    await connection?.closed;
    expect(server.connections.size).toBe(0);
  });

  test("a window that breaks the framing is out; the others go on", async () => {
    const switchboard = makeSwitchboard();
    makeWorker(switchboard);
    const [near, far] = createLinkPair();
    switchboard.attachWindow(far, { role: Role.OPERATOR, label: "broken" });
    const closed = new Promise<ConnectError>((resolve) => {
      near.onClose(resolve);
    });
    near.send(new Uint8Array(40).fill(7));
    expect((await closed).rawMessage).toContain("framing");
    expect(await echo(makeWindow(switchboard).channel("worker"), "fine")).toBe("fine");
  });
});
