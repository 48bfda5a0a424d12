import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { ConnectError, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { UnknownMethodSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { hasPolicy, methodPolicy } from "./method-policy";
import type { MethodPolicy } from "./method-policy";
import { errorWithDetail } from "./status";

/** A handler whose types are known only to its descriptor. */
export type AnyHandler = (request: unknown, context: HandlerContext) => unknown;

/** A method that somebody serves. */
export interface ServedMethod {
  readonly method: DescMethod;
  readonly policy: MethodPolicy;
  readonly handler: AnyHandler;
}

/** The methods that a server serves, by their path. */
export class ServiceTable {
  readonly #methods = new Map<string, ServedMethod>();
  readonly #services = new Map<string, DescService>();

  /** Adds a service; methods that the implementation lacks are UNIMPLEMENTED. */
  register<S extends DescService>(service: S, implementation: Partial<ServiceImpl<S>>): void {
    if (this.#services.has(service.typeName)) {
      throw new Error(`${service.typeName} is registered already`);
    }
    this.#services.set(service.typeName, service);
    for (const method of service.methods) {
      const handler = (implementation as Record<string, AnyHandler | undefined>)[method.localName];
      if (handler !== undefined) {
        if (!hasPolicy(method)) {
          throw new Error(`${method.toString()} sets no policy with a lane and a role`);
        }
        const policy = methodPolicy(method);
        this.#methods.set(policy.path, { method, policy, handler: handler.bind(implementation) });
      }
    }
  }

  /** @throws ConnectError UNIMPLEMENTED with UnknownMethod when nobody serves it. */
  find(path: string): ServedMethod {
    const found = this.#methods.get(path);
    if (found === undefined) {
      throw this.#unknown(path);
    }
    return found;
  }

  #unknown(path: string): ConnectError {
    const serviceName = path.split("/")[1] ?? "";
    const known = this.#services.has(serviceName)
      ? [...this.#methods.keys()].filter((method) => method.startsWith(`/${serviceName}/`))
      : [...this.#services.keys()];
    const sentence = `Nobody here serves ${path}. There is: ${known.join(", ") || "nothing"}.`;
    return errorWithDetail(Code.Unimplemented, sentence, UnknownMethodSchema, { method: path, known });
  }
}
