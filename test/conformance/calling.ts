/** The client of the conformance tests: one connection a case. */
import { createInterface } from "node:readline";
import { toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { HelloSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { authenticate, type Channel, createChannel, createMultiplexer, PROTOCOL, protovalidator } from "../../src/rpc";
import { CaseRun, outcome } from "./case-run";
import { caseFiles, type ConformanceCase, type Observation } from "./corpus";
import { dialSocket } from "./local-socket";
import { TOKEN } from "./token";

/** A case, and where the server is that it is run against. */
export interface Task {
  readonly path: string;
  readonly case: ConformanceCase;
}

let runs = 0;

/** Runs the corpus against a path; or, without one, what standard input says: one task a line. Prints one observation a line. */
export async function call(path: string | undefined): Promise<void> {
  if (path === undefined) {
    for await (const line of createInterface({ input: process.stdin })) {
      await print(JSON.parse(line) as Task);
    }
    return;
  }
  for (const { cases } of caseFiles()) {
    for (const conformanceCase of cases) {
      await print({ path, case: conformanceCase });
    }
  }
}

async function print(task: Task): Promise<void> {
  console.log(JSON.stringify(await observe(task)));
}

async function observe({ path, case: conformanceCase }: Task): Promise<Observation> {
  const { name, client = {} } = conformanceCase;
  try {
    const link = await dialSocket(path);
    await authenticate(link, TOKEN);
    const multiplexer = createMultiplexer(link);
    const { major = PROTOCOL.major, minor = PROTOCOL.minor } = client;
    const since = performance.now();
    const channel = createChannel({
      dial: () => multiplexer.open({ target: "", role: roleOf(client.connectionRole), label: name }),
      label: name,
      role: roleOf(client.role),
      build: "conformance-client-typescript 1",
      validator: protovalidator(),
      limits: { ...PROTOCOL, major, minor },
    });
    try {
      const { error } = await settled(channel);
      if (error !== undefined) {
        return { name, refused: { ...outcome(error), durationMs: performance.now() - since }, calls: [] };
      }
      const run = new CaseRun(channel, conformanceCase, `typescript ${process.pid} ${++runs} ${name}`);
      return { name, hello: helloOf(channel), calls: await run.run() };
    } finally {
      channel.close();
      multiplexer.close("The case is over.");
    }
  } catch (error) {
    return { name, calls: [], fault: String(error instanceof Error ? error.stack : error) };
  }
}

/** The channel's first state that is not a beginning. */
function settled(channel: Channel): Promise<Channel["state"]> {
  return new Promise((resolve) => {
    const look = () => {
      if (channel.state.phase !== "connecting") {
        stop();
        resolve(channel.state);
      }
    };
    const stop = channel.subscribe(look);
    look();
  });
}

function helloOf({ state: { server } }: Channel): JsonObject {
  const { build = "", session = "", epoch = 0n, role = Role.UNSPECIFIED } = server ?? {};
  return toJson(HelloSchema, {
    $typeName: "macroscope.rpc.v1.Hello",
    protocolMajor: 0,
    protocolMinor: 0,
    schemaDigest: "",
    token: "",
    label: "",
    build,
    session,
    epoch,
    role,
  }) as JsonObject;
}

function roleOf(name = "ROLE_HOST"): Role {
  return Role[name.replace("ROLE_", "") as keyof typeof Role];
}
