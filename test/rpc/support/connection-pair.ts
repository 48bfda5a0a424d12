import type { Hello } from "../../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Lane, Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { Connection, PROTOCOL } from "../../../src/rpc";
import type { ConnectionEvent } from "../../../src/rpc";
import type { Call } from "../../../src/rpc/call";
import type { CallStart } from "../../../src/rpc/client-calls";
import { encodeEnvelope } from "../../../src/rpc/envelope";
import type { EnvelopeKindInit } from "../../../src/rpc/envelope";
import { encodeFrame } from "../../../src/rpc/frame";
import type { ProtocolLimits } from "../../../src/rpc/protocol";

export type Side = "client" | "server";

/** Two connections whose frames a test carries by hand. */
export class ConnectionPair {
  now = 0;
  readonly client: Connection;
  readonly server: Connection;
  readonly events: Record<Side, ConnectionEvent[]> = { client: [], server: [] };
  /** How often each call has ended, at either end. */
  readonly ends = new Map<Call, number>();

  constructor(
    options: {
      limits?: Partial<ProtocolLimits>;
      clientLimits?: Partial<ProtocolLimits>;
      authorize?: (hello: Hello) => Role;
      token?: string;
      schemaDigest?: string;
    } = {},
  ) {
    const limits = { ...PROTOCOL, ...options.limits };
    const { token = "", schemaDigest } = options;
    const onCallEnded = (call: Call) => void this.ends.set(call, (this.ends.get(call) ?? 0) + 1);
    this.client = new Connection({
      side: "client",
      introduction: {
        build: "client 1",
        role: Role.OPERATOR,
        token,
        label: "window",
        ...(schemaDigest && { schemaDigest }),
      },
      now: 0,
      limits: { ...limits, ...options.clientLimits },
      onCallEnded,
    });
    this.server = new Connection({
      side: "server",
      introduction: { build: "server 1", session: "s1", epoch: 5n },
      authorize: options.authorize,
      now: 0,
      limits,
      onCallEnded,
    });
  }

  /** Carries frames until none is left, keeping the events. */
  carry(): this {
    for (;;) {
      const up = this.client.takeFrames();
      const down = this.server.takeFrames();
      this.events.client.push(...this.client.takeEvents());
      this.events.server.push(...this.server.takeEvents());
      if (up.length + down.length === 0) {
        return this;
      }
      up.forEach((frame) => this.events.server.push(...this.server.receive(frame, this.now)));
      down.forEach((frame) => this.events.client.push(...this.client.receive(frame, this.now)));
    }
  }

  /** Greets, and forgets the events of it. */
  open(): this {
    this.carry();
    this.events.client = [];
    this.events.server = [];
    return this;
  }

  /** Gives one end a frame that the other did not make. */
  inject(to: Side, kind: EnvelopeKindInit, tail?: Uint8Array): ConnectionEvent[] {
    return this[to].receive(encodeFrame(Lane.COMMAND, 1, encodeEnvelope(kind), tail), this.now);
  }

  /** The server's side of the call that the client has just begun. */
  served(): Call {
    const event = this.carry().taken("server", "call")[0];
    if (event === undefined) {
      throw new Error("the server has no new call");
    }
    return event.call;
  }

  tick(side: Side, now: number): ConnectionEvent[] {
    this.now = now;
    const events = this[side].tick(now);
    this.events[side].push(...events);
    return events;
  }

  /** Takes the events of one type. */
  taken<T extends ConnectionEvent["type"]>(side: Side, type: T): Extract<ConnectionEvent, { type: T }>[] {
    const events = this.events[side].filter((event) => event.type === type);
    this.events[side] = this.events[side].filter((event) => event.type !== type);
    return events as Extract<ConnectionEvent, { type: T }>[];
  }
}

/** A call's beginning with what tests do not care about filled in. */
export function callStart(start: Partial<CallStart> = {}): CallStart {
  return { method: "/a.B/C", lane: Lane.COMMAND, message: Uint8Array.of(1, 2), stream: false, ...start };
}
