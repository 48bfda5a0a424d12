/** A direct port to an operator's window, in memory. */
import type { ServiceImpl } from "@connectrpc/connect";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { ViewService } from "../../../gen/ts/macroscope/view/v1/view_pb";
import type { OpenOperatorLink } from "../../../src/renderer/preview/follow-view";
import { createLinkPair, createServer, protovalidator } from "../../../src/rpc";

/** Opens links to a server of this service. */
export function linkToView(service: ServiceImpl<typeof ViewService>): OpenOperatorLink {
  const server = createServer({ build: "test", session: "test", epoch: 1n, validator: protovalidator() });
  server.register(ViewService, service);
  return () => {
    const [near, far] = createLinkPair();
    server.accept(far, { role: Role.OPERATOR, label: "preview window" });
    return Promise.resolve(near);
  };
}
