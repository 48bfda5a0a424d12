import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { toNs } from "./clock";
import type { Connection, ConnectionState } from "./connection";
import type { CallSide } from "./traffic";

/** The other end's monotonic clock against ours. */
export interface ClockComparison {
  /** Other end's reading minus ours at the same moment. */
  readonly offsetNs: bigint;
  /** The true offset is no further away. */
  readonly errorNs: bigint;
  /** How far the recent readings lie from this offset, root mean square. */
  readonly residualNs: bigint;
  /** Of the newest ping. */
  readonly roundTripNs: bigint;
}

/** One connection as one end sees it, for diagnostics. */
export interface ConnectionReport {
  /** Who is at the other end. */
  readonly label: string;
  /** Its program; empty until its hello came. */
  readonly build: string;
  readonly side: CallSide;
  readonly role: Role;
  readonly state: ConnectionState;
  readonly connectedMs: number;
  readonly openCalls: number;
  /** Server: bytes of answers that the client has not given back; 0 to a client of protocol 1.0. */
  readonly bytesInFlight: number;
  /** Time since the last frame from the other end. */
  readonly silenceMs: number;
  /** Undefined before the first pong. */
  readonly clock: ClockComparison | undefined;
}

/** Describes a connection as of now. */
export function reportConnection(connection: Connection, label: string, now: number): ConnectionReport {
  const clock = connection.clockAt(now);
  return {
    label,
    build: connection.peer?.build ?? "",
    side: connection.side,
    role: connection.role,
    state: connection.state,
    connectedMs: now - connection.beganAt,
    openCalls: connection.openCalls,
    bytesInFlight: connection.bytesInFlight,
    silenceMs: connection.silenceMs(now),
    clock: clock && {
      offsetNs: clock.offsetNs,
      errorNs: clock.errorNs,
      residualNs: clock.residualNs,
      roundTripNs: toNs(clock.roundTripMs),
    },
  };
}
