import type { ServiceImpl } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import type { DescService } from "@bufbuild/protobuf";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { diagnosticsService } from "../../../src/services/diagnostics/diagnostics-service";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { createChannel, createClient, createLinkPair, createServer } from "../../../src/rpc";
import type { Channel, ChannelOptions, Link, LinkPairOptions, Server, ServerOptions } from "../../../src/rpc";

/** A server and a channel to it, over pairs in memory. */
export interface ServedPair {
  readonly server: Server;
  readonly channel: Channel;
  /** The server's ends of the links, one a dial. */
  readonly links: Link[];
}

/** What a test may choose. */
export interface ServedPairOptions {
  readonly server?: Partial<ServerOptions>;
  readonly channel?: Partial<ChannelOptions>;
  readonly link?: LinkPairOptions;
  /** The most that the server gives. */
  readonly role?: Role;
  readonly token?: string;
}

/** Serves one service to a channel. */
export function servedPair<S extends DescService>(
  service: S,
  implementation: Partial<ServiceImpl<S>>,
  options: ServedPairOptions = {},
): ServedPair {
  const server = createServer({ build: "server 1", session: "s1", epoch: 1n, ...options.server });
  server.register(service, implementation);
  const links: Link[] = [];
  const channel = createChannel({
    dial: () => {
      const [near, far] = createLinkPair(options.link);
      links.push(far);
      server.accept(far, { role: options.role ?? Role.OPERATOR, label: "test", token: options.token });
      return near;
    },
    label: "test",
    role: Role.OPERATOR,
    build: "client 1",
    ...options.channel,
  });
  return { server, channel, links };
}

/** Handlers of the diagnostics service. */
export type Diagnostics = Partial<ServiceImpl<typeof DiagnosticsService>>;

/** A client of the diagnostics service, and what serves it. */
export function diagnostics(implementation: Diagnostics = diagnosticsService(), options: ServedPairOptions = {}) {
  const pair = servedPair(DiagnosticsService, implementation, options);
  return { ...pair, client: createClient(DiagnosticsService, pair.channel.transport) };
}

/** The error that a promise must reject with. */
export async function failure(promise: Promise<unknown>): Promise<ConnectError> {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("it did not fail");
}

/** A promise with its ends. */
export function deferred<T = void>() {
  return Promise.withResolvers<T>();
}
