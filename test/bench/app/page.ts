/** The bench's page: runs each case by the product and by the bare side in turn, several rounds, and returns every sample. */
import { type Client, createContextValues } from "@connectrpc/connect";
import { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { messagePortLink } from "../../../src/links";
import { createChannel, createClient, createMultiplexer, streamCredit } from "../../../src/rpc";
import type { Sample } from "../cases";
import type { BareRequest } from "./bare";

const MESSAGE_BYTES = 1_048_576;
const MESSAGES = 300;
/** As many messages travel at once. */
const IN_FLIGHT = 4;
/** The same for the product: a bulk reader asks for a larger window than a preview has. */
const CREDIT = { messages: IN_FLIGHT, bytes: IN_FLIGHT * MESSAGE_BYTES };
const ROUND_TRIPS = 1500;
const ROUNDS = 7;

function ports(): Promise<readonly MessagePort[]> {
  return new Promise((resolve) => {
    window.addEventListener("message", (event) => {
      if (event.data === "bench:ports") resolve(event.ports);
    });
    window.postMessage("bench:ask", "*");
  });
}

const megabytesPerSecond = (startMs: number): number =>
  (MESSAGES * MESSAGE_BYTES) / 1e6 / ((performance.now() - startMs) / 1000);

function percentiles(timesMs: number[]): { p50Us: number; p99Us: number } {
  const sorted = Float64Array.from(timesMs).sort();
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN) * 1000;
  return { p50Us: at(0.5), p99Us: at(0.99) };
}

type DiagnosticsClient = Client<typeof DiagnosticsService>;

async function flood(client: DiagnosticsClient): Promise<number> {
  const start = performance.now();
  let received = 0;
  const request = { messageBytes: MESSAGE_BYTES, messages: MESSAGES };
  for await (const { block } of client.flood(request, {
    contextValues: createContextValues().set(streamCredit, CREDIT),
  }))
    received += block.length;
  if (received !== MESSAGES * MESSAGE_BYTES) throw new Error(`${String(received)} bytes arrived`);
  return megabytesPerSecond(start);
}

function bareStream(port: MessagePort, kind: "hop" | "chain"): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    let received = 0;
    port.onmessage = () => {
      received += 1;
      port.postMessage({ kind: "ack" } satisfies BareRequest);
      if (received === MESSAGES) resolve(megabytesPerSecond(start));
    };
    port.postMessage({
      kind,
      messages: MESSAGES,
      bytes: MESSAGE_BYTES,
      inFlight: IN_FLIGHT,
    } satisfies BareRequest);
  });
}

async function echoes(client: DiagnosticsClient): Promise<number[]> {
  const payload = new Uint8Array(64);
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i += 1) {
    const start = performance.now();
    await client.echo({ payload });
    times.push(performance.now() - start);
  }
  return times;
}

async function bareEchoes(port: MessagePort): Promise<number[]> {
  const payload = new Uint8Array(64);
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i += 1) {
    const start = performance.now();
    await new Promise((resolve) => {
      port.onmessage = resolve;
      port.postMessage(payload);
    });
    times.push(performance.now() - start);
  }
  return times;
}

/** Runs `first` and `second`, changing who goes first from round to round. */
async function inTurn(round: number, first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  const [a, b] = round % 2 === 0 ? [first, second] : [second, first];
  await a();
  await b();
}

async function run(): Promise<Sample[]> {
  if (!crossOriginIsolated) throw new Error("The page's clock is too coarse: it is not cross-origin isolated.");
  const [product, bare] = await ports();
  if (!product || !bare) throw new Error("no ports");
  const multiplexer = createMultiplexer(messagePortLink(product));
  const clientOf = async (target: string) => {
    const channel = createChannel({
      dial: () => multiplexer.open({ target, role: Role.OPERATOR, label: "bench" }),
      label: "bench",
      role: Role.OPERATOR,
      build: "bench",
    });
    await new Promise<void>((resolve) => {
      channel.subscribe(({ phase }) => {
        if (phase === "live") resolve();
      });
    });
    return createClient(DiagnosticsService, channel.transport);
  };
  const host = await clientOf("host");
  const worker = await clientOf("worker");

  const samples: Sample[] = [];
  const add = (name: string, side: Sample["side"], value: number) => samples.push({ case: name, side, value });
  // Warm both sides up: code is compiled, buffers are there, the worker answers.
  await flood(host);
  await flood(worker);
  await bareStream(bare, "hop");
  await bareStream(bare, "chain");
  await echoes(worker);
  await bareEchoes(bare);

  for (let round = 0; round < ROUNDS; round += 1) {
    await inTurn(
      round,
      async () => void add("host-to-window", "ours", await flood(host)),
      async () => void add("host-to-window", "reference", await bareStream(bare, "hop")),
    );
    await inTurn(
      round,
      async () => {
        const rate = await flood(worker);
        add("worker-to-window", "ours", rate);
        add("worker-to-window-chain", "ours", rate);
      },
      async () => {
        add("worker-to-window", "reference", await bareStream(bare, "hop"));
        add("worker-to-window-chain", "reference", await bareStream(bare, "chain"));
      },
    );
    await inTurn(
      round,
      async () => {
        const { p50Us, p99Us } = percentiles(await echoes(worker));
        add("round-trip", "ours", p50Us);
        add("round-trip-p99", "ours", p99Us);
      },
      async () => {
        const { p50Us, p99Us } = percentiles(await bareEchoes(bare));
        add("round-trip", "reference", p50Us);
        add("round-trip-p99", "reference", p99Us);
      },
    );
  }
  return samples;
}

declare global {
  interface Window {
    macroscopeBench: () => Promise<Sample[]>;
  }
}

window.macroscopeBench = run;
