/** The bench's Electron main: runs what was chosen, round by round, and prints the samples. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { app, net, protocol } from "electron";
import { findPython } from "../../../src/main/python-environment";
import type { Sample } from "../cases";
import { type BenchOrder, ORDER_VARIABLE, RESULT_MARK } from "../marks";
import type { AddSample, Run } from "./run";
import { roundTrip } from "./runs/calls";
import { growthMessages } from "./runs/growth-messages";
import { growthWindows } from "./runs/growth-windows";
import { pausedWindow } from "./runs/paused";
import { peerRuns } from "./runs/peers";
import { stopUnderBulk, stopUnderFlood } from "./runs/stop";
import { hostToWindow, workerToWindow } from "./runs/streams";
import { Stage } from "./stage";

/** The bench is built into .cache/bench/app. */
const root = path.join(__dirname, "../../..");

/** Runs that share a number of windows, and how often both sides of each are measured. */
interface Group {
  readonly windows: number;
  readonly rounds: number;
  readonly runs: readonly Run[];
}

function groups(peerPython: string): readonly Group[] {
  return [
    {
      windows: 1,
      rounds: 7,
      runs: [
        hostToWindow,
        workerToWindow,
        roundTrip,
        ...peerRuns(root, peerPython),
        stopUnderFlood,
        stopUnderBulk,
        growthMessages,
      ],
    },
    { windows: 4, rounds: 5, runs: [pausedWindow] },
    { windows: 8, rounds: 5, runs: [growthWindows] },
  ];
}

/** A page apart from all others has a clock of 5 µs; any other, files too, has one of 100 µs. */
function servePages(): void {
  protocol.handle("bench", async (request) => {
    const file = path.join(__dirname, "../page", new URL(request.url).pathname);
    const answer = await net.fetch(pathToFileURL(file).href);
    const headers = new Headers(answer.headers);
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-embedder-policy", "require-corp");
    return new Response(answer.body, { headers });
  });
}

async function measure(cases: readonly string[], peerPython: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  const add: AddSample = (name, side, value) => samples.push({ case: name, side, value });
  const python = findPython(root, process.env, process.platform);
  const stage = new Stage({ userData: app.getPath("userData"), root, python });
  for (const { windows, rounds, runs } of groups(peerPython)) {
    const chosen = runs.filter((run) => run.cases.some((name) => cases.includes(name)));
    if (chosen.length === 0) continue;
    await stage.windows(windows);
    for (const run of chosen) await run.warmUp(stage);
    for (let round = 0; round < rounds; round += 1) {
      for (const run of chosen) await run.round(stage, round, add);
    }
    for (const run of chosen) run.close?.();
  }
  stage.close();
  return samples;
}

async function run(): Promise<void> {
  await app.whenReady();
  servePages();
  // The stage closes windows between its groups; that is not the end.
  app.on("window-all-closed", () => undefined);
  const { cases, peerPython } = JSON.parse(process.env[ORDER_VARIABLE] ?? "{}") as BenchOrder;
  const samples = await measure(cases, peerPython);
  // Not before the whole line is out: it is longer than a pipe holds.
  process.stdout.write(`${RESULT_MARK}${JSON.stringify(samples)}\n`, () => {
    app.quit();
  });
}

protocol.registerSchemesAsPrivileged([{ scheme: "bench", privileges: { standard: true, secure: true } }]);
run().catch((error: unknown) => {
  console.error(error);
  app.exit(1);
});
