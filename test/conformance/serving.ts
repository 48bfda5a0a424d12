import { ConformanceService } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { diagnosticsService } from "../../src/services/diagnostics/diagnostics-service";
import { acceptAt } from "./accepting";
import { conformanceService } from "./conformance-service";

/** The server of the corpus: serves at a path until the process ends. */
export async function serve(path: string): Promise<void> {
  await acceptAt(path, (server) => {
    server.register(ConformanceService, conformanceService());
    server.register(DiagnosticsService, diagnosticsService());
  });
}
