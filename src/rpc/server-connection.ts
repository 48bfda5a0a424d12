import { Code, ConnectError } from "@connectrpc/connect";
import { RoleNeededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import type { Hello, Open } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Delivery, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Call } from "./call";
import { CallContext } from "./call-context";
import { CallLedger } from "./call-ledger";
import { ConnectionDriver } from "./connection-driver";
import type { ConnectionEvent } from "./connection-event";
import { reportConnection } from "./connection-report";
import type { ConnectionReport } from "./connection-report";
import { sameToken } from "./greeting";
import type { Link } from "./link";
import { decodeMessage } from "./message-codec";
import type { Receivers } from "./receivers";
import { revisionPath } from "./revision";
import { ServedCall } from "./served-call";
import type { AcceptOptions, AcceptedConnection, ServerOptions } from "./server";
import type { ServedMethod, ServiceTable } from "./service-table";
import { errorWithDetail } from "./status";
import type { Traffic } from "./traffic";

/** What the connections of a server share. */
export type ServerSettings = ServerOptions &
  Required<Pick<ServerOptions, "clock" | "interceptors" | "onHandlerError">> & {
    readonly traffic: Traffic;
    readonly receivers: Receivers;
  };

/** A call whose request comes after its opening. */
interface ComingCall {
  readonly served: ServedMethod;
  readonly open: Open;
}

/** The server's end of one connection: admits the client, finds and checks what it calls, and runs the handlers. */
export class ServerConnection implements AcceptedConnection {
  readonly closed: Promise<ConnectError>;
  readonly #driver: ConnectionDriver;
  readonly #table: ServiceTable;
  readonly #settings: ServerSettings;
  readonly #accepting: AcceptOptions;
  readonly #running = new Map<Call, ServedCall>();
  /** Calls whose request has not come; the connection's limits bound them. */
  readonly #coming = new Map<Call, ComingCall>();
  readonly #ledger: CallLedger;
  #tellClosed: (reason: ConnectError) => void = () => undefined;

  constructor(link: Link, table: ServiceTable, settings: ServerSettings, accepting: AcceptOptions) {
    this.#table = table;
    this.#settings = settings;
    this.#accepting = accepting;
    this.closed = new Promise((resolve) => (this.#tellClosed = resolve));
    const { build, session, epoch, limits, clock, traffic, onCall } = settings;
    this.#ledger = new CallLedger("server", traffic, clock, () => accepting.label, onCall);
    const introduction = { build, session, epoch, label: accepting.label };
    const authorize = (hello: Hello) => this.#authorize(hello);
    const onCallEnded = this.#ledger.ended.bind(this.#ledger);
    const options = { side: "server", introduction, limits, authorize, onCallEnded } as const;
    this.#driver = new ConnectionDriver(link, clock, options, (event) => this.#onEvent(event));
  }

  get label(): string {
    return this.#accepting.label;
  }

  get role(): Role {
    return this.#driver.connection.role;
  }

  report(): ConnectionReport {
    return reportConnection(this.#driver.connection, this.label, this.#driver.now());
  }

  start(): void {
    this.#driver.start();
  }

  close(reason: string | ConnectError): void {
    this.#driver.close(reason);
  }

  #authorize(hello: Hello): Role {
    const { token, role } = this.#accepting;
    if (token !== undefined && !sameToken(token, hello.token)) {
      throw new ConnectError("The token is not the right one.", Code.Unauthenticated);
    }
    return hello.role === Role.UNSPECIFIED ? role : Math.min(hello.role, role);
  }

  #onEvent(event: ConnectionEvent): void {
    switch (event.type) {
      case "call":
        this.#begin(event.call, event.open, event.tail);
        return;
      case "message":
        this.#onMessage(event.call, event.message, event.tail);
        return;
      case "half-closed":
        this.#onHalfClosed(event.call);
        return;
      case "credit":
        this.#running.get(event.call)?.credit();
        return;
      case "ended":
        this.#running.get(event.call)?.abort(event.error);
        this.#running.delete(event.call);
        this.#coming.delete(event.call);
        return;
      case "closed":
        this.#tellClosed(event.reason);
        return;
      default:
        return;
    }
  }

  #begin(call: Call, open: Open, tail: Uint8Array): void {
    this.#orRefuse(call, () => {
      const served = this.#find(call, open);
      if (open.hasMessage) {
        this.#run(call, { served, open }, open.message, tail);
      } else if (open.halfClose) {
        throw noRequest(open);
      } else {
        this.#coming.set(call, { served, open });
      }
    });
  }

  /** The request comes by itself. */
  #onMessage(call: Call, message: Uint8Array, tail: Uint8Array): void {
    const coming = this.#coming.get(call);
    this.#coming.delete(call);
    this.#orRefuse(call, () => {
      if (coming === undefined) {
        const error = new ConnectError(`${call.method} takes one request; another came.`, Code.Unimplemented);
        this.#running.get(call)?.abort(error);
        this.#running.delete(call);
        throw error;
      }
      this.#run(call, coming, message, tail);
    });
  }

  #onHalfClosed(call: Call): void {
    const coming = this.#coming.get(call);
    this.#coming.delete(call);
    if (coming !== undefined) {
      this.#orRefuse(call, () => {
        throw noRequest(coming.open);
      });
    }
  }

  #run(call: Call, { served, open }: ComingCall, message: Uint8Array, tail: Uint8Array): void {
    const { method, policy } = served;
    const { interceptors, onHandlerError, validator, receivers } = this.#settings;
    const request = decodeMessage(method.input, message, tail, Code.InvalidArgument, validator);
    const timeLeftMs = () => (call.deadlineAt === Infinity ? undefined : call.deadlineAt - this.#driver.now());
    const context = new CallContext(method, policy.path, open.metadata, timeLeftMs, this);
    const running = new ServedCall({
      driver: this.#driver,
      call,
      served,
      context,
      interceptors,
      onError: onHandlerError,
      onDone: () => this.#running.delete(call),
    });
    this.#running.set(call, running);
    if (call.credited && revisionPath(method.output) !== undefined) {
      call.track = receivers.began(this.label, policy.path);
    }
    running.run(request);
  }

  /** Does something for a call; what it throws is the call's answer. */
  #orRefuse(call: Call, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#coming.delete(call);
      this.#driver.connection.endCall(call, ConnectError.from(error, Code.Internal));
      this.#driver.flush();
    }
  }

  /** Finds the method, prepares the call for its policy, and checks that the client may call it so. */
  #find(call: Call, open: Open): ServedMethod {
    const served = this.#table.find(open.method);
    const { method, policy } = served;
    const stream = method.methodKind === "server_streaming";
    this.#ledger.began(call, policy.path);
    call.lane = policy.lane;
    call.credited = stream;
    call.latestWins = stream && policy.delivery === Delivery.LATEST_WINS;
    if (this.role < policy.neededRole) {
      const { neededRole } = policy;
      throw errorWithDetail(
        Code.PermissionDenied,
        `${method.name} needs the role ${Role[neededRole]}; this connection has ${Role[this.role]}.`,
        RoleNeededSchema,
        { method: open.method, needed: neededRole, given: this.role },
      );
    }
    if (!stream && method.methodKind !== "unary") {
      throw new ConnectError(
        `${method.name} streams from the client, which this protocol does not do.`,
        Code.Unimplemented,
      );
    }
    return served;
  }
}

function noRequest({ method }: Open): ConnectError {
  return new ConnectError(`${method} was called without a request.`, Code.InvalidArgument);
}
