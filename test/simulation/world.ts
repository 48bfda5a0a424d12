import { Code } from "@connectrpc/connect";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Link } from "../../src/rpc";
import { FaultLink } from "./fault-link";
import { FAULTS } from "./faults";
import type { WindowSeat } from "./faults";
import { HostProcess } from "./host-process";
import type { WorldParts } from "./host-process";
import type { CallEntry } from "./ledger";
import { SimulatedProcess } from "./process";
import { TARGETS, WindowProcess } from "./window-process";
import { Workload } from "./workload";

/** Faults may still become known so long after the last of them. */
const FAULTS_KNOWN_AFTER_MS = 9_500;
/** Then everything has to be well again: silence, back-off, greeting. */
const RECOVERED_AFTER_MS = 22_000;
/** By then the servers have heard that windows were closed. */
const CLOSED_AFTER_MS = 6_000;
/** So soon after its end no program has timers; later ones that were forgotten would have gone off. */
const QUIET_AFTER_MS = 600;

/** Windows, a host and a worker, what they do, and what happens to them. */
export class World {
  readonly host: HostProcess;
  readonly seats: WindowSeat[] = [];
  readonly #parts: WorldParts;
  readonly #workload: Workload;
  readonly #activeMs: number;
  readonly #portManner: { readonly delayMs: readonly [number, number]; readonly reorder: number };
  readonly #names: string[];
  /** Something happened that no medium of ours does. */
  #impossible = false;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    const { random } = parts;
    const bytesPerMs = random.wholeMagnitude(4_000, 600_000);
    this.#activeMs = random.magnitude(1_500, 16_000);
    const delay = random.magnitude(0.02, 20);
    this.#portManner = { delayMs: [delay / 2, delay * random.magnitude(1, 5)], reorder: random.chance(0.5) ? 0 : 0.2 };
    this.host = new HostProcess(parts, {
      roomBytes: random.wholeMagnitude(4_000, 1_000_000),
      bytesPerMs,
      delayMs: [delay / 4, delay],
      tinyReads: random.chance(0.5) ? 0 : random.fraction() * 0.3,
      largeReads: random.fraction() * 0.5,
    });
    this.#workload = new Workload(parts, bytesPerMs * 1_000);
    this.#names = random.chance(0.08) ? [] : Object.keys(FAULTS).filter(() => random.chance(0.35));
  }

  /** From the beginning to the end; the invariants are looked at after each step by whoever runs the time. */
  async run(runUntil: (ms: number) => Promise<void>): Promise<void> {
    const { random, time, trace, object } = this.#parts;
    this.host.startWorker();
    const seats = random.whole(1, 4);
    for (let index = 0; index < seats; index++) {
      this.#openSeat(`window${index + 1}`, index > 0 && random.chance(0.2));
    }
    this.#plan();
    await runUntil(this.#activeMs);
    trace.add("nothing new begins");
    this.#workload.finishing = true;
    await runUntil(this.#activeMs + FAULTS_KNOWN_AFTER_MS);
    trace.add("all faults are known");
    time.after(1_000, () => this.#changeStates());
    await runUntil(this.#activeMs + FAULTS_KNOWN_AFTER_MS + RECOVERED_AFTER_MS);
    this.#checkRecovered();
    this.host.closing = true;
    this.seats.forEach(({ window }) => window.close());
    await runUntil(time.now() + QUIET_AFTER_MS);
    this.#checkNoTimers(this.seats.map(({ window }) => window.process));
    await runUntil(time.now() + CLOSED_AFTER_MS);
    this.#servers().forEach(({ server }) => server.close("The simulation ends."));
    await runUntil(time.now() + QUIET_AFTER_MS);
    this.#checkNoTimers(this.#servers().map(({ process }) => process));
    this.#checkLeftNothing();
    for (const entry of this.#parts.ledger.open) {
      if (!entry.orphaned) {
        object(`${entry.label} never ended.`);
      }
    }
  }

  #plan(): void {
    const { random, time } = this.#parts;
    const acts = random.wholeMagnitude(8, 90);
    for (let index = 0; index < acts; index++) {
      const atMs = random.fraction() * this.#activeMs;
      time.after(atMs, () => {
        const { window, bare } = random.pick(this.seats);
        if (window.process.alive && !window.closed) {
          this.#workload.act(window, bare);
        }
      });
    }
    for (let index = 0; index < random.whole(0, 30); index++) {
      time.after(random.fraction() * this.#activeMs, () => this.#changeStates());
    }
    if (this.#names.length > 0) {
      const faults = random.wholeMagnitude(1, 12);
      for (let index = 0; index < faults; index++) {
        time.after(random.fraction() * this.#activeMs, () => this.#breakSomething());
      }
    }
  }

  #breakSomething(): void {
    const { random, trace } = this.#parts;
    const name = random.pick(this.#names);
    if (FAULTS[name]!(this, random, this.#parts)) {
      trace.add(`fault: ${name}`);
      trace.tally(`fault: ${name}`);
      this.#impossible ||= name.endsWith("twice");
    }
  }

  crashWindow(seat: WindowSeat, hostHearsAfterMs: number): void {
    const { ledger, random, time } = this.#parts;
    const { window, link } = seat;
    window.process.kill();
    for (const entry of ledger.open) {
      if (entry.label.startsWith(`${window.process.name}/`)) {
        entry.orphaned = true;
      }
    }
    link?.sever(Number.POSITIVE_INFINITY, hostHearsAfterMs);
    time.after(random.whole(100, 2_000), () => {
      seat.window = this.#openWindow(seat);
    });
  }

  #openSeat(name: string, bare: boolean): void {
    const seat = { name, bare, link: undefined } as Partial<WindowSeat> as WindowSeat;
    seat.window = this.#openWindow(seat);
    this.seats.push(seat);
  }

  #lives = 0;

  #openWindow(seat: WindowSeat): WindowProcess {
    const { time, random, trace, object } = this.#parts;
    const name = `${seat.name}.${++this.#lives}`;
    const process = new SimulatedProcess(name, time, random.whole(0, 1_000_000));
    const window = new WindowProcess(
      process,
      () => this.#port(seat, process),
      seat.bare,
      random.fork(name),
      trace,
      object,
    );
    for (const target of TARGETS) {
      if (!(seat.bare && target === "host")) {
        void this.#workload.watch(window, target);
      }
    }
    return window;
  }

  /** A port for a window, as main hands it over; or its own link to the worker. */
  async #port(seat: WindowSeat, process: SimulatedProcess): Promise<Link> {
    const { time, random, trace, object } = this.#parts;
    await new Promise<void>((resolve) => {
      process.clock.setTimeout(resolve, random.magnitude(1, 50));
    });
    const { worker } = this.host;
    if (seat.bare && worker === undefined) {
      throw new Error("connection refused");
    }
    const other = seat.bare && worker !== undefined ? worker.serving.process : this.host.process;
    const name = `port of ${process.name}`;
    const link = new FaultLink({
      ...this.#portManner,
      name,
      time,
      random,
      trace,
      object,
      onLost: () => this.#checkHeardOfLoss(seat, link),
      ends: [process, other],
    });
    seat.link = link;
    const [near, far] = link.links;
    if (seat.bare) {
      worker?.serving.server.accept(far, { role: Role.OPERATOR, label: process.name });
    } else {
      this.host.attachWindow(far, process.name);
    }
    return near;
  }

  /** A window that is told of the loss of its link must not go on as if nothing had happened until it notices the silence. */
  #checkHeardOfLoss(seat: WindowSeat, link: FaultLink): void {
    const { window } = seat;
    this.#parts.time.after(1, () => {
      const live = TARGETS.filter((target) => window.channels[target].state.phase === "live");
      if (seat.link === link && window.process.alive && live.length > 0) {
        this.#parts.object(
          `${window.process.name} was told that its link is lost, and believes that ${live.join(" and ")} can be reached.`,
        );
      }
    });
  }

  #servers() {
    return [this.host.serving, ...(this.host.worker === undefined ? [] : [this.host.worker.serving])];
  }

  #changeStates(): void {
    this.#servers().forEach((serving) => serving.change());
  }

  #checkRecovered(): void {
    const { object } = this.#parts;
    const { worker } = this.host;
    if (worker === undefined) {
      object("There is no worker at the end.");
      return;
    }
    for (const { window, bare } of this.seats) {
      for (const target of TARGETS) {
        if (bare && target === "host") {
          continue;
        }
        const { phase, reason, server, clock } = window.channels[target].state;
        const serving = target === "host" ? this.host.serving : worker.serving;
        if (phase !== "live") {
          object(`${window.process.name}: the channel to ${target} is ${phase} at the end: ${reason}`);
        }
        if (server?.epoch !== BigInt(serving.epoch)) {
          object(`${window.process.name}: ${target} has epoch ${serving.epoch}, the channel knows ${server?.epoch}.`);
        }
        const newest = window.newest[target];
        if (newest?.epoch !== BigInt(serving.epoch) || newest.revision !== BigInt(serving.revision)) {
          object(
            `${window.process.name} has revision ${newest?.revision} of ${target}'s epoch ${newest?.epoch}, ` +
              `not ${serving.revision} of ${serving.epoch}.`,
          );
        }
        this.#checkClock(window, serving.process, clock);
      }
    }
    for (const entry of this.#parts.ledger.calls) {
      this.#checkCall(entry);
    }
  }

  #checkClock(
    window: WindowProcess,
    other: SimulatedProcess,
    clock: { offsetNs: bigint; errorNs: bigint } | undefined,
  ): void {
    const { object } = this.#parts;
    if (clock === undefined) {
      object(`${window.process.name} knows nothing of the clock of ${other.name}.`);
      return;
    }
    const trueNs = BigInt(Math.round((other.offsetMs - window.process.offsetMs) * 1e6));
    const distance = clock.offsetNs > trueNs ? clock.offsetNs - trueNs : trueNs - clock.offsetNs;
    // A nanosecond more, because readings are rounded.
    if (distance > clock.errorNs + 2n) {
      object(`${window.process.name}: the clock of ${other.name} is ${distance} ns away from where it must be.`);
    }
  }

  #checkCall(entry: CallEntry): void {
    const { object } = this.#parts;
    const { label, method, code, ends, orphaned, abortedMs, expected = [] } = entry;
    if (orphaned || method === "watch") {
      return;
    }
    if (ends !== 1) {
      object(`${label} has ended ${ends} times for its caller.`);
      return;
    }
    const allowed =
      code === undefined ||
      expected.includes(code) ||
      (code === Code.Canceled && abortedMs !== undefined) ||
      code === Code.DeadlineExceeded ||
      code === Code.Unavailable ||
      ((code === Code.InvalidArgument || code === Code.Internal || code === Code.NotFound) && this.#impossible);
    if (!allowed) {
      object(`${label} ended with ${Code[code]}, for which there was no reason.`);
    }
  }

  #checkLeftNothing(): void {
    const { object } = this.#parts;
    for (const { process, running, server } of this.#servers()) {
      if (running.size > 0) {
        object(`${process.name}: ${running.size} handlers still run after everything was closed.`);
      }
      if (server.connections.size > 0) {
        object(`${process.name}: ${server.connections.size} connections are left after everything was closed.`);
      }
    }
    const connections = this.host.worker?.multiplexer?.connections ?? 0;
    if (connections > 0) {
      object(`The link between host and worker still carries ${connections} connections.`);
    }
  }

  #checkNoTimers(programs: readonly SimulatedProcess[]): void {
    for (const process of programs) {
      if (process.timers > 0) {
        this.#parts.object(`${process.name}: ${process.timers} timers are left after everything was closed.`);
      }
    }
  }
}
