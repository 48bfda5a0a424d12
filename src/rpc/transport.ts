import { create } from "@bufbuild/protobuf";
import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createContextKey, createContextValues } from "@connectrpc/connect";
import type { ContextValues, Interceptor, StreamResponse, Transport, UnaryResponse } from "@connectrpc/connect";
import { runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";
import type { ClientConnection } from "./client-connection";
import type { CreditWindow } from "./credit";
import type { MessageStream, StreamStats } from "./message-stream";
import { methodPolicy } from "./method-policy";
import type { Retries } from "./retry";

/** Set it in a stream's context values to an object that is to be kept up to date with the stream's counts. */
export const streamStats = createContextKey<StreamStats | undefined>(undefined, { description: "stream stats" });

/** Set it in a stream's context values to let more, or less, travel than the protocol's initial credit. */
export const streamCredit = createContextKey<CreditWindow | undefined>(undefined, { description: "stream credit" });

/** New counts for `streamStats`. */
export function newStreamStats(): StreamStats {
  return { received: 0, receivedBytes: 0, skipped: 0 };
}

/**
 * Where a transport gets the connection for a call; a promise when it has to wait, at most until the deadline or the signal. A call that is made again is
 * `patient`: it also waits for a connection that was lost to be there again.
 */
export type ConnectionSource = (
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  patient: boolean,
) => ClientConnection | Promise<ClientConnection>;

export interface TransportOptions {
  readonly connection: ConnectionSource;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly retries: Retries;
  readonly interceptors?: Interceptor[] | undefined;
}

/**
 * A transport of Connect over our connections: unary and server-streaming calls. A call that names no deadline gets the one of its method's policy;
 * 0 or less asks for none. No timer is set for a call. Idempotent unary calls that ended with UNAVAILABLE are made again, within their deadline, unless they
 * may change something and a newer call may have changed it since.
 */
export function createTransport({ connection, now, retries, interceptors = [] }: TransportOptions): Transport {
  /** Calls so far that may change something. */
  let changes = 0;
  const unary = async <I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    given: number | undefined,
    options: { readonly signal?: AbortSignal | undefined; readonly header?: Headers | undefined },
  ): Promise<UnaryResponse<I, O>> => {
    const { signal, header } = options;
    const { idempotent, sideEffects } = methodPolicy(method);
    const change = sideEffects ? ++changes : undefined;
    // Made again now, it would undo what was asked for after it.
    const overtaken = () => change !== undefined && change !== changes;
    const timeoutMs = deadlineMs(method, given);
    const deadlineAt = timeoutMs === undefined ? Number.POSITIVE_INFINITY : now() + timeoutMs;
    for (let attempt = 1; ; attempt++) {
      let timeLeftMs = attempt === 1 || timeoutMs === undefined ? timeoutMs : deadlineAt - now();
      let ready = connection(timeLeftMs, signal, attempt > 1);
      if (ready instanceof Promise) {
        ready = await ready;
        timeLeftMs = timeoutMs === undefined ? undefined : deadlineAt - now();
      }
      try {
        const message = await ready.unary(method, request, { signal, timeoutMs: timeLeftMs, header });
        return { stream: false, ...response(method), message };
      } catch (error) {
        if (!idempotent || overtaken()) {
          throw error;
        }
        const answered = ready.connection.state !== "closed";
        await retries.pauseAfter(attempt, error, answered, deadlineAt, signal);
        if (overtaken()) {
          throw error;
        }
      }
    }
  };

  return {
    unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ): Promise<UnaryResponse<I, O>> {
      if (interceptors.length === 0) {
        // Connect's own way costs several times the call itself in signals that nobody listens to.
        return unary(method, create(method.input, input), timeoutMs, { signal, header: header && new Headers(header) });
      }
      return runUnaryCall<I, O>({
        interceptors,
        ...(signal === undefined ? {} : { signal }),
        req: { stream: false, message: input, ...request(method, header, contextValues) },
        next: (req) => unary(method, req.message, timeoutMs, { signal: req.signal, header: req.header }),
      });
    },

    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
      contextValues?: ContextValues,
    ): Promise<StreamResponse<I, O>> {
      let messages: MessageStream<O> | undefined;
      const answer = await runStreamingCall<I, O>({
        interceptors,
        ...(signal === undefined ? {} : { signal }),
        req: { stream: true, message: input, ...request(method, header, contextValues) },
        next: async (req) => {
          const message = await onlyMessage(method, req.message);
          const deadline = deadlineMs(method, timeoutMs);
          const since = now();
          const acquired = await connection(deadline, req.signal, false);
          messages = acquired.stream(method, message, {
            signal: req.signal,
            timeoutMs: deadline === undefined ? undefined : deadline - (now() - since),
            header: req.header,
            credit: req.contextValues.get(streamCredit),
            stats: req.contextValues.get(streamStats),
          });
          return { stream: true, ...response(method), message: messages };
        },
      });
      return cancellable(answer, () => messages);
    },
  };
}

function deadlineMs(method: DescMethodUnary | DescMethodStreaming, timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined) {
    return methodPolicy(method).defaultDeadlineMs;
  }
  return timeoutMs > 0 ? timeoutMs : undefined;
}

/** What the requests of both kinds have in common. */
function request<M extends DescMethodUnary | DescMethodStreaming>(
  method: M,
  header: HeadersInit | undefined,
  contextValues: ContextValues | undefined,
) {
  return {
    service: method.parent,
    method,
    requestMethod: "POST",
    url: methodPolicy(method).path,
    header: new Headers(header),
    contextValues: contextValues ?? createContextValues(),
  };
}

/** What the responses of both kinds have in common. */
function response<M extends DescMethodUnary | DescMethodStreaming>(method: M) {
  return { service: method.parent, method, header: new Headers(), trailer: new Headers() };
}

async function onlyMessage<I extends DescMessage>(
  method: DescMethodStreaming<I>,
  messages: AsyncIterable<MessageShape<I>>,
): Promise<MessageShape<I>> {
  if (method.methodKind !== "server_streaming") {
    throw new ConnectError(
      `${method.name} streams from the client, which this protocol does not do.`,
      Code.Unimplemented,
    );
  }
  const first = await messages[Symbol.asyncIterator]().next();
  if (first.done === true) {
    throw new ConnectError(`${method.name} was called without a request.`, Code.InvalidArgument);
  }
  return first.value;
}

/** Adds the `return` that Connect's own iterators leave out: leaving the stream cancels the call. */
function cancellable<I extends DescMessage, O extends DescMessage>(
  answer: StreamResponse<I, O>,
  stream: () => MessageStream<O> | undefined,
): StreamResponse<I, O> {
  const inner = answer.message[Symbol.asyncIterator]();
  const iterator = {
    next: () => inner.next(),
    return: async (): Promise<IteratorResult<MessageShape<O>>> => {
      await stream()?.return();
      // Lets Connect clean up after the call; what it says of it no longer matters.
      await inner.next().catch(() => undefined);
      return { done: true, value: undefined };
    },
  };
  return { ...answer, message: { [Symbol.asyncIterator]: () => iterator } };
}
