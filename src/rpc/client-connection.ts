import type { DescMessage, DescMethod, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Hello } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Call } from "./call";
import { CallLedger } from "./call-ledger";
import type { CallListener } from "./call-ledger";
import type { Clock } from "./clock";
import type { Connection } from "./connection";
import { ConnectionDriver } from "./connection-driver";
import type { ConnectionEvent } from "./connection-event";
import { reportConnection } from "./connection-report";
import type { ConnectionReport } from "./connection-report";
import type { CreditWindow } from "./credit";
import type { Introduction } from "./greeting";
import type { Link } from "./link";
import { decodeMessage, encodeMessage } from "./message-codec";
import { MessageStream } from "./message-stream";
import type { StreamStats } from "./message-stream";
import { methodPolicy } from "./method-policy";
import type { ProtocolLimits } from "./protocol";
import { metadataToWire } from "./status";
import type { Traffic } from "./traffic";
import type { Validator } from "./validation";

export interface ClientConnectionOptions {
  readonly introduction: Introduction;
  readonly clock: Clock;
  readonly validator?: Validator | undefined;
  readonly limits?: ProtocolLimits | undefined;
  readonly traffic: Traffic;
  readonly onCall?: CallListener | undefined;
  readonly onOpened?: ((hello: Hello) => void) | undefined;
  /** The server will end the connection after the open calls. */
  readonly onDraining?: (() => void) | undefined;
  readonly onClosed?: ((reason: ConnectError) => void) | undefined;
  readonly onActivity?: ((kind: "frame" | "tick") => void) | undefined;
}

/** What a caller may say about one call. */
export interface ClientCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Undefined is no deadline. */
  readonly timeoutMs?: number | undefined;
  readonly header?: Headers | undefined;
  readonly credit?: CreditWindow | undefined;
  readonly stats?: StreamStats | undefined;
}

/** Where the answers of one call go. */
interface Sink {
  message(message: Uint8Array, tail: Uint8Array, skipped: number): void;
  end(error: ConnectError | undefined): void;
}

/** The client's end of one connection over one link, which it owns. */
export class ClientConnection {
  readonly #driver: ConnectionDriver;
  readonly #options: ClientConnectionOptions;
  readonly #sinks = new Map<Call, Sink>();
  readonly #ledger: CallLedger;
  #useful = false;

  constructor(link: Link, options: ClientConnectionOptions) {
    this.#options = options;
    const { introduction, limits, clock, traffic, onCall, onActivity } = options;
    this.#ledger = new CallLedger("client", traffic, clock, () => this.label, onCall);
    const onCallEnded = this.#ledger.ended.bind(this.#ledger);
    const settings = { side: "client", introduction, limits, onCallEnded } as const;
    this.#driver = new ConnectionDriver(link, clock, settings, (event) => this.#onEvent(event), onActivity);
  }

  /** The protocol's state, to look at. */
  get connection(): Connection {
    return this.#driver.connection;
  }

  /** Who is at the other end: the server's program. */
  get label(): string {
    return this.connection.peer?.build ?? "";
  }

  report(): ConnectionReport {
    return reportConnection(this.connection, this.label, this.#driver.now());
  }

  /** Whether the server has ever answered a call. */
  get useful(): boolean {
    return this.#useful;
  }

  /** Says hello. */
  start(): void {
    this.#driver.start();
  }

  close(reason: string | ConnectError): void {
    this.#driver.close(reason);
  }

  /** Calls a unary method. Rejects with a ConnectError. */
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethod & { input: I; output: O },
    request: MessageShape<I>,
    options: ClientCallOptions,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      throwIfAborted(signal);
      let answer: MessageShape<O> | undefined;
      let unreadable: ConnectError | undefined;
      const call = this.#begin(method, request, options, false, {
        message: (message, tail) => {
          try {
            answer = decodeMessage(method.output, message, tail, Code.Internal, this.#options.validator);
          } catch (error) {
            unreadable = ConnectError.from(error);
          }
        },
        end: (error) => {
          signal?.removeEventListener("abort", onAbort);
          if (error === undefined && answer !== undefined) {
            resolve(answer);
          } else {
            reject(error ?? unreadable ?? new ConnectError(`${method.name} ended without an answer.`, Code.Internal));
          }
        },
      });
      const onAbort = () => {
        signal?.removeEventListener("abort", onAbort);
        this.#cancel(call, "The caller gave the call up.");
        reject(abortError(signal));
      };
      signal?.addEventListener("abort", onAbort);
    });
  }

  /** Calls a server-streaming method. Throws a ConnectError when the call cannot begin. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethod & { input: I; output: O },
    request: MessageShape<I>,
    options: ClientCallOptions,
  ): MessageStream<O> {
    const { signal, credit, stats } = options;
    throwIfAborted(signal);
    const { initialCreditMessages, initialCreditBytes } = this.connection.limits;
    const stream: MessageStream<O> = new MessageStream<O>({
      desc: method.output,
      call: {
        cancel: (reason) => this.#cancel(call, reason),
        grant: (grant) => {
          this.connection.grantCredit(call, grant);
          this.#driver.flush();
        },
      },
      window: credit ?? { messages: initialCreditMessages, bytes: initialCreditBytes },
      grantAtOnce: methodPolicy(method).lane === Lane.STATE,
      validator: this.#options.validator,
      stats,
      onDone: () => signal?.removeEventListener("abort", onAbort),
    });
    const onAbort = () => stream.abandon(abortError(signal), "The caller gave the call up.");
    const call = this.#begin(method, request, options, true, stream);
    signal?.addEventListener("abort", onAbort);
    return stream;
  }

  #begin<I extends DescMessage>(
    method: DescMethod & { input: I },
    request: MessageShape<I>,
    options: ClientCallOptions,
    stream: boolean,
    sink: Sink,
  ): Call {
    const { path, lane } = methodPolicy(method);
    const { message, tail } = encodeMessage(method.input, request);
    const start = {
      method: path,
      lane,
      message,
      tail,
      timeoutMs: options.timeoutMs,
      metadata: options.header && metadataToWire(options.header),
      credit: options.credit,
      stream,
    };
    const call = this.connection.startCall(start, this.#driver.now());
    this.#ledger.began(call, path);
    this.#sinks.set(call, sink);
    this.#driver.flush();
    return call;
  }

  #cancel(call: Call, reason: string): void {
    this.#sinks.delete(call);
    this.connection.cancelCall(call, reason);
    this.#driver.flush();
  }

  #onEvent(event: ConnectionEvent): void {
    switch (event.type) {
      case "message":
        this.#useful = true;
        this.#sinks.get(event.call)?.message(event.message, event.tail, event.skipped);
        return;
      case "ended": {
        const sink = this.#sinks.get(event.call);
        this.#sinks.delete(event.call);
        sink?.end(event.error);
        return;
      }
      case "opened":
        this.#options.onOpened?.(event.hello);
        return;
      case "draining":
        this.#options.onDraining?.();
        return;
      case "closed":
        this.#options.onClosed?.(event.reason);
        return;
      default:
        // The other events are a server's.
        return;
    }
  }
}

function abortError(signal: AbortSignal | undefined): ConnectError {
  return ConnectError.from(signal?.reason, Code.Canceled);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw abortError(signal);
  }
}
