/** The server of the conformance tests: one link a dialler, any number of connections on it. */
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { ConformanceService } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { acceptAuthentication, createMultiplexer, createServer, PROTOCOL, protovalidator } from "../../src/rpc";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { conformanceService } from "./conformance-service";
import { listenAt } from "./local-socket";
import { TOKEN } from "./token";

/** Serves at a path until the process ends. */
export async function serve(path: string): Promise<void> {
  const epoch = 7n;
  const server = createServer({
    build: "conformance-typescript 1",
    session: "conformance",
    epoch,
    validator: protovalidator(),
    onHandlerError: () => undefined,
  });
  server.register(ConformanceService, conformanceService());
  server.register(DiagnosticsService, diagnosticsService());
  await listenAt(path, (link) => {
    acceptAuthentication(link, TOKEN, { pid: process.pid, epoch }).then(
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
