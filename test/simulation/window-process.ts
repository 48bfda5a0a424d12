import { Code, ConnectError } from "@connectrpc/connect";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createMultiplexer } from "../../src/rpc";
import type { Channel, ChannelPhase, Link, Multiplexer } from "../../src/rpc";
import type { SimulatedProcess } from "./process";
import type { Random } from "./random";
import type { Trace } from "./trace";
import type { Objection } from "./watched-link";

/** Which servers a window talks to. */
export const TARGETS = ["worker", "host"] as const;
export type Target = (typeof TARGETS)[number];

/** From each phase, those that may follow; a phase may always follow itself, with other facts. */
const EDGES: Readonly<Record<ChannelPhase, readonly ChannelPhase[]>> = {
  connecting: ["live", "lost", "refused"],
  live: ["stale", "lost", "connecting"],
  stale: ["live", "lost", "connecting"],
  lost: ["connecting"],
  refused: ["connecting", "lost"],
};

/** A program with a window: a port to the host, and over it channels to its servers. */
export class WindowProcess {
  readonly channels: Readonly<Record<Target, Channel>>;
  closed = false;
  /** Stands while its window is hidden: consumers do not take. */
  hidden = false;
  /** The newest revision of each server's state, and whose. */
  readonly newest: Record<Target, { epoch: bigint; revision: bigint } | undefined> = {
    worker: undefined,
    host: undefined,
  };
  #ports: Promise<Multiplexer> | undefined;
  #waitingForShow: (() => void)[] = [];

  constructor(
    readonly process: SimulatedProcess,
    /** Gets a port from main; a link, when the window is one that dials the worker itself. */
    private readonly requestPort: () => Promise<Link>,
    private readonly bare: boolean,
    random: Random,
    private readonly trace: Trace,
    private readonly object: Objection,
  ) {
    const channel = (target: Target) => this.#channel(target, random.fork(target));
    this.channels = { worker: channel("worker"), host: channel("host") };
  }

  /** Resolves while the window can be seen. */
  async shown(): Promise<void> {
    while (this.hidden) {
      await new Promise<void>((resolve) => this.#waitingForShow.push(resolve));
    }
  }

  show(hidden: boolean): void {
    this.hidden = hidden;
    if (!hidden) {
      this.#waitingForShow.splice(0).forEach((resolve) => resolve());
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.process.clock.setTimeout(resolve, ms);
    });
  }

  close(): void {
    this.closed = true;
    this.show(false);
    Object.values(this.channels).forEach((channel) => channel.close());
    void this.#ports?.then((ports) => ports.close("The window is closed."));
  }

  #channel(target: Target, random: Random): Channel {
    const { name, clock } = this.process;
    const channel = createChannel({
      dial: () => this.#dial(target),
      label: name,
      role: Role.OPERATOR,
      build: "window",
      clock,
      backOff: { firstMs: 100, longestMs: 5_000, random: () => random.fraction() },
    });
    let { phase } = channel.state;
    channel.subscribe((state) => {
      if (state.phase !== phase) {
        this.trace.add(`${name} ${target} ${phase} → ${state.phase} ${state.reason ?? ""}`);
        this.trace.tally(`phase: ${phase} → ${state.phase}`);
        if (!EDGES[phase].includes(state.phase) && !this.closed) {
          this.object(`${name}: the channel to ${target} went from ${phase} to ${state.phase}.`);
        }
        phase = state.phase;
      }
    });
    return channel;
  }

  async #dial(target: Target): Promise<Link> {
    if (this.bare) {
      if (target === "host") {
        throw new ConnectError("This window dials the worker only.", Code.FailedPrecondition);
      }
      return this.requestPort();
    }
    // Two channels may ask at once; one port is enough.
    this.#ports ??= this.requestPort().then((port) =>
      createMultiplexer(port, { onClose: () => (this.#ports = undefined) }),
    );
    return (await this.#ports).open({ target, role: Role.OPERATOR, label: this.process.name });
  }
}
