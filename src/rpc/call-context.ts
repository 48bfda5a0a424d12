import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { createContextValues } from "@connectrpc/connect";
import type { ContextValues, HandlerContext } from "@connectrpc/connect";
import type { AcceptedConnection } from "./server";

/**
 * What a handler gets beside its request. Connect's own context sets a timer and makes six header objects for each call; here the connection keeps the
 * deadline, and the rest is made when somebody asks.
 */
export class CallContext implements HandlerContext {
  readonly requestMethod = "POST";
  readonly protocolName = "macroscope";
  readonly service: DescService;
  #controller: AbortController | undefined;
  #ended: { reason: unknown } | undefined;
  readonly #metadata: Record<string, string>;
  readonly #timeLeftMs: () => number | undefined;
  #requestHeader: Headers | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;
  #values: ContextValues | undefined;

  constructor(
    readonly method: DescMethod,
    /** The method's path. */
    readonly url: string,
    metadata: Record<string, string>,
    timeLeftMs: () => number | undefined,
    /** Whose call it is. */
    readonly peer: AcceptedConnection,
  ) {
    this.service = method.parent;
    this.#metadata = metadata;
    this.#timeLeftMs = timeLeftMs;
    // Handlers take it apart or pass it on, so it must not need its receiver.
    this.timeoutMs = () => this.#timeLeftMs();
  }

  readonly timeoutMs: () => number | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended !== undefined) {
        this.#controller.abort(this.#ended.reason);
      }
    }
    return this.#controller.signal;
  }

  get requestHeader(): Headers {
    return (this.#requestHeader ??= new Headers(this.#metadata));
  }

  get responseHeader(): Headers {
    return (this.#responseHeader ??= new Headers());
  }

  get responseTrailer(): Headers {
    return (this.#responseTrailer ??= new Headers());
  }

  get values(): ContextValues {
    return (this.#values ??= createContextValues());
  }

  /** The call has ended; whatever the handler started must end too. */
  abort(reason: unknown): void {
    this.#ended ??= { reason };
    this.#controller?.abort(reason);
  }
}
