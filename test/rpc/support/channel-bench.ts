import type { ServiceImpl } from "@connectrpc/connect";
import { type Code, ConnectError } from "@connectrpc/connect";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createLinkPair, createServer, PROTOCOL } from "../../../src/rpc";
import type { Channel, ChannelOptions, Link, LinkPairOptions } from "../../../src/rpc";
import type { ProtocolLimits } from "../../../src/rpc/protocol";
import { diagnosticsService } from "../../../src/services/diagnostics/diagnostics-service";
import { FakeClock } from "./fake-clock";

/** A channel on a clock that the test moves, to servers that the test can take away. */
export class ChannelBench {
  readonly clock = new FakeClock();
  readonly phases: string[] = [];
  readonly near: Link[] = [];
  readonly far: Link[] = [];
  dials = 0;
  /** Whether frames pass; a channel that hears nothing does not know why. */
  passing = true;
  /** What a dial does instead of reaching the server. */
  dialFails: Error | undefined;
  epoch = 1n;
  /** How long a frame travels. */
  delayMs = 0;
  /** Sees every frame; `from` is 0 for the client's. */
  onFrame: (frame: Uint8Array, from: 0 | 1) => void = () => undefined;
  serverLimits: ProtocolLimits = PROTOCOL;
  /** Handlers in place of the service's own, for the servers of later dials. */
  handlers: Partial<ServiceImpl<typeof DiagnosticsService>> = {};
  readonly channel: Channel;

  constructor(options: Partial<ChannelOptions> = {}, start: Partial<ChannelBench> = {}) {
    Object.assign(this, start);
    this.channel = createChannel({
      dial: () => this.#dial(),
      label: "window",
      role: Role.OPERATOR,
      build: "client 1",
      clock: this.clock,
      backOff: { firstMs: 100, longestMs: 5000, random: () => 1 },
      ...options,
    });
    this.channel.subscribe(({ phase }) => this.phases.push(phase));
  }

  get client() {
    return createClient(DiagnosticsService, this.channel.transport);
  }

  /** Takes the newest link away, as a crash does. */
  cut(): void {
    this.near.at(-1)?.close("pulled out");
    this.far.at(-1)?.close("pulled out");
  }

  #dial(): Link {
    this.dials += 1;
    if (this.dialFails !== undefined) {
      throw this.dialFails;
    }
    const tap: LinkPairOptions["tap"] = (frame, from) => {
      this.onFrame(frame, from);
      return this.passing ? frame : undefined;
    };
    const schedule = (deliver: () => void) =>
      this.delayMs === 0 ? queueMicrotask(deliver) : void this.clock.setTimeout(deliver, this.delayMs);
    const [near, far] = createLinkPair({ tap, schedule });
    this.near.push(near);
    this.far.push(far);
    createServer({
      build: "server 1",
      session: `s${this.epoch}`,
      epoch: this.epoch,
      clock: this.clock,
      limits: this.serverLimits,
    })
      .register(DiagnosticsService, { ...diagnosticsService(), ...this.handlers })
      .accept(far, { role: Role.OPERATOR, label: "window" });
    return near;
  }
}

/** The code that a call fails with. */
export async function codeOf(promise: Promise<unknown>): Promise<Code | "ok"> {
  try {
    await promise;
    return "ok";
  } catch (error) {
    return ConnectError.from(error).code;
  }
}
