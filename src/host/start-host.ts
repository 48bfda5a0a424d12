/** Puts the host together: its server, the supervised worker, and the switch between them and the windows. */
import { randomUUID } from "node:crypto";
import { ApplicationService, WorkerPhase } from "../../gen/ts/macroscope/application/v1/application_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { SCHEMA_DIGEST } from "../../gen/ts/macroscope/schema-digest";
import { CallLog, createServer, processTraffic, protovalidator, streamingMethods, systemClock } from "../rpc";
import { applicationService } from "../services/application/application-service";
import { diagnosticsService } from "../services/diagnostics/diagnostics-service";
import { HostLog } from "./host-log";
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
  const { write } = new HostLog(settings.logDirectory);
  const { onCall, onBehind } = new CallLog({
    write,
    isStream: streamingMethods([ApplicationService, DiagnosticsService]),
  });
  const server = createServer({
    build: `macroscope-host ${settings.version}`,
    session: randomUUID(),
    epoch: BigInt(Date.now()) * 1_000_000n,
    validator: protovalidator(),
    onCall,
    onBehind,
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
  const counts = () =>
    processTraffic({
      process: "host",
      traffic: [server.traffic],
      connections: server.connectionReports(),
      receivers: server.receivers(),
    });
  server.register(DiagnosticsService, diagnosticsService({ own: counts }));
  supervisor.subscribe(({ phase, pid, restartsInLastMinute, reason }) => {
    const lost = phase === WorkerPhase.RESTARTING || phase === WorkerPhase.GAVE_UP;
    const fields = { phase: WorkerPhase[phase], pid, restarts_in_last_minute: restartsInLastMinute, reason };
    write({ level: lost ? "warning" : "info", event: "worker", ...fields });
  });
  supervisor.begin();
  return switchboard;
}
