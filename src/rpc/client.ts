import type {
  DescMessage,
  DescMethodServerStreaming,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { createClient as createConnectClient, makeAnyClient } from "@connectrpc/connect";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";

/**
 * A typed client of a service, as Connect's own, but leaving a stream cancels its call: by `break`, `return` or an error in `for await`, or by
 * `return()` of its iterator. Connect's own goes on receiving.
 */
export function createClient<S extends DescService>(service: S, transport: Transport): Client<S> {
  const plain = createConnectClient(service, transport) as Record<string, unknown>;
  const create = (method: DescService["methods"][number]) =>
    method.methodKind === "server_streaming"
      ? (input: MessageInitShape<DescMessage>, options?: CallOptions) =>
          stream(transport, method as DescMethodServerStreaming, input, options)
      : (plain[method.localName] as () => unknown);
  return makeAnyClient(service, create as Parameters<typeof makeAnyClient>[1]) as Client<S>;
}

function stream(
  transport: Transport,
  method: DescMethodServerStreaming,
  input: MessageInitShape<DescMessage>,
  options: CallOptions = {},
): AsyncIterable<MessageShape<DescMessage>> {
  const { signal, timeoutMs, headers, contextValues } = options;
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  if (signal?.aborted === true) {
    onAbort();
  } else {
    signal?.addEventListener("abort", onAbort);
  }
  const done = () => signal?.removeEventListener("abort", onAbort);
  const only = async function* () {
    yield input;
  };
  const answer = transport.stream(method, controller.signal, timeoutMs, headers, only(), contextValues);
  // Whoever never looks at the stream hears of its error nowhere; that must not end the program.
  answer.catch(done);
  let iterator: AsyncIterator<MessageShape<DescMessage>> | undefined;
  const next = async (): Promise<IteratorResult<MessageShape<DescMessage>>> => {
    try {
      if (iterator === undefined) {
        const { header, message } = await answer;
        options.onHeader?.(header);
        iterator = message[Symbol.asyncIterator]();
      }
      const result = await iterator.next();
      if (result.done === true) {
        done();
        options.onTrailer?.((await answer).trailer);
      }
      return result;
    } catch (error) {
      done();
      throw error;
    }
  };
  const leave = async (): Promise<IteratorResult<MessageShape<DescMessage>>> => {
    done();
    controller.abort();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
}
