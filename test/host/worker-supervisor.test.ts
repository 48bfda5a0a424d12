import { describe, expect, test } from "vitest";
import { WorkerPhase, type WorkerProcess } from "../../gen/ts/macroscope/application/v1/application_pb";
import {
  MOST_RESTARTS,
  PAUSES_MS,
  type RunningWorker,
  type WorkerLauncher,
  type WorkerLoss,
  WorkerStartError,
  WorkerSupervisor,
} from "../../src/host/worker-supervisor";
import { createLinkPair } from "../../src/rpc";
import { ManualClock } from "../support/manual-clock";

/** A launcher whose workers live until the test ends them. */
class FakeLauncher implements WorkerLauncher {
  readonly ends: ((loss: WorkerLoss) => void)[] = [];
  found: RunningWorker | undefined;
  failing: WorkerLoss | undefined;
  readonly resumes: boolean[] = [];

  find(): Promise<RunningWorker | undefined> {
    const { found } = this;
    this.found = undefined;
    return Promise.resolve(found);
  }

  start(resume: boolean): Promise<RunningWorker> {
    this.resumes.push(resume);
    if (this.failing) return Promise.reject(new WorkerStartError(this.failing));
    return Promise.resolve(this.make(100 + this.ends.length));
  }

  make(pid: number): RunningWorker {
    const { promise, resolve } = Promise.withResolvers<WorkerLoss>();
    this.ends.push(resolve);
    return {
      pid,
      epoch: BigInt(pid),
      link: createLinkPair()[0],
      lost: promise,
    };
  }

  endLast(reason = "The worker was ended by SIGKILL."): void {
    this.ends.at(-1)?.({ reason, lastLines: ["last words"] });
  }
}

function setUp(): {
  launcher: FakeLauncher;
  clock: ManualClock;
  supervisor: WorkerSupervisor;
  told: string[];
} {
  const launcher = new FakeLauncher();
  const clock = new ManualClock();
  const told: string[] = [];
  const supervisor = new WorkerSupervisor(
    launcher,
    {
      onRunning: ({ pid }) => told.push(`running ${String(pid)}`),
      onLost: ({ phase }) => told.push(`lost ${WorkerPhase[phase]}`),
    },
    clock,
  );
  return { launcher, clock, supervisor, told };
}

/** The next state in `phase`; at once when it is there already. */
function reach(supervisor: WorkerSupervisor, phase: WorkerPhase): Promise<WorkerProcess> {
  return new Promise((resolve) => {
    if (supervisor.state.phase === phase) {
      resolve(supervisor.state);
      return;
    }
    const unsubscribe = supervisor.subscribe((state) => {
      if (state.phase !== phase) return;
      unsubscribe();
      resolve(state);
    });
  });
}

