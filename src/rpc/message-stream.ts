import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { CreditReturn } from "./credit";
import type { CreditWindow } from "./credit";
import { decodeMessage } from "./message-codec";
import type { Validator } from "./validation";

/** Counts of one stream, kept up to date for whoever passed the object in. */
export interface StreamStats {
  /** Messages taken. */
  received: number;
  /** Their bytes, tails included. */
  receivedBytes: number;
  /** Messages that the server replaced by newer ones before they could leave. */
  skipped: number;
}

/** What a stream may ask of its call. */
export interface StreamCall {
  cancel(reason: string): void;
  grant(credit: CreditWindow): void;
}

interface Arrived {
  readonly message: Uint8Array;
  readonly tail: Uint8Array;
  readonly skipped: number;
}

interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: ConnectError): void;
}

/**
 * The answers of a server-streaming call. Messages are decoded when they are taken, and taking them is what lets the server send more. Leaving it,
 * by `break` or `return()`, cancels the call.
 */
export class MessageStream<Desc extends DescMessage> implements AsyncIterableIterator<MessageShape<Desc>, undefined> {
  readonly #desc: Desc;
  readonly #call: StreamCall;
  readonly #validator: Validator | undefined;
  readonly #stats: StreamStats | undefined;
  readonly #credit: CreditReturn;
  readonly #onDone: () => void;
  #arrived: Arrived[] = [];
  #waiters: Waiter<MessageShape<Desc>>[] = [];
  #ended = false;
  #error: ConnectError | undefined;

  constructor(options: {
    desc: Desc;
    call: StreamCall;
    window: CreditWindow;
    /** Give credit back at once, because the server reads from it how far this end is. */
    grantAtOnce: boolean;
    validator: Validator | undefined;
    stats: StreamStats | undefined;
    /** Told once, when the call has ended either way. */
    onDone: () => void;
  }) {
    this.#desc = options.desc;
    this.#call = options.call;
    this.#validator = options.validator;
    this.#stats = options.stats;
    this.#credit = new CreditReturn(options.window, options.grantAtOnce);
    this.#onDone = options.onDone;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<MessageShape<Desc>, undefined>> {
    const arrived = this.#arrived.shift();
    if (arrived !== undefined) {
      try {
        return Promise.resolve({ done: false, value: this.#take(arrived) });
      } catch (error) {
        return Promise.reject(ConnectError.from(error));
      }
    }
    if (this.#ended) {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<MessageShape<Desc>, undefined>> {
    this.abandon(undefined, "The receiver left the stream.");
    return Promise.resolve({ done: true, value: undefined });
  }

  /** A message arrived. */
  message(message: Uint8Array, tail: Uint8Array, skipped: number): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#arrived.push({ message, tail, skipped });
      return;
    }
    try {
      waiter.resolve({ done: false, value: this.#take({ message, tail, skipped }) });
    } catch (error) {
      waiter.reject(ConnectError.from(error));
    }
  }

  /** The call has ended. Messages that arrived before can still be taken. */
  end(error: ConnectError | undefined): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#error = error;
    this.#onDone();
    for (const waiter of this.#waiters.splice(0)) {
      if (error === undefined || this.#error === undefined) {
        waiter.resolve({ done: true, value: undefined });
      } else {
        this.#error = undefined;
        waiter.reject(error);
      }
    }
  }

  /** Cancels the call, if it has not ended, and drops what was not taken. */
  abandon(error: ConnectError | undefined, reason: string): void {
    this.#arrived = [];
    if (!this.#ended) {
      this.#call.cancel(reason);
      this.end(error);
    } else {
      this.#error = undefined;
    }
  }

  #take({ message, tail, skipped }: Arrived): MessageShape<Desc> {
    const bytes = message.length + tail.length;
    let value: MessageShape<Desc>;
    try {
      value = decodeMessage(this.#desc, message, tail, Code.Internal, this.#validator);
    } catch (error) {
      this.abandon(undefined, ConnectError.from(error).rawMessage);
      throw error;
    }
    if (this.#stats !== undefined) {
      this.#stats.received += 1;
      this.#stats.receivedBytes += bytes;
      this.#stats.skipped = skipped;
    }
    const grant = this.#ended ? undefined : this.#credit.taken(bytes);
    if (grant !== undefined) {
      this.#call.grant(grant);
    }
    return value;
  }
}
