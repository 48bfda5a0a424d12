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

/** The server's end of one connection: admits the client, finds and checks what it calls, and runs the handlers. */
export class ServerConnection implements AcceptedConnection {
  readonly closed: Promise<ConnectError>;
  readonly #driver: ConnectionDriver;
  readonly #table: ServiceTable;
  readonly #settings: ServerSettings;
  readonly #accepting: AcceptOptions;
  readonly #running = new Map<Call, ServedCall>();
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
      case "credit":
        this.#running.get(event.call)?.credit();
        return;
      case "ended":
        this.#running.get(event.call)?.abort(event.error);
        this.#running.delete(event.call);
        return;
      case "closed":
        this.#tellClosed(event.reason);
        return;
      default:
        return;
    }
  }

  #begin(call: Call, open: Open, tail: Uint8Array): void {
    try {
      const served = this.#find(call, open);
      const { method, policy } = served;
      const request = decodeMessage(method.input, open.message, tail, Code.InvalidArgument, this.#settings.validator);
      const timeLeftMs = () => (call.deadlineAt === Infinity ? undefined : call.deadlineAt - this.#driver.now());
      const context = new CallContext(method, policy.path, open.metadata, timeLeftMs, this);
      const { interceptors, onHandlerError } = this.#settings;
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
        call.track = this.#settings.receivers.began(this.label, policy.path);
      }
      running.run(request);
    } catch (error) {
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
    if (!open.hasMessage || !open.halfClose) {
      throw new ConnectError(`The request of ${method.name} must come with its opening.`, Code.InvalidArgument);
    }
    return served;
  }
}