describe("WorkerSupervisor", () => {
  test("starts a worker and tells of it", async () => {
    const { supervisor, told } = setUp();
    supervisor.begin();
    const state = await reach(supervisor, WorkerPhase.RUNNING);
    expect(state).toMatchObject({
      pid: 100,
      epoch: 100n,
      restarts: 0,
      reason: "",
    });
    expect(told).toEqual(["running 100"]);
  });

  test("takes a worker that is there already instead of starting one", async () => {
    const { launcher, supervisor } = setUp();
    launcher.found = launcher.make(7);
    supervisor.begin();
    expect((await reach(supervisor, WorkerPhase.RUNNING)).pid).toBe(7);
  });

  test("goes on where the worker of an earlier host was", async () => {
    const { launcher } = setUp();
    const nobody = { onRunning: (): void => undefined, onLost: (): void => undefined };
    const supervisor = new WorkerSupervisor(launcher, nobody, new ManualClock(), true);
    supervisor.begin();
    await reach(supervisor, WorkerPhase.RUNNING);
    expect(launcher.resumes).toEqual([true]);
  });

  test("says why a worker was lost and when the next one starts, and starts it", async () => {
    const { launcher, clock, supervisor, told } = setUp();
    supervisor.begin();
    await reach(supervisor, WorkerPhase.RUNNING);
    launcher.endLast();
    const lost = await reach(supervisor, WorkerPhase.RESTARTING);
    expect(lost).toMatchObject({
      reason: "The worker was ended by SIGKILL.",
      lastLines: ["last words"],
      nextStartInMs: PAUSES_MS[0],
      restarts: 1,
      pid: 0,
    });
    clock.advance(PAUSES_MS[0]);
    expect((await reach(supervisor, WorkerPhase.RUNNING)).pid).toBe(101);
    expect(told).toEqual(["running 100", "lost RESTARTING", "running 101"]);
    // The first begins afresh; the second goes on where the first was.
    expect(launcher.resumes).toEqual([false, true]);
  });

  test("gives up after more than three losses within a minute, and starts again when asked", async () => {
    const { launcher, clock, supervisor } = setUp();
    launcher.failing = {
      reason: "The worker ended with exit code 3.",
      lastLines: [],
    };
    supervisor.begin();
    for (let restart = 0; restart < MOST_RESTARTS; restart += 1) {
      const state = await reach(supervisor, WorkerPhase.RESTARTING);
      expect(state.nextStartInMs).toBe(PAUSES_MS[restart]);
      clock.advance(state.nextStartInMs);
      expect(supervisor.state.phase).toBe(WorkerPhase.STARTING);
    }
    const state = await reach(supervisor, WorkerPhase.GAVE_UP);
    expect(state.reason).toContain("exit code 3");
    expect(state.reason).toContain("4 times within a minute");

    launcher.failing = undefined;
    expect(supervisor.startAgain()).toBe(true);
    await reach(supervisor, WorkerPhase.RUNNING);
    expect(supervisor.startAgain()).toBe(false);
  });

  test("counts the restarts of the last minute, down again too", async () => {
    const { launcher, clock, supervisor } = setUp();
    const counted = () => supervisor.state.restartsInLastMinute;
    supervisor.begin();
    for (const expected of [1, 2]) {
      await reach(supervisor, WorkerPhase.RUNNING);
      launcher.endLast();
      await reach(supervisor, WorkerPhase.RESTARTING);
      expect(counted()).toBe(expected);
      clock.advance(20_000);
    }
    await reach(supervisor, WorkerPhase.RUNNING);
    expect(counted()).toBe(2);
    const { revision } = supervisor.state;
    clock.advance(20_000);
    expect(counted()).toBe(1);
    expect(supervisor.state.revision).toBe(revision + 1n);
    clock.advance(20_000);
    expect(counted()).toBe(0);
    expect(supervisor.state.restarts).toBe(2);
  });

  test("the count stands while the worker is given up, and is clean after a start by hand", async () => {
    const { launcher, clock, supervisor } = setUp();
    launcher.failing = { reason: "The worker ended with exit code 3.", lastLines: [] };
    supervisor.begin();
    for (let restart = 0; restart < MOST_RESTARTS; restart += 1) {
      clock.advance((await reach(supervisor, WorkerPhase.RESTARTING)).nextStartInMs);
    }
    await reach(supervisor, WorkerPhase.GAVE_UP);
    clock.advance(100_000);
    expect(supervisor.state.restartsInLastMinute).toBe(MOST_RESTARTS);
    launcher.failing = undefined;
    supervisor.startAgain();
    expect((await reach(supervisor, WorkerPhase.RUNNING)).restartsInLastMinute).toBe(0);
  });

  test("losses that lie far apart never add up", async () => {
    const { launcher, clock, supervisor } = setUp();
    supervisor.begin();
    for (let loss = 0; loss < 3 * MOST_RESTARTS; loss += 1) {
      await reach(supervisor, WorkerPhase.RUNNING);
      launcher.endLast();
      const { nextStartInMs } = await reach(supervisor, WorkerPhase.RESTARTING);
      expect(nextStartInMs).toBe(PAUSES_MS[0]);
      clock.advance(60_000);
    }
  });

  test("revisions grow with every state", async () => {
    const { launcher, supervisor } = setUp();
    const revisions: bigint[] = [supervisor.state.revision];
    supervisor.subscribe(({ revision }) => revisions.push(revision));
    supervisor.begin();
    await reach(supervisor, WorkerPhase.RUNNING);
    launcher.endLast();
    await reach(supervisor, WorkerPhase.RESTARTING);
    expect(revisions).toEqual([1n, 2n, 3n]);
  });

  test("a closed supervisor starts nothing more", async () => {
    const { launcher, clock, supervisor, told } = setUp();
    supervisor.begin();
    await reach(supervisor, WorkerPhase.RUNNING);
    launcher.endLast();
    await reach(supervisor, WorkerPhase.RESTARTING);
    supervisor.close();
    clock.advance(10_000);
    expect(told.filter((line) => line.startsWith("running"))).toHaveLength(1);
  });
});
