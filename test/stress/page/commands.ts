/** The commands of the stress test: mostly calls that do nothing, among them reads and changes of the camera. */
import type { Client } from "@connectrpc/connect";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { InstrumentClients } from "../../../src/mirror";
import { createClient } from "../../../src/rpc";
import type { ConnectedInstrument } from "../../../src/renderer/shared/connect-instrument";

/** A command of a kind; throws when the answer is to something else. */
export interface Command {
  readonly kind: string;
  run(number: number): Promise<void>;
}

function echo(kind: string, client: Client<typeof DiagnosticsService>): Command {
  return {
    kind,
    run: async (number) => {
      const payload = new Uint8Array(new Uint32Array([number, ~number]).buffer);
      const answer = await client.echo({ payload });
      if (answer.payload.some((byte, index) => byte !== payload[index])) throw new Error(`${kind}: another's answer`);
    },
  };
}

/** Sets the exposure, a little different each time; the camera's revision only grows. */
function configure(camera: InstrumentClients["camera"]): Command {
  let newest = 0n;
  return {
    kind: "configure",
    run: async (number) => {
      const { state } = await camera.configureCamera({ settings: { exposureUs: 5_000 + (number % 500) } });
      if (!state || state.revision < newest) throw new Error("configure: an older state than the one before");
      newest = state.revision;
    },
  };
}

function listing(camera: InstrumentClients["camera"]): Command {
  return {
    kind: "list",
    run: async () => {
      const { cameras } = await camera.listCameras({});
      if (cameras.length === 0) throw new Error("list: no cameras");
    },
  };
}

/** Which command is the one of this number: of a hundred, 90 echoes of the worker, 5 of the host, 3 reads, 2 changes. */
export function commandsOf({ channels, clients }: ConnectedInstrument): (number: number) => Command {
  const ofWorker = echo("echo-worker", createClient(DiagnosticsService, channels.worker.transport));
  const ofHost = echo("echo-host", createClient(DiagnosticsService, channels.host.transport));
  const [read, change] = [listing(clients.camera), configure(clients.camera)];
  return (number) => {
    const place = number % 100;
    if (place % 50 === 25) return change;
    if (place % 33 === 7) return read;
    return place % 20 === 3 ? ofHost : ofWorker;
  };
}
