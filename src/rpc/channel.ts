import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { SCHEMA_DIGEST } from "../../gen/ts/macroscope/schema-digest";
import type { Hello } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { backOffDelayMs } from "./back-off";
import type { BackOff } from "./back-off";
import type { CallListener } from "./call-ledger";
import { ClientConnection } from "./client-connection";
import { systemClock } from "./clock";
import type { Clock, ClockOffset } from "./clock";
import type { ConnectionReport } from "./connection-report";
import type { Link } from "./link";
import type { ProtocolLimits } from "./protocol";
import { PROTOCOL } from "./protocol";
import { Retries } from "./retry";
import { closeError } from "./status";
import { Traffic } from "./traffic";
import { createTransport } from "./transport";
import type { Validator } from "./validation";

/**
 * `connecting`: dialling, or waiting for the server's hello. `live`. `stale`: nothing heard for twice the idle time, perhaps lost. `lost`: the
 * link closed or fell silent; dialled again after a pause. `refused`: the server does not want this client; not tried again until `redial`.
 */
export type ChannelPhase = "connecting" | "live" | "stale" | "lost" | "refused";

/** The server that a channel talks to, or talked to last. */
export interface ServerFacts {
  readonly build: string;
  /** Another session is another process. */
  readonly session: string;
  /** State of another epoch is read anew. */
  readonly epoch: bigint;
  readonly schemaDigest: string;
  /** The server was built with another schema than this program; to be told to the operator. */
  readonly schemaDiffers: boolean;
  /** The role given. */
  readonly role: Role;
}

/** How a channel stands. Each change is a new object. */
export interface ChannelState {
  readonly phase: ChannelPhase;
  /** Dials since the channel was last live. */
  readonly attempt: number;
  /** Why it is not live: a sentence to show. */
  readonly reason?: string;
  readonly code?: Code;
  /** The whole error, with typed details. */
  readonly error?: ConnectError;
  readonly server?: ServerFacts;
  /** The newest measurement; made anew at least every 2 s, whatever the traffic. */
  readonly roundTripMs?: number;
  /** The server's clock against ours, from the recent measurements, as of the newest. */
  readonly clock?: ClockOffset;
}

export interface ChannelOptions {
  /** Makes a new link to the server. Called again after each loss. */
  readonly dial: () => Promise<Link> | Link;
  /** Who this is, for logs: "operator window 1". */
  readonly label: string;
  /** The role asked for. */
  readonly role: Role;
  /** Name and version of this program. */
  readonly build: string;
  readonly token?: string | undefined;
  /** Checks answers; without one they are not checked. */
  readonly validator?: Validator | undefined;
  readonly interceptors?: Interceptor[] | undefined;
  readonly backOff?: BackOff | undefined;
  /** Chance for the pauses before calls are made again, from 0 to 1; by default Math.random. */
  readonly random?: (() => number) | undefined;
  /** Told of each call once, when it has ended: the hook for structured logs. */
  readonly onCall?: CallListener | undefined;
  readonly clock?: Clock | undefined;
  readonly limits?: ProtocolLimits | undefined;
}

/** A client's way to one server, which outlives connections. */
export interface Channel {
  /** For `createClient`; stays the same over reconnections. */
  readonly transport: Transport;
  readonly state: ChannelState;
  /** Counts of the calls that were made through it, over all connections. */
  readonly traffic: Traffic;
  /** How the present connection stands; undefined when there is none. */
  connectionReport(): ConnectionReport | undefined;
  /** Told of each new state, from the next on. Gives back what ends it. */
  subscribe(listener: (state: ChannelState) => void): () => void;
  /** Dials now: at once instead of after the pause, again after a refusal, or anew while live. */
  redial(): void;
  /** Ends it for good. Open calls fail with CANCELED. */
  close(): void;
}

/** A connection that was live for so long was worth dialling. */
const STEADY_AFTER_MS = 5_000;

const REFUSALS: readonly Code[] = [Code.FailedPrecondition, Code.Unauthenticated, Code.PermissionDenied];

interface Waiter {
  /** It waits also while the connection is lost. */
  readonly patient: boolean;
  resolve(connection: ClientConnection): void;
  reject(error: ConnectError): void;
}

