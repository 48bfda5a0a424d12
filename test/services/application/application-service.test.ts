import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterEach, describe, expect, test } from "vitest";
import {
  ApplicationService,
  WorkerPhase,
  type WorkerProcess,
  WorkerProcessSchema,
} from "../../../gen/ts/macroscope/application/v1/application_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { type Channel, createChannel, createClient, createLinkPair, createServer } from "../../../src/rpc";
import { applicationService, type WorkerSource } from "../../../src/services/application/application-service";

/** A supervisor that does what the test says. */
class FakeSupervisor implements WorkerSource {
  state = create(WorkerProcessSchema, { revision: 1n, phase: WorkerPhase.STARTING });
  readonly listeners = new Set<(state: WorkerProcess) => void>();

  subscribe(listener: (state: WorkerProcess) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  startAgain(): boolean {
    if (this.state.phase !== WorkerPhase.GAVE_UP) return false;
    this.change(WorkerPhase.STARTING);
    return true;
  }

  change(phase: WorkerPhase): void {
    this.state = create(WorkerProcessSchema, { revision: this.state.revision + 1n, phase });
    for (const listener of this.listeners) listener(this.state);
  }
}

const FACTS = {
  version: "1.2.3",
  electronVersion: "45.0.0",
  platform: "linux x64",
  schemaDigest: "0".repeat(64),
  logDirectory: "/logs",
};

const open: Channel[] = [];
afterEach(() => {
  for (const channel of open.splice(0)) channel.close();
});

function setUp(role = Role.OPERATOR) {
  const supervisor = new FakeSupervisor();
  const server = createServer({ build: "host", session: "s", epoch: 1n });
  server.register(ApplicationService, applicationService(FACTS, supervisor));
  const channel = createChannel({
    dial: () => {
      const [near, far] = createLinkPair();
      server.accept(far, { role, label: "window" });
      return near;
    },
    label: "test",
    role,
    build: "test",
  });
  open.push(channel);
  return { supervisor, client: createClient(ApplicationService, channel.transport) };
}

describe("applicationService", () => {
  test("tells what the program is", async () => {
    expect(await setUp().client.getApplication({})).toMatchObject(FACTS);
  });

  test("tells how the worker stands now, and again with every change", async () => {
    const { supervisor, client } = setUp();
    const states = client.watchWorker({})[Symbol.asyncIterator]();
    const next = async () => {
      const result = await states.next();
      return result.done ? undefined : result.value.worker?.phase;
    };
    expect(await next()).toBe(WorkerPhase.STARTING);
    supervisor.change(WorkerPhase.RUNNING);
    expect(await next()).toBe(WorkerPhase.RUNNING);
    supervisor.change(WorkerPhase.RESTARTING);
    expect(await next()).toBe(WorkerPhase.RESTARTING);
    await states.return?.();
  });

  test("lets go of the supervisor when the window leaves", async () => {
    const { supervisor, client } = setUp();
    const states = client.watchWorker({})[Symbol.asyncIterator]();
    await states.next();
    expect(supervisor.listeners.size).toBe(1);
    await states.return?.();
    await expect.poll(() => supervisor.listeners.size).toBe(0);
  });

  test("starts a worker that was given up, and refuses where there is nothing to start", async () => {
    const { supervisor, client } = setUp();
    await expect(client.startWorker({})).rejects.toMatchObject({ code: Code.FailedPrecondition });
    supervisor.change(WorkerPhase.GAVE_UP);
    expect((await client.startWorker({})).worker?.phase).toBe(WorkerPhase.STARTING);
  });

  test("a viewer may look, and start nothing", async () => {
    const { supervisor, client } = setUp(Role.VIEWER);
    supervisor.change(WorkerPhase.GAVE_UP);
    expect((await client.getApplication({})).version).toBe("1.2.3");
    await expect(client.startWorker({})).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect(supervisor.state.phase).toBe(WorkerPhase.GAVE_UP);
  });
});
