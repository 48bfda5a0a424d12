/** A real worker process for tests, started and reached as the host does it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { ProcessLauncher } from "../../src/host/process-launcher";
import type { RunningWorker } from "../../src/host/worker-supervisor";
import { findPython } from "../../src/main/python-environment";
import { type Channel, createChannel, createMultiplexer, type Multiplexer, protovalidator } from "../../src/rpc";

const root = path.join(import.meta.dirname, "../..");

/** A worker, its folders, and the way to it. */
export class WorkerUnderTest {
  readonly worker: RunningWorker;
  readonly folder: string;
  readonly launcher: ProcessLauncher;
  readonly #multiplexer: Multiplexer;
  readonly #channels: Channel[] = [];

  private constructor(worker: RunningWorker, folder: string, launcher: ProcessLauncher) {
    this.worker = worker;
    this.folder = folder;
    this.launcher = launcher;
    this.#multiplexer = createMultiplexer(worker.link);
  }

  /** Starts a worker in folders of its own. */
  static async start(): Promise<WorkerUnderTest> {
    const folder = await mkdtemp(path.join(tmpdir(), "macroscope-worker-"));
    const launcher = new ProcessLauncher({
      python: findPython(root, process.env, process.platform),
      workerArguments: ["--recordings-directory", path.join(folder, "recordings"), "--linger-s", "0"],
      runtimeDirectory: path.join(folder, "run"),
      logDirectory: path.join(folder, "logs"),
    });
    return new WorkerUnderTest(await launcher.start(false), folder, launcher);
  }

  /** A new connection of its own. */
  channel(role = Role.OPERATOR, build = "test 0.0.0"): Channel {
    const channel = createChannel({
      dial: () => this.#multiplexer.open({ target: "", role, label: "test" }),
      label: "test",
      role,
      build,
      validator: protovalidator(),
    });
    this.#channels.push(channel);
    return channel;
  }

  /** Ends the worker, and waits until it is gone and its folders with it. */
  async stop(): Promise<void> {
    for (const channel of this.#channels) channel.close();
    try {
      process.kill(this.worker.pid, "SIGTERM");
    } catch {
      // It has ended already; some tests do that.
    }
    await this.worker.lost;
    await rm(this.folder, { recursive: true, force: true });
  }
}
