/** What a client does in a recorded session; python/tests/conformance/session.py does the same. Only what 1.0 has. */
import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { authenticate, createChannel, createClient, createMultiplexer, streamCredit } from "../../src/rpc";
import type { Channel } from "../../src/rpc";
import { dialSocket } from "../conformance/local-socket";
import { TOKEN } from "../conformance/token";

/** How one call of a session came out. */
export interface SessionCall {
  readonly step: string;
  /** "OK" or one of the 16. */
  readonly code: string;
  readonly answers: number;
  /** Of payloads and tails. */
  readonly bytes: number;
}

const LARGER_THAN_WHOLE_BYTES = 1_300_000;
/** After this both ends have asked for the other's clock at least once. */
const IDLE_MS = 2_300;

/** Runs the session against the server at a path. */
export async function session(path: string): Promise<SessionCall[]> {
  const link = await dialSocket(path);
  await authenticate(link, TOKEN);
  const multiplexer = createMultiplexer(link);
  const channel = createChannel({
    dial: () => multiplexer.open({ target: "", role: Role.OPERATOR, label: "recorded" }),
    label: "recorded",
    role: Role.OPERATOR,
    build: "recorded-typescript 1",
  });
  try {
    return await calls(channel);
  } finally {
    channel.close();
    multiplexer.close("The session is over.");
  }
}

/** Prints how the session came out. */
export async function main(path: string): Promise<void> {
  console.log(JSON.stringify(await session(path)));
}

async function calls(channel: Channel): Promise<SessionCall[]> {
  const client = createClient(DiagnosticsService, channel.transport);
  const payload = Uint8Array.of(1, 2, 3, 4, 5);
  const done: SessionCall[] = [];
  const step = async (name: string, answers: () => AsyncIterable<Uint8Array>) => {
    done.push(await outcome(name, answers));
  };
  const credit = (messages: number, bytes: number) =>
    createContextValues().set(streamCredit, { messages, bytes });

  await step("echo", async function* () {
    yield (await client.echo({ payload })).payload;
  });
  await step("echo with metadata and a deadline", async function* () {
    yield (await client.echo({ payload }, { headers: { "x-reason": "recording" }, timeoutMs: 4000 })).payload;
  });
  await step("a request that breaks a rule", async function* () {
    for await (const { block } of client.flood({ messages: 0, messageBytes: 10 })) yield block;
  });
  await step("a stream with little credit", async function* () {
    const options = { contextValues: credit(3, 65536) };
    for await (const { block } of client.flood({ messages: 12, messageBytes: 100 }, options)) yield block;
  });
  await step("a stream of large messages", async function* () {
    const request = { messages: 2, messageBytes: LARGER_THAN_WHOLE_BYTES };
    for await (const { block } of client.flood(request)) yield block;
  });
  await step("a stream that is left", async function* () {
    const options = { contextValues: credit(2, 65536) };
    let left = 2;
    for await (const { block } of client.flood({ messages: 1000, messageBytes: 10 }, options)) {
      yield block;
      if (--left === 0) return;
    }
  });
  await step("a stream that nobody takes", async function* () {
    // Long enough for the first answer on a machine that is busy.
    const options = { contextValues: credit(1, 65536), timeoutMs: 1500 };
    const stream = client.flood({ messages: 5, messageBytes: 10 }, options)[Symbol.asyncIterator]();
    await new Promise((resolve) => setTimeout(resolve, 1800));
    for (let next = await stream.next(); next.done !== true; next = await stream.next()) yield next.value.block;
  });
  await step("a method that nobody serves", async function* () {
    const other = createClient(renamed(), channel.transport) as unknown as typeof client;
    yield (await other.echo({ payload })).payload;
  });
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return done;
}

async function outcome(step: string, answers: () => AsyncIterable<Uint8Array>): Promise<SessionCall> {
  let count = 0;
  let bytes = 0;
  try {
    for await (const answer of answers()) {
      count += 1;
      bytes += answer.length;
    }
    return { step, code: "OK", answers: count, bytes };
  } catch (error) {
    const name = Code[ConnectError.from(error).code];
    const code = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
    return { step, code, answers: count, bytes };
  }
}

/** The service under a name that nobody serves. */
function renamed(): DescService {
  const service: DescService = { ...DiagnosticsService, typeName: "macroscope.nowhere.v1.NowhereService", methods: [] };
  service.methods.push(...DiagnosticsService.methods.map((method) => ({ ...method, parent: service })));
  return service;
}
