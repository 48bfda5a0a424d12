/**
 * Asks a worker for a value that no page would send, and prints what it says of it, and what a form would show: a program that scripts/prove-field.mjs runs
 * in a copy of the checkout, with a path and a value.
 */
import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import {
  ConfigurationService,
  UpdateConfigurationRequestSchema,
} from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { ConfigurationSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { configurationControls, configurationReasons } from "../../src/mirror";
import { toCommandError } from "../../src/mirror/command-error";
import { buildMessage } from "../../src/mirror/parameter-values";
import { createClient } from "../../src/rpc";
import { WorkerUnderTest } from "../support/running-worker";

const [path = "", value = ""] = process.argv.slice(2);
const worker = await WorkerUnderTest.start();
try {
  const configuration = createClient(ConfigurationService, worker.channel().transport);
  const request = create(UpdateConfigurationRequestSchema, {
    configuration: buildMessage(ConfigurationSchema, { [path]: Number(value) }),
    paths: [path],
    baseRevision: await revision(configuration),
  });
  const error = await configuration.updateConfiguration(request).then(
    () => null,
    (thrown: unknown) => toCommandError(thrown),
  );
  const shown = configurationReasons(error, configurationControls({}))[path] ?? "";
  console.log(JSON.stringify({ code: error?.code ?? "taken", shown, message: error?.message ?? "" }));
} finally {
  await worker.stop();
}
process.exit(0);

/** The configuration's revision now. */
async function revision(client: Client<typeof ConfigurationService>): Promise<bigint> {
  const call = new AbortController();
  for await (const { state } of client.watchConfiguration({}, { signal: call.signal })) {
    call.abort();
    return state?.revision ?? 0n;
  }
  return 0n;
}
