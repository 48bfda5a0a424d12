/** The servers of these tests: one link a dialler, any number of connections on it. */
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import {
  acceptAuthentication,
  createMultiplexer,
  createServer,
  PROTOCOL,
  protovalidator,
  type Server,
} from "../../src/rpc";
import { listenAt } from "./local-socket";
import { TOKEN } from "./token";

const EPOCH = 7n;

/** Serves at a path, until the process ends, what `register` registers. */
export async function acceptAt(path: string, register: (server: Server) => void): Promise<void> {
  const server = createServer({
    build: "conformance-typescript 1",
    session: "conformance",
    epoch: EPOCH,
    validator: protovalidator(),
    onHandlerError: () => undefined,
  });
  register(server);
  await listenAt(path, (link) => {
    acceptAuthentication(link, TOKEN, { pid: process.pid, epoch: EPOCH }).then(
      () =>
        createMultiplexer(link, {
          accept: ({ role, label }, connection) => {
            server.accept(connection, { role: role === Role.UNSPECIFIED ? Role.HOST : role, label });
          },
          maxConnections: PROTOCOL.maxConnections,
        }),
      // Whoever shows no token is dropped; that is all.
      () => undefined,
    );
  });
  console.log("listening");
}