/**
 * A channel, which dials at once.
 *
 * Calls while it is not live: `stale`, they are sent. `connecting`, they wait until it is live, at most until their deadline. `lost` and `refused`, they
 * fail at once with UNAVAILABLE, or the code of the refusal. So whoever watches a stream opens it again when the channel is live again, and nothing that
 * an operator asked for happens long after.
 *
 * A unary call that was under way when the connection was lost, or that the server could not answer now, is made again if its method is idempotent: then it
 * waits for the channel to be live again, at most until its deadline. Others are never repeated.
 */
export function createChannel(options: ChannelOptions): Channel {
  return new DialledChannel(options);
}

class DialledChannel implements Channel {
  readonly transport: Transport;
  readonly traffic: Traffic;
  readonly #options: ChannelOptions;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: ChannelState) => void>();
  readonly #waiters = new Set<Waiter>();
  #state: ChannelState = { phase: "connecting", attempt: 0 };
  #connection: ClientConnection | undefined;
  #retryTimer: unknown;
  /** Dials in a row that led to nothing. */
  #failures = 0;
  #liveSince: number | undefined;
  /** Grows with every dial, so that what an older one still does is not taken for the newest. */
  #generation = 0;
  #closed = false;
  /** How many measurements of the clocks the state knows of. */
  #measured = 0;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.traffic = new Traffic(this.#clock);
    this.transport = createTransport({
      connection: (timeoutMs, signal, patient) => this.#acquire(timeoutMs, signal, patient),
      now: () => this.#clock.now(),
      retries: new Retries(this.#clock, options.limits ?? PROTOCOL, options.random),
      interceptors: options.interceptors,
    });
    this.#dial();
  }

  get state(): ChannelState {
    return this.#state;
  }

  connectionReport(): ConnectionReport | undefined {
    return this.#connection?.report();
  }

