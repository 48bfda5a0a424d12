import { create } from "@bufbuild/protobuf";
import type { Message, MessageInitShape, DescMessage } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor, StreamRequest, StreamResponse, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import type { Call } from "./call";
import type { CallContext } from "./call-context";
import type { ConnectionDriver } from "./connection-driver";
import { encodeMessage } from "./message-codec";
import { revisionOf } from "./revision";
import type { ServedMethod } from "./service-table";

/** A source that never waits, with a client that grants without end, would hold the event loop for ever; so it lets others in after so many messages. */
const MESSAGES_PER_TURN = 64;

/** Told of errors that a handler did not mean to raise. Peers get only the code. */
export type HandlerErrorListener = (error: unknown, method: string) => void;

/** One call being answered: runs the handler, sends what it gives, and stops it when the call ends before it does. */
export class ServedCall {
  readonly #driver: ConnectionDriver;
  readonly #call: Call;
  readonly #served: ServedMethod;
  readonly #context: CallContext;
  readonly #interceptors: readonly Interceptor[];
  readonly #onError: HandlerErrorListener;
  readonly #onDone: () => void;
  #iterator: AsyncIterator<MessageInitShape<DescMessage>> | undefined;
  #creditWaiter: (() => void) | undefined;

  constructor(options: {
    driver: ConnectionDriver;
    call: Call;
    served: ServedMethod;
    context: CallContext;
    interceptors: readonly Interceptor[];
    onError: HandlerErrorListener;
    /** Told once the handler has ended by itself. */
    onDone: () => void;
  }) {
    this.#driver = options.driver;
    this.#call = options.call;
    this.#served = options.served;
    this.#context = options.context;
    this.#interceptors = options.interceptors;
    this.#onError = options.onError;
    this.#onDone = options.onDone;
  }

  /** Runs the handler. */
  run(request: Message): void {
    if (this.#served.method.methodKind === "server_streaming") {
      void this.#stream(request);
    } else {
      this.#unary(request);
    }
  }

  /** The client lets a stream go on. */
  credit(): void {
    const resume = this.#creditWaiter;
    this.#creditWaiter = undefined;
    resume?.();
  }

  /** The call has ended before the handler: by the client, the deadline, or with the connection. */
  abort(reason: ConnectError | undefined): void {
    this.#context.abort(reason);
    // A generator that waits for something else ends once that does; one that stands at a yield ends now.
    void this.#iterator?.return?.().catch((error: unknown) => this.#report(error));
    this.credit();
  }

  #unary(request: Message): void {
    let answer: unknown;
    try {
      answer =
        this.#interceptors.length > 0 ? this.#intercepted(request) : this.#served.handler(request, this.#context);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (answer instanceof Promise) {
      answer.then(
        (value) => this.#answer(value),
        (error: unknown) => this.#fail(error),
      );
    } else {
      this.#answer(answer);
    }
  }

  #answer(value: unknown): void {
    try {
      this.#send(value, true);
      this.#driver.flush();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#done();
  }

  async #stream(request: Message): Promise<void> {
    const call = this.#call;
    // A function, because the call may end while something is awaited.
    const ended = () => call.ended;
    let sent = 0;
    try {
      const source =
        this.#interceptors.length > 0
          ? await this.#interceptedStream(request)
          : (this.#served.handler(request, this.#context) as AsyncIterable<MessageInitShape<DescMessage>>);
      const iterator = source[Symbol.asyncIterator]();
      this.#iterator = iterator;
      while (!ended()) {
        if (!call.latestWins && !call.maySend) {
          this.#driver.connection.awaitCredit(call);
          await new Promise<void>((resolve) => (this.#creditWaiter = resolve));
          sent = 0;
          continue;
        }
        const result = await iterator.next();
        if (result.done === true) {
          this.#driver.connection.endCall(call);
          this.#driver.flush();
          this.#done();
          return;
        }
        if (!ended()) {
          this.#send(result.value, false);
          this.#driver.flush();
        }
        if (++sent % MESSAGES_PER_TURN === 0) {
          await this.#driver.nextTurn();
        }
      }
    } catch (error) {
      this.#fail(error);
      void this.#iterator?.return?.().catch(() => undefined);
    }
  }

  #send(value: unknown, last: boolean): void {
    const { output } = this.#served.method;
    const answer = create(output, value as MessageInitShape<DescMessage>);
    const { message, tail } = encodeMessage(output, answer);
    const revision = this.#call.track === undefined ? undefined : revisionOf(output, answer);
    this.#driver.connection.sendMessage(this.#call, message, tail, last, revision);
  }

  #fail(error: unknown): void {
    if (this.#call.ended) {
      // The peer knows already how the call ended; what the handler says on its way out is not its answer.
      this.#context.abort(error);
      return;
    }
    this.#driver.connection.endCall(this.#call, this.#toPeer(error));
    this.#driver.flush();
    this.#done(error);
  }

  #done(error?: unknown): void {
    this.#context.abort(error);
    this.#onDone();
  }

  /** What the peer is told: errors meant for it as they are, others without their content. */
  #toPeer(error: unknown): ConnectError {
    if (error instanceof ConnectError) {
      return error;
    }
    this.#report(error);
    const { path } = this.#served.policy;
    return new ConnectError(`${path} failed for a reason that only the log of the server tells.`, Code.Internal);
  }

  #report(error: unknown): void {
    if (!(error instanceof ConnectError)) {
      this.#onError(error, this.#served.policy.path);
    }
  }

  #request() {
    const { service, requestMethod, url, signal, requestHeader, values } = this.#context;
    return { service, requestMethod, url, signal, header: requestHeader, contextValues: values };
  }

  #response() {
    const { service, responseHeader, responseTrailer } = this.#context;
    return { service, header: responseHeader, trailer: responseTrailer };
  }

  async #intercepted(message: Message): Promise<unknown> {
    const { method, handler } = this.#served;
    const next = async (request: UnaryRequest | StreamRequest) => {
      const answer = (await handler(request.message, this.#context)) as MessageInitShape<DescMessage>;
      return { stream: false, method, ...this.#response(), message: create(method.output, answer) } as UnaryResponse;
    };
    const request = { stream: false, method, message, ...this.#request() } as UnaryRequest;
    return (await this.#chain(next)(request)).message;
  }

  async #interceptedStream(message: Message): Promise<AsyncIterable<MessageInitShape<DescMessage>>> {
    const { method, handler } = this.#served;
    const next = async (request: UnaryRequest | StreamRequest) => {
      const requests = (request as StreamRequest).message[Symbol.asyncIterator]();
      const { value } = (await requests.next()) as { value: Message };
      return { stream: true, method, ...this.#response(), message: handler(value, this.#context) } as StreamResponse;
    };
    const only = async function* () {
      yield message;
    };
    const request = { stream: true, method, message: only(), ...this.#request() } as unknown as StreamRequest;
    return (await this.#chain(next)(request)).message as AsyncIterable<MessageInitShape<DescMessage>>;
  }

  #chain(next: ReturnType<Interceptor>): ReturnType<Interceptor> {
    return this.#interceptors.reduceRight((inner, interceptor) => interceptor(inner), next);
  }
}
