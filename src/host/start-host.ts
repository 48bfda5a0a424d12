/** Puts the host together: its server, the supervised worker, and the switch between them and the windows. */
import { randomUUID } from "node:crypto";
import { ApplicationService } from "../../gen/ts/macroscope/application/v1/application_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { SCHEMA_DIGEST } from "../../gen/ts/macroscope/schema-digest";
import { createServer, protovalidator, systemClock } from "../rpc";
import { applicationService } from "../services/application/application-service";
import { diagnosticsService } from "../services/diagnostics/diagnostics-service";
import type { HostSettings } from "./host-messages";
import { ProcessLauncher } from "./process-launcher";
import { Switchboard } from "./switchboard";
import { WorkerSupervisor } from "./worker-supervisor";

/**
 * Starts everything and returns the switch, to attach windows to.
 *
 * The worker is found or started at once, beside whatever the windows do.
 *
 * @param resume - a host before this one ended unasked.
 */
export function startHost(settings: HostSettings, resume = false): Switchboard {
  const server = createServer({
    build: `macroscope-host ${settings.version}`,
    session: randomUUID(),
    epoch: BigInt(Date.now()) * 1_000_000n,
    validator: protovalidator(),
  });
  const supervisor = new WorkerSupervisor(
    new ProcessLauncher(settings),
    {
      onRunning: ({ link }) => {
        switchboard.attachWorker(link);
      },
      onLost: () => {
        switchboard.detachWorker();
      },
    },
    systemClock,
    resume,
  );
  const switchboard = new Switchboard(server, () => supervisor.state);
  const facts = {
    version: settings.version,
    electronVersion: settings.electronVersion,
    platform: `${process.platform} ${process.arch}`,
    schemaDigest: SCHEMA_DIGEST,
    logDirectory: settings.logDirectory,
  };
  server.register(ApplicationService, applicationService(facts, supervisor));
  server.register(DiagnosticsService, diagnosticsService());
  supervisor.begin();
  return switchboard;
}