  subscribe(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  redial(): void {
    if (!this.#closed) {
      this.#drop(new ConnectError("The connection is made anew.", Code.Unavailable));
      this.#dial();
    }
  }

  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      const error = new ConnectError("The channel was closed here.", Code.Canceled);
      this.#drop(error);
      this.#fail("lost", error);
    }
  }

  /** Forgets the present connection, dial and pause. */
  #drop(reason: ConnectError): void {
    this.#generation += 1;
    this.#clock.clearTimeout(this.#retryTimer);
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close(reason);
  }

  #dial(): void {
    const generation = ++this.#generation;
    this.#set({ phase: "connecting", attempt: this.#state.attempt + 1 });
    const isCurrent = () => generation === this.#generation;
    const dialled = async () => this.#options.dial();
    dialled().then(
      (link) => {
        if (isCurrent()) {
          this.#greet(link, isCurrent);
        } else {
          link.close("It is no longer needed.");
        }
      },
      (error: unknown) => {
        if (isCurrent()) {
          this.#onClosed(ConnectError.from(error, Code.Unavailable));
        }
      },
    );
  }

  #greet(link: Link, isCurrent: () => boolean): void {
    const { build, role, token = "", label, validator, limits, onCall } = this.#options;
    const guarded = <T extends unknown[]>(action: (...values: T) => void) => {
      return (...values: T) => (isCurrent() ? action(...values) : undefined);
    };
    const connection = new ClientConnection(link, {
      introduction: { build, role, token, label },
      clock: this.#clock,
      validator,
      limits,
      traffic: this.traffic,
      onCall,
      onOpened: guarded((hello) => this.#onOpened(connection, hello)),
      onDraining: guarded(() => this.#onDraining()),
      onClosed: guarded((reason) => this.#onClosed(reason)),
      onActivity: guarded((kind) => this.#onActivity(connection, kind)),
    });
    this.#connection = connection;
    connection.start();
  }

  #onOpened(connection: ClientConnection, hello: Hello): void {
    const { build, session, epoch, schemaDigest, role } = hello;
    const server = { build, session, epoch, schemaDigest, schemaDiffers: schemaDigest !== SCHEMA_DIGEST, role };
    this.#state = { phase: "live", attempt: 0, server };
    this.#measured = 0;
    this.#liveSince = this.#clock.now();
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    waiters.forEach((waiter) => waiter.resolve(connection));
    this.#tell();
  }

  /** The server ends this connection after its calls: new ones go to a new one, as soon as the old one has closed. */
  #onDraining(): void {
    this.#set({ phase: "lost", attempt: 0, ...why(closeError("The server is about to end the connection.")) });
  }

  #onClosed(reason: ConnectError): void {
    this.#judge();
    this.#connection = undefined;
    if (REFUSALS.includes(reason.code)) {
      this.#fail("refused", reason);
      return;
    }
    const generation = this.#generation;
    this.#fail("lost", reason);
    if (generation !== this.#generation) {
      // Whoever heard of it has closed the channel, or dialled already; a second dial would leave the first one's connection behind.
      return;
    }
    const delayMs = backOffDelayMs(this.#failures, this.#options.backOff);
    this.#retryTimer = this.#clock.setTimeout(() => this.#dial(), delayMs);
  }

  /** A server that greets and then drops the connection must not be dialled at full speed: only one that was of use counts as reached. */
  #judge(): void {
    const steady = this.#liveSince !== undefined && this.#clock.now() - this.#liveSince >= STEADY_AFTER_MS;
    this.#failures = steady || this.#connection?.useful === true ? 1 : this.#failures + 1;
    this.#liveSince = undefined;
  }

  #onActivity({ connection }: ClientConnection, kind: "frame" | "tick"): void {
    const { phase } = this.#state;
    if (phase !== "live" && phase !== "stale") {
      return;
    }
    const silent = connection.silenceMs(this.#clock.now()) >= 2 * connection.limits.pingAfterIdleMs;
    const next = silent ? "stale" : "live";
    const measured = kind === "frame" && connection.clockMeasurements !== this.#measured;
    if (next !== phase || measured) {
      this.#measured = connection.clockMeasurements;
      const clock = connection.clockAt(this.#clock.now());
      this.#set({ phase: next, attempt: 0, ...(clock && { roundTripMs: clock.roundTripMs, clock }) });
    }
  }

  #fail(phase: "lost" | "refused", error: ConnectError): void {
    const final = phase === "refused" || this.#closed;
    const waiters = [...this.#waiters].filter(({ patient }) => final || !patient);
    this.#set({ phase, attempt: this.#state.attempt, ...why(error) });
    waiters.forEach((waiter) => waiter.reject(this.#unavailable()));
  }

  /** Sets a new state; the facts about the server stay until it says others. */
  #set(state: ChannelState): void {
    const { server } = this.#state;
    this.#state = server === undefined ? state : { server, ...state };
    this.#tell();
  }

  #tell(): void {
    [...this.#listeners].forEach((listener) => listener(this.#state));
  }

  #unavailable(): ConnectError {
    const { phase, error } = this.#state;
    const why = error?.rawMessage ?? "";
    return phase === "refused"
      ? new ConnectError(`The server refused the connection: ${why}`, error?.code ?? Code.Unavailable)
      : new ConnectError(
          `There is no connection to the server: ${why}`,
          this.#closed ? Code.Canceled : Code.Unavailable,
        );
  }

  #acquire(
    timeoutMs: number | undefined,
    signal: AbortSignal | undefined,
    patient: boolean,
  ): ClientConnection | Promise<ClientConnection> {
    const { phase } = this.#state;
    if ((phase === "live" || phase === "stale") && this.#connection !== undefined) {
      return this.#connection;
    }
    if (phase !== "connecting" && (!patient || phase === "refused" || this.#closed)) {
      throw this.#unavailable();
    }
    if (signal?.aborted === true) {
      throw ConnectError.from(signal.reason, Code.Canceled);
    }
    return new Promise((resolve, reject) => {
      const timeUp = () => waiter.reject(new ConnectError("No connection was made in time.", Code.DeadlineExceeded));
      const timer = timeoutMs === undefined ? undefined : this.#clock.setTimeout(timeUp, timeoutMs);
      const onAbort = () => waiter.reject(ConnectError.from(signal?.reason, Code.Canceled));
      const settle = () => {
        this.#waiters.delete(waiter);
        this.#clock.clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        patient,
        resolve: (connection) => (settle(), resolve(connection)),
        reject: (error) => (settle(), reject(error)),
      };
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", onAbort);
    });
  }
}

function why(error: ConnectError): Pick<ChannelState, "reason" | "code" | "error"> {
  return { reason: error.rawMessage, code: error.code, error };
}
