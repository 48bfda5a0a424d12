import type { FaultLink } from "./fault-link";
import type { HostProcess, WorldParts } from "./host-process";
import type { Random } from "./random";
import type { WindowProcess } from "./window-process";

const NEVER = Number.POSITIVE_INFINITY;

/** A window of the world, with what can be broken around it. */
export interface WindowSeat {
  readonly name: string;
  /** It dials the worker itself, without the host between. */
  readonly bare: boolean;
  window: WindowProcess;
  /** The link of its newest port. */
  link: FaultLink | undefined;
}

/** What a fault may take hold of. */
export interface Breakable {
  readonly host: HostProcess;
  readonly seats: readonly WindowSeat[];
  /** Ends the window and opens it anew after a while. */
  crashWindow(seat: WindowSeat, hostHearsAfterMs: number): void;
}

/** Each says whether it found something to break. */
export type Fault = (world: Breakable, random: Random, parts: WorldParts) => boolean;

/** How long nobody is told of a loss: soon, or so late that only the silence tells. */
function toldAfterMs(random: Random): number {
  return random.chance(0.5) ? random.magnitude(1, 300) : random.whole(5_500, 8_000);
}

function severPort({ seats }: Breakable, random: Random): boolean {
  const { link } = random.pick(seats);
  if (link === undefined || link.broken) {
    return false;
  }
  link.sever(toldAfterMs(random), toldAfterMs(random));
  return true;
}

function severStream({ host: { worker } }: Breakable, random: Random): boolean {
  if (worker === undefined || worker.stream.broken) {
    return false;
  }
  worker.stream.sever(toldAfterMs(random), toldAfterMs(random));
  return true;
}

/** The faults of the simulated world, by name. Delay, split and joined reads and overtaking frames happen in every world. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "port lost": severPort,
  "stream lost": severStream,
  "port read slowly": ({ seats }, random) => {
    const { link } = random.pick(seats);
    link?.hold(random.chance(0.7) ? 0 : 1, random.magnitude(50, 4_000));
    return link !== undefined;
  },
  "stream read slowly": ({ host: { worker } }, random) => {
    worker?.stream.hold(random.chance(0.7) ? 0 : 1, random.magnitude(50, 4_000));
    return worker !== undefined;
  },
  "frame sent twice": ({ seats }, random) => {
    const { link } = random.pick(seats);
    // Towards the servers only: of messages to a client nobody could tell, and no medium of ours does it.
    link?.duplicateNext(1);
    return link !== undefined;
  },
  "bytes sent twice": ({ host: { worker } }, random) => {
    worker?.stream.duplicateNext(random.chance(0.5) ? 0 : 1);
    return worker !== undefined;
  },
  "worker crash": ({ host: { worker } }, random) => {
    if (!worker?.serving.process.alive) {
      return false;
    }
    worker.serving.process.kill();
    worker.stream.sever(toldAfterMs(random), NEVER);
    return true;
  },
  "window crash": (world, random) => {
    const seat = random.pick(world.seats);
    if (!seat.window.process.alive) {
      return false;
    }
    world.crashWindow(seat, toldAfterMs(random));
    return true;
  },
  "program stalls": ({ host, seats }, random) => {
    const programs = [host.process, ...seats.map(({ window }) => window.process)];
    if (host.worker !== undefined) {
      programs.push(host.worker.serving.process);
    }
    random.pick(programs).stall(random.magnitude(20, 9_000));
    return true;
  },
  "server closes": ({ host }, random) => {
    const serving = random.chance(0.5) ? host.serving : host.worker?.serving;
    if (serving?.process.alive !== true) {
      return false;
    }
    serving.server.close("The server is closing.");
    return true;
  },
};
