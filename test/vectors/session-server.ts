import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { acceptAt } from "../conformance/accepting";

/** The server of the recorded sessions, with what 1.0 served already. */
export async function main(path: string): Promise<void> {
  await acceptAt(path, (server) => server.register(DiagnosticsService, diagnosticsService()));
}
