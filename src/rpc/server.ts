import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor, ServiceImpl } from "@connectrpc/connect";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { CallListener } from "./call-ledger";
import { systemClock } from "./clock";
import type { Clock } from "./clock";
import type { ConnectionReport } from "./connection-report";
import type { Link } from "./link";
import type { ProtocolLimits } from "./protocol";
import { Receivers } from "./receivers";
import type { BehindListener, Receiver } from "./receivers";
import type { HandlerErrorListener } from "./served-call";
import { ServerConnection } from "./server-connection";
import { ServiceTable } from "./service-table";
import { Traffic } from "./traffic";
import type { Validator } from "./validation";

export interface ServerOptions {
  /** Name and version of the program. */
  readonly build: string;
  /** This lifetime of the server. */
  readonly session: string;
  /** Grows with every start of the server. */
  readonly epoch: bigint;
  /** Checks requests; without one they are not checked. */
  readonly validator?: Validator | undefined;
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Told of errors in handlers that are no ConnectError; by default they go to the console. */
  readonly onHandlerError?: HandlerErrorListener | undefined;
  /** Told of each call once, when it has ended: the hook for structured logs. */
  readonly onCall?: CallListener | undefined;
  /** Told once each time that a receiver of a broadcast falls more than a second behind. */
  readonly onBehind?: BehindListener | undefined;
  readonly clock?: Clock | undefined;
  readonly limits?: ProtocolLimits | undefined;
}

/** What a server knows of a client before it speaks. */
export interface AcceptOptions {
  /** The most that the client may be given. */
  readonly role: Role;
  /** Who it is, for logs. */
  readonly label: string;
  /** The token that its hello must show, where the link does not prove the right to connect. */
  readonly token?: string | undefined;
}

/** One accepted client. */
export interface AcceptedConnection {
  readonly label: string;
  /** The role given; unspecified until the hello. */
  readonly role: Role;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<ConnectError>;
  /** Ends the connection and its calls, telling the client why. */
  close(reason: string | ConnectError): void;
}

/** Serves services over links. */
export interface Server {
  /** Adds a service. Methods that the implementation lacks are UNIMPLEMENTED. */
  register<S extends DescService>(service: S, implementation: Partial<ServiceImpl<S>>): Server;
  /** Serves a client over a link, which the server owns from then on. */
  accept(link: Link, options: AcceptOptions): AcceptedConnection;
  /** Clients that are connected. */
  readonly connections: ReadonlySet<AcceptedConnection>;
  /** Counts of the calls that it has answered. */
  readonly traffic: Traffic;
  /** How each connection stands. */
  connectionReports(): readonly ConnectionReport[];
  /** Who holds broadcasts open and how far they are; then those that ended last, with the reason. */
  receivers(): readonly Receiver[];
  /** Ends all connections. */
  close(reason: string | ConnectError): void;
}

/** A server without services yet; `register` adds them. It runs handlers and owns the links that it accepts. */
export function createServer(options: ServerOptions): Server {
  const table = new ServiceTable();
  const connections = new Set<ServerConnection>();
  const clock = options.clock ?? systemClock;
  const traffic = new Traffic(clock);
  const receivers = new Receivers(clock, options.onBehind);
  const settings = { interceptors: [], onHandlerError: logError, ...options, clock, traffic, receivers };
  const server: Server = {
    connections,
    traffic,
    connectionReports: () => [...connections].map((connection) => connection.report()),
    receivers: () => receivers.report(),
    register(service, implementation) {
      table.register(service, implementation);
      return server;
    },
    accept(link, accepting) {
      const connection = new ServerConnection(link, table, settings, accepting);
      connections.add(connection);
      void connection.closed.then(() => connections.delete(connection));
      connection.start();
      return connection;
    },
    close(reason) {
      const error = typeof reason === "string" ? new ConnectError(reason, Code.Unavailable) : reason;
      [...connections].forEach((connection) => connection.close(error));
    },
  };
  return server;
}

function logError(error: unknown, method: string): void {
  console.error(`The handler of ${method} failed:`, error);
}
